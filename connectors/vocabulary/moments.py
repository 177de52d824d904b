"""Points in time, as aware datetimes in UTC. What names no zone is taken as UTC."""

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_EPOCH = re.compile(r"\d{9,11}(?:\.\d+)?|\d{12,14}")
_REDUCED = re.compile(r"(\d{4})(?:-(\d\d))?")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_SPELT = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y")
_MILLISECONDS = 100_000_000_000  # as seconds that is the year 5138
_YEARS = range(1000, 10_000)


def moment(value: str | float | date) -> datetime | None:
    """ISO 8601 (a year or a month means its first day), RFC 2822, 31.12.2024, 31 December 2024 or
    Unix time.

    From 12 digits on Unix time is in milliseconds. None for anything else.
    """
    try:
        return _utc(_read(value))
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _read(value: str | float | date) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, str):
        return _text(value.strip())
    return _text(str(value)) if value in _YEARS else _epoch(value)


def _text(text: str) -> datetime:
    if match := _REDUCED.fullmatch(text):
        return datetime(int(match[1]), int(match[2] or 1), 1, tzinfo=UTC)
    if match := _DOTTED.fullmatch(text):
        return datetime(int(match[3]), int(match[2]), int(match[1]), tzinfo=UTC)
    if _EPOCH.fullmatch(text):
        return _epoch(float(text))
    for read in (datetime.fromisoformat, _spelt):
        try:
            return read(text)
        except ValueError:
            continue
    return parsedate_to_datetime(text)


def _spelt(text: str) -> datetime:
    for form in _SPELT:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise ValueError(text)


def _epoch(number: float) -> datetime:
    if number <= 0:
        raise ValueError(number)
    seconds = number / 1000 if abs(number) >= _MILLISECONDS else number
    return datetime.fromtimestamp(seconds, UTC)


def _utc(read: datetime) -> datetime:
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
