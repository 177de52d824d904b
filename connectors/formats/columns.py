"""Which column of a table means what, and a row read by that."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from catalogue.errors import BadItem
from catalogue.model import Draft, Kind, Part, Session
from connectors.base import Config
from connectors.vocabulary import Vocabulary

Names = Annotated[tuple[str, ...], BeforeValidator(lambda v: (v,) if isinstance(v, str) else v)]
Cells = Mapping[str, str]


def _column(of: str) -> Names:
    names: Names = Field((), description=f"Column, or several, of the {of}.")
    return names


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, KeyError):  # ill-formed, a folder, unknown
        raise ValueError('no such time zone; allowed are names such as "Europe/Berlin"') from None


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
    language: Names = _column("language: its name or a code")
    kind: Names = _column("kind of resource")
    level: Names = _column("level")
    delivery: Names = _column("delivery mode")
    duration: Names = _column('duration: a number of `duration_unit`, h:mm:ss, "90 min"')
    published: Names = _column("date of publication")
    updated: Names = _column("date of the last change")
    licence: Names = _column("licence")
    cost: Names = _column("cost, perhaps with its currency")
    currency: Names = _column("currency, as ISO 4217 codes it")
    image: Names = _column("address of a picture")
    session_start: Names = _column("start of a live session")
    session_end: Names = _column("end of a live session")
    session_place: Names = _column("place of a live session")

    def all(self) -> list[str]:
        return [name for field in type(self).model_fields for name in getattr(self, field)]


class Reading(Config):
    """How the cells of the columns are to be understood."""

    columns: Columns = Field(description="Which column means what.")
    kind: Kind = Field(Kind.COURSE, description="What the rows are, unless a column says it.")
    values: Mapping[str, Mapping[str, str]] = Field(
        {},
        description="By field: what the table's own words for a language, kind, level, delivery, "
        "duration, licence, cost or currency mean; nothing, for one that means nothing.",
    )
    split: str = Field("", description="What separates several values in one cell, such as `;`.")
    html: bool = Field(False, description="Whether cells hold HTML, which is turned into text.")
    date_format: str = Field("", description="As in strptime, `%d.%m.%Y`; else ISO 8601.")
    timezone: Annotated[str, BeforeValidator(_zone)] = Field(
        "UTC", description="Of dates that name none, such as `Europe/Berlin`."
    )
    duration_unit: int = Field(60, gt=0, description="Seconds in one unit of the duration column.")

    def draft(self, cells: Cells, plain: Callable[[str], str]) -> Draft:
        """Raises BadItem for a row without a title or a complete address, or with a bad date."""
        row, said = _Row(self, cells, plain), Vocabulary()
        cost, currency = said.money(row.words("cost"), row.words("currency"))
        return Draft(
            title=row.required("title"),
            url=row.address(),
            kind=said.kind(row.words("kind")[:1], self.kind),
            summary=row.joined("summary"),
            language=said.language(row.words("language")),
            provider=row.joined("provider"),
            authors=row.many("authors"),
            published=row.moment("published"),
            updated=row.moment("updated"),
            duration=said.seconds(row.words("duration"), self.duration_unit),
            level=said.level(row.words("level")),
            delivery=said.delivery(row.words("delivery")),
            sessions=row.sessions(),
            licence=said.licence(row.words("licence")),
            cost=cost,
            currency=currency,
            image=row.joined("image"),
            subjects=row.many("subjects"),
            skills=row.many("skills"),
            prerequisites=row.many("prerequisites"),
            audience=", ".join(row.many("audience")),
            parts=tuple(Part(text) for text in row.texts("text")),
            unmapped=said.unmapped,
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

    def each(self, field: str) -> list[str]:
        return _split(self.texts(field), self.reading.split)

    def many(self, field: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.each(field)))

    def words(self, field: str) -> list[str]:
        """What the cells say, in the words that the settings give for theirs."""
        mapping = self.reading.values.get(field, {})
        return [mapping.get(word, word) for word in self.many(field)]

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

    def moment(self, field: str) -> datetime | None:
        text = self.joined(field)
        return self._read(field, text) if text else None

    def sessions(self) -> tuple[Session, ...]:
        """Each start with its end and place; one place may hold for all."""
        starts = [self._read("session_start", text) for text in self.each("session_start")]
        ends = [self._read("session_end", text) for text in self.each("session_end")]
        places = self.each("session_place")
        if ends and len(ends) != len(starts):
            raise BadItem(f"session_end: {len(ends)} for {len(starts)} in session_start")
        if len(places) != len(starts):
            places = [", ".join(places)] * len(starts)
        ending: Sequence[datetime | None] = ends or [None] * len(starts)
        return tuple(map(Session, starts, ending, places))

    def _read(self, field: str, text: str) -> datetime:
        form = self.reading.date_format
        try:
            read = datetime.strptime(text, form) if form else datetime.fromisoformat(text)  # noqa: DTZ007
            zoned = read if read.tzinfo else read.replace(tzinfo=ZoneInfo(self.reading.timezone))
            return zoned.astimezone(UTC)
        except (ValueError, OverflowError):
            expected = form or "ISO 8601, YYYY-MM-DD"
            raise BadItem(f"{field}: {text[:40]!r} is not a date as in {expected}") from None


def _split(texts: Iterable[str], sign: str) -> list[str]:
    pieces = (piece for text in texts for piece in (text.split(sign) if sign else [text]))
    return [piece.strip() for piece in pieces if piece.strip()]
