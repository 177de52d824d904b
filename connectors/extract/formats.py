"""Which reader reads which file, by its name."""

from importlib import import_module
from pathlib import PurePosixPath
from typing import NamedTuple

from catalogue.errors import BadItem
from catalogue.model import Kind
from connectors.extract.document import Document, checked
from connectors.formats.archives import gunzip


class Format(NamedTuple):
    """`module` and `function` are imported when first needed: some are heavy."""

    kind: Kind
    module: str
    function: str = "read"


_BY_SUFFIX = {
    ".pdf": Format(Kind.MANUAL, "pdf"),
    ".docx": Format(Kind.DOCUMENT, "office", "read_docx"),
    ".pptx": Format(Kind.DOCUMENT, "office", "read_pptx"),
    ".xlsx": Format(Kind.DOCUMENT, "sheets"),
    ".epub": Format(Kind.BOOK, "epub"),
    ".html": Format(Kind.MANUAL, "web"),
    ".htm": Format(Kind.MANUAL, "web"),
    ".xhtml": Format(Kind.MANUAL, "web"),
    ".md": Format(Kind.DOCUMENT, "markdown"),
    ".markdown": Format(Kind.DOCUMENT, "markdown"),
    ".adoc": Format(Kind.DOCUMENT, "asciidoc"),
    ".asciidoc": Format(Kind.DOCUMENT, "asciidoc"),
    ".rst": Format(Kind.DOCUMENT, "restructured"),
    ".txt": Format(Kind.DOCUMENT, "text"),
}
MIME_SUFFIXES = {
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
}


def format_of(name: str) -> Format | None:
    """The format of a file of this name, also where it is compressed (`.gz`); None if unknown."""
    path = PurePosixPath(name.lower())
    return _BY_SUFFIX.get((path.with_suffix("") if path.suffix == ".gz" else path).suffix)


def read(name: str, data: bytes) -> Document:
    """What the file says. Raises BadItem, whose text goes after the file's name."""
    form = format_of(name)
    if form is None:
        raise BadItem("is of a type that cannot be read")
    if name.lower().endswith(".gz"):
        data = gunzip(data)
    reader = getattr(import_module(f"connectors.extract.{form.module}"), form.function)
    document: Document = checked(reader(data))
    return document
