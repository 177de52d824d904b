"""How long an item takes, in seconds, from the ways people write it."""

import re

from catalogue.model import Draft

_NUMBER = r"(\d{1,4}(?:[.,]\d{1,2})?)"
_UNITS = {
    86400: r"d|days?|tage?",
    3600: r"h|hrs?|hours?|std|stunden?",
    60: r"m|min|mins|minutes?|minuten?",
    1: r"s|secs?|seconds?|sek|sekunden?",
}
_SPELT = re.compile(
    "".join(rf"(?:{_NUMBER}\s*(?:{unit})\b\.?\s*(?:,|and|und)?\s*)?" for unit in _UNITS.values()),
    re.IGNORECASE,
)
_ISO = re.compile(
    r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?",
    re.IGNORECASE,
)
_ISO_SECONDS = (604800, 86400, 3600, 60, 1)
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)(?:\.\d+)?")
_STATED = re.compile(
    r"(?:\b(?:duration|length|running time|time required|estimated time|dauer|laufzeit|zeitaufwand"
    r"|bearbeitungszeit)\s*[:=–-]?\s*(?:about|approx\.?|ca\.?|etwa)?\s*|\()"
    r"(\d[\d.,:]*[^\n();|]{0,24})",
    re.IGNORECASE,
)
LONGEST = 366 * 86400


def seconds(text: str) -> int | None:
    """Reads "PT1H30M", "1:02:03", "2h 30m", "90 min" and "2 Std. 15 Min."; None if it is none."""
    text = text.strip()
    found = _iso(text) or _clock(text) or _spelt(text)
    return found if found and found <= LONGEST else None


def duration(draft: Draft) -> int | None:
    """What the source says, or else title or summary state; never an estimate. None if unknown."""
    if draft.duration:
        return draft.duration
    for stated in _STATED.finditer(f"{draft.title}\n{draft.summary}"):
        found = seconds(stated[1]) or _leading(stated[1])
        if found:
            return found
    return None


def _iso(text: str) -> int | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    return round(
        sum(float(n or 0) * unit for n, unit in zip(match.groups(), _ISO_SECONDS, strict=True))
    )


def _clock(text: str) -> int | None:
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hours, minutes, rest = (int(n or 0) for n in match.groups())
    return hours * 3600 + minutes * 60 + rest


def _spelt(text: str) -> int | None:
    match = _SPELT.fullmatch(text)
    return _sum(match) if match else None


def _leading(text: str) -> int | None:
    """The length a phrase begins with: "45 min per week"."""
    match = _SPELT.match(text)
    return _sum(match) if match else None


def _sum(match: re.Match[str]) -> int | None:
    pairs = zip(match.groups(), _UNITS, strict=True)
    return round(sum(float(n.replace(",", ".")) * unit for n, unit in pairs if n)) or None
