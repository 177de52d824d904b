"""Units of a course (pages, files, activities) as parts that each open at their own place."""

from collections.abc import Iterable, Iterator
from typing import Any

from catalogue.model import Locator, Part, Place
from connectors.extract import MIME_SUFFIXES, format_of, from_json
from connectors.extract.web import fragment


def readable(name: str, media_type: str = "") -> str | None:
    """A file's name, with the suffix of its type where it has none; None if it has no text."""
    suffixed = name if format_of(name) else name + MIME_SUFFIXES.get(media_type, "")
    return suffixed if format_of(suffixed) else None


def unit_parts(
    place: Locator, name: str, described: str, documents: Iterable[dict[str, Any]]
) -> Iterator[Part]:
    """A unit's description, or else its name, and the text of its files."""
    texts = list(documents)
    if described or not texts:
        yield Part(described or name, place, name)
    for text in texts:
        for part in from_json(text).parts:
            yield Part(part.text, place, _heading(name, part))


def page_parts(place: Locator, name: str, markup: str) -> Iterator[Part]:
    """A page's text by heading, all of it at the page's own address."""
    found = [Part(p.text, place, _heading(name, p)) for p in fragment(markup) if p.text]
    yield from found or [Part(name, place, name)]


def _heading(unit: str, part: Part) -> str:
    """As "Slides: slide 3" or "Safety at work: Ladders"."""
    paged = part.locator and part.locator.place in (Place.PAGE, Place.SLIDE, Place.SHEET)
    inner = str(part.locator) if paged else part.heading
    return unit if inner in ("", unit) else f"{unit}: {inner}"
