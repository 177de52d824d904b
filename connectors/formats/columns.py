"""Which column of a table means what, and a row read by that."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import BeforeValidator, Field

from catalogue.errors import BadItem
from catalogue.model import Delivery, Draft, Kind, Level, Part
from connectors.base import Config

Names = Annotated[tuple[str, ...], BeforeValidator(lambda v: (v,) if isinstance(v, str) else v)]
Cells = Mapping[str, str]
E = TypeVar("E", bound=StrEnum)
_HOURS = re.compile(r"(?:(\d+):)?(\d+):(\d\d)")


def _column(of: str) -> Names:
    names: Names = Field((), description=f"Column, or several, of the {of}.")
    return names


class Columns(Config):
    """Which column, or which several in their order, a field is read from."""

    title: Names = Field(min_length=1, description="Column of the title.")
    url: Names = Field(min_length=1, description="Column of the complete address.")
    summary: Names = _column("summary")
    text: Names = _column("item's own text, each a part of its own")
    subjects: Names = _column("subjects or keywords")
    skills: Names = _column("skills")
    authors: Names = _column("authors or teachers")
    audience: Names = _column("audience")
    prerequisites: Names = _column("prerequisites")
    provider: Names = _column("provider")
    language: Names = _column("language, as a BCP 47 tag")
    kind: Names = _column("kind of resource")
    level: Names = _column("level")
    delivery: Names = _column("delivery mode")
    duration: Names = _column("duration: a number of `duration_unit`, or h:mm:ss")
    published: Names = _column("date of publication")
    updated: Names = _column("date of the last change")
    licence: Names = _column("licence")
    cost: Names = _column("cost, as a number")
    currency: Names = _column("currency, as ISO 4217 codes it")
    image: Names = _column("address of a picture")

    def all(self) -> list[str]:
        return [name for field in type(self).model_fields for name in getattr(self, field)]


class Reading(Config):
    """How the cells of the columns are to be understood."""

    columns: Columns = Field(description="Which column means what.")
    kind: Kind = Field(Kind.COURSE, description="What the rows are, unless a column says it.")
    values: Mapping[str, Mapping[str, str]] = Field(
        {}, description="By field: what the table's own words for kind, level or delivery mean."
    )
    split: str = Field("", description="What separates several values in one cell, such as `;`.")
    html: bool = Field(False, description="Whether cells hold HTML, which is turned into text.")
    date_format: str = Field("", description="As in strptime, `%d.%m.%Y`; else ISO 8601. In UTC.")
    duration_unit: int = Field(60, gt=0, description="Seconds in one unit of the duration column.")

    def draft(self, cells: Cells, plain: Callable[[str], str]) -> Draft:
        """Raises BadItem for a row without a title or a complete address, or with a bad date."""
        row = _Row(self, cells, plain)
        return Draft(
            title=row.required("title"),
            url=row.address(),
            kind=row.one_of(Kind, "kind") or self.kind,
            summary=row.joined("summary"),
            language=(row.many("language") or (None,))[0],
            provider=row.joined("provider"),
            authors=row.many("authors"),
            published=row.moment("published"),
            updated=row.moment("updated"),
            duration=row.seconds("duration"),
            level=row.one_of(Level, "level"),
            delivery=row.one_of(Delivery, "delivery"),
            licence=row.joined("licence"),
            cost=row.number("cost"),
            currency=row.joined("currency").upper(),
            image=row.joined("image"),
            subjects=row.many("subjects"),
            skills=row.many("skills"),
            prerequisites=row.many("prerequisites"),
            audience=", ".join(row.many("audience")),
            parts=tuple(Part(text) for text in row.texts("text")),
        )


class _Row:
    def __init__(self, reading: Reading, cells: Cells, plain: Callable[[str], str]) -> None:
        self.reading, self.cells, self.plain = reading, cells, plain

    def texts(self, field: str) -> list[str]:
        cells = (self.cells.get(name, "") for name in getattr(self.reading.columns, field))
        texts = (self.plain(cell) if self.reading.html else cell.strip() for cell in cells)
        return [text for text in texts if text]

    def joined(self, field: str) -> str:
        return "\n\n".join(self.texts(field))

    def many(self, field: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_split(self.texts(field), self.reading.split)))

    def required(self, field: str) -> str:
        text = " ".join(self.joined(field).split())
        if not text:
            raise BadItem(f"no {field} in {', '.join(getattr(self.reading.columns, field))}")
        return text

    def address(self) -> str:
        url = self.required("url")
        if not re.match(r"https?://[^\s/]+\S*$", url):
            raise BadItem(f"{url[:100]!r} is no complete web address")
        return url

    def one_of(self, kind: type[E], field: str) -> E | None:
        """The first value that is one of `kind`'s, by the mapping of the settings or as it is."""
        mapping = self.reading.values.get(field, {})
        known = {member.value: member for member in kind}
        words = (mapping.get(word, word).strip().lower() for word in self.many(field))
        return next((known[word] for word in words if word in known), None)

    def moment(self, field: str) -> datetime | None:
        text = self.joined(field)
        if not text:
            return None
        form = self.reading.date_format
        try:
            read = datetime.strptime(text, form) if form else datetime.fromisoformat(text)  # noqa: DTZ007
        except ValueError:
            expected = form or "ISO 8601, YYYY-MM-DD"
            raise BadItem(f"{field}: {text[:40]!r} is not a date as in {expected}") from None
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)

    def seconds(self, field: str) -> int | None:
        text = self.joined(field)
        if match := _HOURS.fullmatch(text):
            hours, minutes, seconds = match.groups()
            if hours is None:  # h:mm
                return int(minutes) * 3600 + int(seconds) * 60
            return int(hours) * 3600 + int(minutes) * 60 + int(seconds)
        number = self.number(field)
        return None if number is None else round(number * self.reading.duration_unit)

    def number(self, field: str) -> float | None:
        text = self.joined(field).replace(",", ".")
        return float(text) if re.fullmatch(r"\d{1,12}(\.\d+)?", text) else None


def _split(texts: Iterable[str], sign: str) -> list[str]:
    pieces = (piece for text in texts for piece in (text.split(sign) if sign else [text]))
    return [piece.strip() for piece in pieces if piece.strip()]
