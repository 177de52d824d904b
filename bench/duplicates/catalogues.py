"""The three catalogues whose pairs are labelled, as drafts."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from bench.real_sources import DESCRIBED, MANUALS, TABLE, stanzas
from catalogue.errors import BadItem
from catalogue.model import Draft, ItemKey, Kind
from config.sources import load_sources
from connectors.base import Found
from connectors.registry import open_connector

BOOKS = "free-programming-books"
_LINK = re.compile(r"^\s*[*-] \[([^\]]+)\]\(([^)\s]+)\)(?:\s*[-–—]\s*([^(\n]*))?", re.M)
_LANGUAGE = re.compile(r"-([a-z]{2}(?:_[A-Z]{2})?)\.md$")
_NOT_IN_NAMES = re.compile(r"[^\w\s.,&'-]")
_BETWEEN_NAMES = re.compile(r",|&| and ")


def drafts() -> Mapping[ItemKey, Draft]:
    specs = load_sources(DESCRIBED)
    found: dict[ItemKey, Draft] = {}
    for name in (MANUALS, TABLE):
        connector = open_connector(specs[name])
        for event in connector.pull({}):
            if isinstance(event, Found):
                with suppress(BadItem):  # a row without a title
                    found[ItemKey(name, event.key)] = connector.normalise(event.payload)
    folder = Path(stanzas()[TABLE]["settings"]["path"]).parent.parent / BOOKS
    return found | dict(links(folder))


def links(folder: Path) -> Iterator[tuple[ItemKey, Draft]]:
    """Every link of the lists as an item: title, address, authors, the list's language."""
    for file in sorted(folder.rglob("*.md")):
        language = _LANGUAGE.search(file.name)
        for match in _LINK.finditer(file.read_text(encoding="utf-8")):
            title, url = match[1].strip(), match[2]
            if not url.startswith("#"):
                yield (
                    ItemKey(BOOKS, f"{file.relative_to(folder)}#{url}"),
                    Draft(
                        title,
                        url,
                        kind=Kind.BOOK,
                        authors=authors(match[3] or ""),
                        language=language[1].replace("_", "-") if language else "en",
                    ),
                )


def authors(text: str) -> tuple[str, ...]:
    names = (_NOT_IN_NAMES.sub("", name).strip() for name in _BETWEEN_NAMES.split(text))
    return tuple(name for name in names if name)
