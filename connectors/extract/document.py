"""What a file says, whatever its format. Plain values that survive JSON."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from catalogue.errors import BadItem
from catalogue.model import Draft, Kind, Locator, Part, Place

MAX_TEXT = 20_000_000  # characters; the longest manual seen, of 193 pages, has 0.5 million
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(r"[^\S\n]+")
_GAPS = re.compile(r" ?\n ?")
_BLANKS = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Document:
    """A file's text by its own places, with what the file says of itself.

    `title` is empty and `language` None where the file names none. Dates are aware and in UTC.
    """

    title: str = ""
    language: str | None = None
    summary: str = ""
    authors: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    parts: tuple[Part, ...] = ()


def tidy(text: str) -> str:
    """Text without control characters, with single spaces and at most one blank line in a row."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _BLANKS.sub("\n\n", _GAPS.sub("\n", _SPACES.sub(" ", text))).strip()


def line(text: str) -> str:
    """Text on one line, as a title or a heading."""
    return " ".join(_CONTROL.sub("", text).split())


def words(values: Iterable[object]) -> tuple[str, ...]:
    """Names or keywords, some of them several in one string, without the empty and repeated."""
    split = (line(word) for value in values for word in re.split("[,;]", str(value)))
    return tuple(dict.fromkeys(word for word in split if word))


def utc(moment: datetime | None) -> datetime | None:
    """An aware moment in UTC; formats that know no time zone mean UTC."""
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def iso_date(text: str) -> datetime | None:
    """A date as ISO 8601 writes it, or None for anything else."""
    try:
        return utc(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError):
        return None


def part(text: str, place: Place | None = None, value: str = "", heading: str = "") -> Part:
    locator = Locator(place, value) if place and value else None
    return Part(tidy(text), locator, line(heading))


def checked(document: Document) -> Document:
    """The document without its empty parts. Raises BadItem where no text or too much is left."""
    parts = tuple(p for p in document.parts if p.text)
    if not parts:
        raise BadItem("holds no text")
    if sum(len(p.text) for p in parts) > MAX_TEXT:
        raise BadItem(f"holds more than {MAX_TEXT:,} characters of text; split it")
    return replace(
        document, title=line(document.title), summary=tidy(document.summary), parts=parts
    )


def drafted(document: Document, title: str, url: str, kind: Kind) -> Draft:
    """The file as a learning resource; `title` is for the file that names none."""
    from connectors.vocabulary import Vocabulary  # a quarter of a reading process's start

    said = Vocabulary()
    return Draft(
        title=document.title or title,
        url=url,
        kind=kind,
        summary=document.summary,
        language=said.language(document.language),
        authors=document.authors,
        published=document.published,
        updated=document.updated,
        subjects=document.subjects,
        parts=document.parts,
        unmapped=said.unmapped,
    )


def to_json(document: Document) -> dict[str, Any]:
    """The document as JSON values, without what is empty."""
    value = asdict(document)
    for name in ("published", "updated"):
        value[name] = value[name].isoformat() if value[name] else None
    value["parts"] = [_part_to_json(p) for p in document.parts]
    return {name: list(v) if isinstance(v, tuple) else v for name, v in value.items() if v}


def from_json(value: dict[str, Any]) -> Document:
    filled: dict[str, Any] = dict(value)
    for name in ("published", "updated"):
        filled[name] = datetime.fromisoformat(filled[name]) if name in filled else None
    for name in ("authors", "subjects"):
        filled[name] = tuple(filled.get(name, ()))
    filled["parts"] = tuple(_part_from_json(p) for p in value.get("parts", ()))
    return Document(**filled)


def _part_to_json(value: Part) -> dict[str, str]:
    place = {"place": value.locator.place, "at": value.locator.value} if value.locator else {}
    return {"text": value.text, "heading": value.heading, **place}


def _part_from_json(value: dict[str, str]) -> Part:
    locator = Locator(Place(value["place"]), value["at"]) if "place" in value else None
    return Part(value["text"], locator, value["heading"])
