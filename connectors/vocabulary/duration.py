"""How long something takes, in seconds, from the ways catalogues write it.

ISO 8601 is read by pydantic, where a month has 30 days and a year 365. Of a range ("2-3 hours") the
longer counts: who plans for it is not caught out.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache

LONGEST = 10 * 365 * 86400
_UNITS = {
    31536000: r"years?|yrs?|jahre?n?|ans?|años?|anni|anno|anos?",
    2592000: r"months?|monate?n?|mois|meses|mes|mesi|mese|maanden|mês",
    604800: r"weeks?|wks?|wk|wochen?|semaines?|semanas?|settiman[ae]|weken",
    86400: r"days?|d|tage?n?|jours?|días?|dias?|giorn[oi]|dagen|dag",
    3600: r"hours?|hrs?|h|std|stdn?|stunden?|heures?|horas?|or[ae]|uur|uren",
    60: r"minutes?|mins?|min|m|minuten?|minutos?|minut[oi]|minuut|′|'",
    1: r"seconds?|secs?|sec|s|sek|sekunden?|secondes?|segundos?|second[oi]|seconden|″",
}
_WORDS = {
    r"\b(?:half an?|eine? halbe|une demi|½)[\s-]*": "0.5 ",
    r"\b(?:one and a half|eineinhalb|anderthalb)\b": "1.5",
    r"\b(?:an?|one|eine?n?r?|une?|una?)\b": "1",
    r"\b(?:two|zwei|deux|dos)\b": "2",
    r"\b(?:three|drei|trois|tres)\b": "3",
    r"\b(?:four|vier|quatre)\b": "4",
    r"\b(?:five|fünf|cinq|cinco)\b": "5",
    r"\b(?:six|sechs|seis)\b": "6",
    r"(?<=\d)\s*½": ".5",
    r"(?<=\d),(?=\d)": ".",
    r"(?<=\d)\s*[–—]\s*(?=\d)|(?<=\d) (?:to|bis|à|or|oder) (?=\d)": "-",
}
_FILLING = re.compile(
    r"\b(?:about|approximately|approx|around|circa|ca|etwa|rund|up to|bis zu|max|environ|effort"
    r"|duration|total|of|study|work|for|over|lasting|je|für|über|à|at|and|und|et|y|e|en)\b\.?|[~≈,;:+&.](?!\d)",
)
_RATE = re.compile(
    r"(?:\b(?:per|a|each|every|pro|je|in der|par|por|al|alla)|/)\s*"
    r"(?P<each>day|week|wk|month|tag|woche|monat|jour|semaine|mois|semana|settimana)\b"
    r"|\b(?P<adverb>weekly|wöchentlich|daily|täglich|monthly|monatlich)\b",
)
_EACH = {604800: "w", 86400: "dtj", 2592000: "m"}
_AMOUNT = re.compile(
    r"\s*(?:\d+(?:\.\d+)?\s*-\s*)?(\d+(?:\.\d+)?)[\s-]*(?:"
    + "|".join(f"(?P<u{size}>{names})" for size, names in _UNITS.items())
    + r")(?![^\W\d_])\.?"
)
_CLOCK = re.compile(
    r"(?:(\d{1,4}):)?(\d{1,4}):([0-5]?\d)(?:\.\d+)?(\s*(?:h|hrs?|hours|std\.?|stunden))?"
)
_NUMBER = re.compile(r"\d{1,12}(?:[.,]\d+)?")
_SHORT = re.compile(r"(\d{1,3})\s*(?:h|std\.?)\s*([0-5]\d)")  # 1h30


def seconds(text: str, unit: float = 1) -> int | None:
    """ "P1DT2H", "1:02:03", "1h 30m", "90 Min." or a number of `unit` seconds; None if it is none.

    Of two numbers with a colon the second counts seconds where `unit` is one, else minutes. A
    length and an effort ("4 weeks, 3 hours per week") are multiplied.
    """
    text = text.strip().lower()
    if _NUMBER.fullmatch(text):
        return _bounded(float(text.replace(",", ".")) * unit)
    for way in (_iso, lambda t: _clock(t, unit), _short, _spelt):
        found = way(text)
        if found is not None:
            return _bounded(found)
    return None


def _bounded(found: float) -> int | None:
    return round(found) if 0 <= found <= LONGEST else None


@cache
def _reader() -> Callable[[str], timedelta]:
    """Not at the import: pydantic is half of what a process that reads files would start with."""
    from pydantic import TypeAdapter

    return TypeAdapter(timedelta).validate_python


def _iso(text: str) -> float | None:
    if not text.startswith(("p", "t")):
        return None
    try:  # "T1M33S" stands in recorded feeds
        return _reader()("P" + text.upper().lstrip("P")).total_seconds()
    except ValueError:
        return None


def _clock(text: str, unit: float) -> float | None:
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    first, second, third = (int(match[n] or 0) for n in (1, 2, 3))
    if match[1] is None and (unit > 1 or match[4]):
        return second * 3600 + third * 60
    return first * 3600 + second * 60 + third


def _short(text: str) -> float | None:
    match = _SHORT.fullmatch(text)
    return int(match[1]) * 3600 + int(match[2]) * 60 if match else None


def _spelt(text: str) -> float | None:
    if rate := _RATE.search(text):
        return _effort(text, rate)
    return _sum(text)


def _effort(text: str, rate: re.Match[str]) -> float | None:
    """What each week costs times the weeks; None where the text does not say how many."""
    before, after = text[: rate.start()], text[rate.end() :]
    each = (rate["each"] or rate["adverb"] or "")[0]
    size = next(size for size, initials in _EACH.items() if each in initials)
    amounts = _amounts(before)
    if amounts is None or not amounts:
        return None
    if after.strip(" ,;.:-–x×"):
        length, effort = _sum(after.strip(" ,;.:-–x×")), sum(amounts)
    else:
        length, effort = sum(amounts[:-1]), amounts[-1]
    return effort * length / size if length else None


def _sum(text: str) -> float | None:
    amounts = _amounts(text)
    return sum(amounts) if amounts else None


def _amounts(text: str) -> list[float] | None:
    """Each amount in seconds; None where anything else is said."""
    for pattern, plain in _WORDS.items():
        text = re.sub(pattern, plain, text)
    found: list[float] = []
    text = _FILLING.sub(" ", text)
    while text.strip():
        match = _AMOUNT.match(text)
        if match is None or match.lastgroup is None:
            return None
        found.append(float(match[1]) * int(match.lastgroup[1:]))
        text = text[match.end() :].lstrip(" -–()")
    return found
