"""iCalendar files (RFC 5545) into their events, those of one series together."""

import re
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from catalogue.errors import BadItem
from connectors.extract.text import decode

Event = Any  # icalendar's
_BLOCK = re.compile(r"^BEGIN:(VEVENT|VTIMEZONE)\s*?$.*?^END:\1\s*?$", re.MULTILINE | re.DOTALL)
# Exchange has been seen to write `BYDAY=MO, TU`, which is no rule.
_RULE = re.compile(r"^RRULE\b.*(?:\r?\n[ \t].*)*", re.MULTILINE)
_FOLD = re.compile(r"\r?\n[ \t]|[ \t]")
_ABOUT = re.compile(r"^(X-WR-TIMEZONE|METHOD):(.*)$", re.MULTILINE)
_LONGEST_UID = 300
_NEEDED = ("DTSTART", "RRULE", "RECURRENCE-ID")


@dataclass(frozen=True, slots=True)
class Series:
    """Events of one UID: what repeats, and what was changed of it. `zone` is for times without."""

    uid: str
    events: tuple[Event, ...]
    zone: tzinfo
    cancelled: bool = False  # the whole file takes its events back


def read(data: bytes, default: tzinfo) -> list[Series]:
    """The series of a file; the zone `default` holds where neither a time nor the file names one.

    Raises BadItem, whose text goes after the file's name, for what is no calendar.
    """
    found: list[Series] = []
    content = _RULE.sub(lambda rule: _FOLD.sub("", rule[0]), decode(data))
    for calendar in _calendars(content):
        local = zone(str(calendar.get("X-WR-TIMEZONE", ""))) or default
        cancelled = str(calendar.get("METHOD", "")).upper() == "CANCEL"
        series = defaultdict[str, list[Event]](list)
        for event in calendar.walk("VEVENT"):
            series[_uid(event)].append(event)
        found += [Series(uid, tuple(e), local, cancelled) for uid, e in series.items()]
    return found


def fault(event: Event) -> str:
    """Why an event cannot be placed in time; "" for one that can."""
    broken = [str(why)[:100] for name, why in event.errors if name in _NEEDED]
    if broken:
        return broken[0]
    # What the library could not even split into name and value.
    lost = [str(why)[:100] for name, why in event.errors if not name and "DTSTART" in str(why)]
    if lost or not isinstance(getattr(first(event, "DTSTART"), "dt", None), date):
        return lost[0] if lost else "it has no start"
    return ""


def first(event: Event, name: str) -> Any:
    """A property; the first of several where there should be one; None where none can be read."""
    return next(iter(every(event, name)), None)


def every(event: Event, name: str) -> list[Any]:
    """All properties of a name that could be read."""
    from icalendar.prop.broken import vBroken

    value = event.get(name)
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if one is not None and not isinstance(one, vBroken)]


def text(event: Event, name: str) -> str:
    value = first(event, name)
    return str(value).strip() if value is not None else ""


def aware(moment: date, zone: tzinfo) -> datetime:
    """A date as its midnight, a time without a zone in `zone`."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(), zone)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def utc(moment: date, zone: tzinfo) -> datetime:
    """Raises BadItem for a moment outside the calendar."""
    try:
        return aware(moment, zone).astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise BadItem(f"a time lies outside the calendar ({error})") from None


def zone_name(name: str) -> str:
    """The name itself. Raises ValueError for one that is not known."""
    if zone(name) is None:
        raise ValueError("no time zone of this name is known; give one such as Europe/Berlin")
    return name


def _calendars(content: str) -> list[Any]:
    from icalendar import Calendar

    if not _BLOCK.search(content) and "BEGIN:VCALENDAR" not in content:
        raise BadItem(f"is no calendar but {content[:60]!r}" if content.strip() else "is empty")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of zones that it guesses, well
        try:
            whole = Calendar.from_ical(content, multiple=True)
            calendars = [one for one in whole if one.name == "VCALENDAR"]
            return calendars or [_rescued(content)]
        except _CONFUSED as error:
            rescued = [_rescued(content)]
            if not rescued[0].walk("VEVENT"):
                raise BadItem(f"cannot be read: {str(error)[:100]}") from error
            return rescued


def _rescued(content: str) -> Any:
    """What can be read component by component, where the whole cannot.

    An event that cannot be read stays as one with an error, so that it is not taken for vanished.
    """
    from icalendar import Calendar

    whole = Calendar()
    for name, said in _ABOUT.findall(content):
        whole.add(name, said.strip())
    for block in _blocks(content):
        try:
            parsed = Calendar.from_ical(f"BEGIN:VCALENDAR\r\n{block}\r\nEND:VCALENDAR")
            components = parsed.subcomponents
        except _CONFUSED as error:
            components = [_unread(block, str(error))] if block.startswith("BEGIN:VEVENT") else []
        for component in components:
            whole.add_component(component)
    return whole


def _unread(block: str, why: str) -> Event:
    from icalendar import Event

    event = Event()
    named = re.search(r"^UID:(.*)$", block, re.MULTILINE)
    event.add("UID", named[1].strip() if named else block)
    event.errors.append(("DTSTART", why))
    return event


# What icalendar raises over lines that nobody has tried on it; OSError for a zone named `Europe`.
_CONFUSED = (
    *(ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError),
    OSError,
)


def _blocks(content: str) -> Iterator[str]:
    return (match[0] for match in _BLOCK.finditer(content.replace("\r\n", "\n")))


def zone(name: str) -> tzinfo | None:
    """The zone of a name as in `Europe/Berlin`, None for one that is not known."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _uid(event: Event) -> str:
    """The event's name for ever; where RFC 5545, 3.8.4.7, was not heeded, made of what it is."""
    uid = " ".join(text(event, "UID").split())
    if uid and len(uid) <= _LONGEST_UID:
        return uid
    told = uid or f"{text(event, 'SUMMARY')}\n{event.to_ical()!r}"
    return f"~{sha256(told.encode('utf-8', 'replace')).hexdigest()[:16]}"


def latest(events: Sequence[Event]) -> Event:
    """Of versions of one event the one that was sent last."""
    return max(events, key=lambda event: (_number(event), text(event, "LAST-MODIFIED")))


def _number(event: Event) -> int:
    said = text(event, "SEQUENCE")
    return int(said) if said.isdigit() and len(said) < 9 else 0
