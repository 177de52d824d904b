"""The files of a package that its units show."""

import posixpath
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

from catalogue.errors import BadItem
from catalogue.model import Json
from connectors.extract.document import MAX_TEXT, Document, to_json
from connectors.extract.formats import format_of, read
from connectors.extract.text import decode
from connectors.extract.web import fragment
from connectors.formats.archives import Archive
from connectors.formats.xml import parse

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_HTML = re.compile(r"\.x?html?$", re.IGNORECASE)
_TEMPLATE = re.compile(
    r"""<script[^>]*type\s*=\s*["']text/(?:x-)?(?:template|html|handlebars)[^>]*>(.*?)</script>""",
    re.IGNORECASE | re.DOTALL,
)
_NO_UNIT = re.compile(r"\.(txt|xlsx|rst)(\.gz)?$", re.IGNORECASE)  # notes and data beside pages


class Pages:
    """Reads each file of a package once; `unread` says which failed, and why."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.unread: list[str] = []
        self._names = {name.lower(): name for name in archive.sizes}
        self._done: set[str] = set()
        self._room = MAX_TEXT

    def find(self, href: str, base: str = "") -> str:
        """The member that a reference means, else "". Packages made on Windows differ in case."""
        if _ADDRESS.match(href):
            return ""
        path = posixpath.normpath(posixpath.join(base, unquote(urlsplit(href).path)))
        return path if path in self.archive.sizes else self._names.get(path.lower(), "")

    def documents(self, names: Iterable[str]) -> tuple[Json, ...]:
        """What the members say that were not read before."""
        fresh = [n for n in dict.fromkeys(names) if n and n not in self._done and _is_page(n)]
        self._done.update(fresh)
        return tuple(to_json(found) for name in fresh if (found := self._document(name)))

    def xml(self, name: str) -> Any:
        """A member's root element. Raises BadItem naming the member."""
        data = self.archive.read(name)
        try:
            return parse(data)
        except BadItem as error:
            raise BadItem(f"has an {name} that {error}") from error

    def _document(self, name: str) -> Document | None:
        try:
            data = self.archive.read(name)
            document = templated(data) if _HTML.search(name) else None
            document = document or read(name, data)
        except BadItem as error:
            self.unread.append(f"{name} {error}")
            return None
        self._room -= sum(len(part.text) for part in document.parts)
        if self._room < 0:
            raise BadItem(f"holds more than {MAX_TEXT:,} characters of text; split it")
        return document


def templated(data: bytes) -> Document | None:
    """The text of a page that a script fills from templates in it; None for other pages.

    Around them there is nothing but buttons and notices.
    """
    found = [fragment(markup) for markup in _TEMPLATE.findall(decode(data))]
    parts = tuple(p for template in found for p in template if p.text)
    return Document(parts=parts) if parts else None


def _is_page(name: str) -> bool:
    return format_of(name) is not None and not _NO_UNIT.search(name)
