"""One draft's words read into the catalogue's vocabularies, and what could not be."""

import math
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TypeVar

from catalogue.model import Delivery, Kind, Level
from connectors.vocabulary import delivery, duration, kind, language, level, licence, moments, money

LONGEST = 100  # characters of a word that is kept
READ = 500  # characters; whatever is longer is a text, no word
MOST = 20  # words kept of one draft
T = TypeVar("T")


class Vocabulary:
    """Make one for each draft and hand its `unmapped` to it.

    Every method takes what a source wrote: text, a number, a list of either, or nothing. Blank
    gives None or "" and is no news; what means nothing to us is remembered as it came, and
    never guessed at.
    """

    def __init__(self) -> None:
        self._unmapped: dict[tuple[str, str], None] = {}

    @property
    def unmapped(self) -> tuple[tuple[str, str], ...]:
        """Field and word, shortened to 100 characters, in the order met."""
        return tuple(self._unmapped)

    def language(self, said: object) -> str | None:
        """A BCP 47 tag."""
        text = _text(said)
        blank = text.casefold() in language.NONE
        return None if blank else self._read("language", text, language.language)

    def seconds(self, said: object, unit: float = 1) -> int | None:
        """A duration; a bare number counts `unit` seconds. A length of nothing is none."""
        read = self._read("duration", _text(said), lambda text: duration.seconds(text, unit))
        return read or None

    def level(self, said: object) -> Level | None:
        """The lowest one named."""
        return self._read("level", _text(said), level.level)

    def delivery(self, said: object) -> Delivery | None:
        return self._read("delivery", _text(said), delivery.delivery)

    def licence(self, said: object) -> str:
        """The SPDX or Creative Commons name, else the text as it came."""
        text = _text(said)
        if text.casefold() in ("unknown", "none"):
            return ""
        return self._read("licence", text, licence.licence) or text

    def money(self, said: object, currency: object = "") -> tuple[float | None, str]:
        """Cost and ISO 4217 currency; `currency` is what another field says of it."""
        cost = self._read("cost", _text(said), lambda text: _price(said, text))
        if cost is None:
            return None, ""
        other = self._read("currency", _text(currency), money.currency)
        return cost[0], cost[1] or other or ""

    def kind(self, said: object, default: Kind) -> Kind:
        return self._read("kind", _text(said), kind.kind) or default

    def moment(self, said: object, field: str = "date") -> datetime | None:
        """An aware datetime in UTC. 0 is no date: sources write it for "never"."""
        if isinstance(said, date):
            return moments.moment(said)
        if isinstance(said, int | float) and not isinstance(said, bool):
            return self._read(field, _text(said), lambda _: moments.moment(said)) if said else None
        text = _text(said)
        return None if text == "0" else self._read(field, text, moments.moment)

    def _read(self, field: str, text: str, read: Callable[[str], T | None]) -> T | None:
        if not text:
            return None
        found = read(text[:READ])
        if found is None and len(self._unmapped) < MOST:
            word = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
            self._unmapped[field, word] = None
        return found


def _price(said: object, text: str) -> tuple[float, str] | None:
    if isinstance(said, int | float):
        return (float(said), "") if 0 <= said < math.inf else None
    cost, currency = money.money(text)
    return None if cost is None else (cost, currency)


def _text(said: object) -> str:
    """One line of what was said; several in their order, with commas."""
    if isinstance(said, str):
        return " ".join(said.split())
    if isinstance(said, int | float) and not isinstance(said, bool):
        return f"{said:.10f}".rstrip("0").rstrip(".") if isinstance(said, float) else str(said)
    if isinstance(said, Iterable) and not isinstance(said, bytes | dict):
        return ", ".join(filter(None, map(_text, said)))
    return ""
