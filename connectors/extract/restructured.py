"""reStructuredText by section, through docutils. No file is included, no raw HTML let through.

Roles and directives that docutils lacks, such as Sphinx has, give their text.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

from catalogue.model import Part, Place
from connectors.extract.document import Document, iso_date, line, part, words
from connectors.extract.text import decode

_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 5,
    "halt_level": 6,
    "syntax_highlight": "none",
    "smart_quotes": False,
    "line_length_limit": 100_000,
    "doctitle_xform": True,
    "sectsubtitle_xform": False,
    "warning_stream": False,
}
_HIDDEN = ("comment", "substitution_definition", "system_message", "target", "raw", "meta")
_TARGET = re.compile(r"(.+?)\s*<[^<>]+>$", re.S)  # `text <target>`
_ROLE = re.compile(r"(?<!\w):([a-zA-Z][\w:+.-]*):`")
_DIRECTIVE = re.compile(r"^[ \t]*\.\.[ \t]+([a-zA-Z][\w:+.-]*)::", re.M)
_LISTINGS = ("code", "code-block", "sourcecode")  # those of Sphinx have options of their own
_SILENT = {  # directives of Sphinx that hold no text for a reader
    "toctree", "index", "automodule", "autoclass", "autofunction", "highlight", "currentmodule",
    "module", "literalinclude", "only", "tabularcolumns", "sectionauthor", "codeauthor",
}  # fmt: skip


def read(data: bytes) -> Document:
    from docutils import nodes
    from docutils.core import publish_doctree

    text = decode(data)
    _know_words(text)
    tree = publish_doctree(text, settings_overrides=dict(_SETTINGS))
    info = {name: text for node in tree.findall(nodes.docinfo) for name, text in _fields(node)}
    language = info.get("language", "") or info.get("lang", "")
    return Document(
        title=line(tree.get("title", "")),
        language=language or None,
        summary=info.get("abstract", "") or info.get("description", ""),
        authors=words([info.get("author", ""), info.get("authors", "")]),
        subjects=words([info.get("keywords", "") or info.get("tags", "")]),
        updated=iso_date(info.get("date", "")),
        parts=tuple(_sections(tree)),
    )


def _fields(docinfo: Any) -> Iterator[tuple[str, str]]:
    for node in docinfo.children:
        if node.tagname == "field":
            yield node[0].astext().lower(), node[1].astext()
        else:
            yield node.tagname, ", ".join(c.astext() for c in node.children)


def _sections(root: Any) -> Iterator[Part]:
    """The text of each section apart from those within it. Without recursion, as files may nest."""
    pending = [root]
    while pending:
        section = pending.pop()
        inner = [node for node in section.children if node.tagname == "section"]
        heading, pieces = "", list[str]()
        for node in section.children:
            if node.tagname == "title":
                heading = line(node.astext())
            elif node.tagname not in ("section", "docinfo", "subtitle"):
                pieces.append(_text(node))
        identifier = next(iter(section.get("ids", ())), "")
        yield part("\n\n".join(filter(None, pieces)), Place.ANCHOR, identifier, heading)
        pending += reversed(inner)


def _text(node: Any) -> str:
    if node.tagname in _HIDDEN:
        return ""
    if not node.children or all(child.tagname == "#text" for child in node.children):
        return str(node.astext())
    between = "" if node.tagname in ("paragraph", "term", "title", "line") else "\n"
    pieces = (str(c) if c.tagname == "#text" else _text(c) for c in node.children)
    return between.join(filter(None, pieces))


def _know_words(text: str) -> None:
    """Let the text's unknown roles and directives be read. docutils keeps them per process."""
    from docutils.parsers.rst import directives, roles
    from docutils.utils import new_document

    en: Any = import_module("docutils.parsers.rst.languages.en")
    document = new_document("")
    document.settings.report_level = 5
    for name in {n.lower() for n in _ROLE.findall(text)}:
        if roles.role(name, en, 0, document.reporter)[0] is None:
            roles.register_local_role(name, _role)
    for name in {n.lower() for n in _DIRECTIVE.findall(text)}:
        if name in _LISTINGS or directives.directive(name, en, document)[0] is None:
            directives.register_directive(name, _content())


def _role(name: str, raw: str, text: str, *_: Any, **__: Any) -> tuple[list[Any], list[Any]]:
    from docutils import nodes

    named = _TARGET.match(text)
    return [nodes.inline(raw, named[1] if named else text.lstrip("~!"))], []


class _AnyOption(dict[str, Any]):
    def __missing__(self, name: str) -> Any:
        return lambda value: value


@cache
def _content() -> type[Any]:
    from docutils import nodes
    from docutils.parsers.rst import Directive

    class Content(Directive):
        """What an unknown directive holds, under its argument."""

        optional_arguments, final_argument_whitespace, has_content = 1, True, True
        option_spec = _AnyOption(name=str)

        def run(self) -> list[Any]:
            held = nodes.container()
            if self.name in _LISTINGS:
                held += nodes.literal_block("", "\n".join(self.content))
            elif self.name.rpartition(":")[2] not in _SILENT:
                held += [nodes.paragraph("", a) for a in self.arguments]
                self.state.nested_parse(self.content, self.content_offset, held)
            return [held]

    return Content
