"""When a series takes place: what repeats, without what was taken out, with what was moved.

dateutil expands the rules. recurring-ical-events would do the rest, but is under the LGPL.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

from catalogue.errors import BadItem
from connectors.formats.icsfile import Event, Series, aware, every, first, latest, text, utc

AHEAD = timedelta(days=400)  # a yearly event is seen once
MOST = 60  # sessions of one item; the next ones
_STEPS = 50_000  # occurrences that are passed over: a daily event of 136 years
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# By RFC 5545, 3.3.10, these go with yearly rules only; elsewhere some never end to be searched.
_YEARLY_ONLY = ("BYWEEKNO", "BYYEARDAY", "BYEASTER")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One run of an event, in UTC. `event` is what describes it."""

    start: datetime
    end: datetime
    event: Event


def main_event(series: Series) -> Event:
    """What describes the series: the event that repeats, else the first that is left of it."""
    whole = [event for event in series.events if first(event, "RECURRENCE-ID") is None]
    return latest(whole or series.events)


def occurrences(series: Series, now: datetime) -> list[Occurrence]:
    """Those of a series that are not over at `now`, the next ones first.

    Raises BadItem for rules that cannot be followed.
    """
    try:
        found = _all(series, now)
    except (OverflowError, ValueError) as error:
        raise BadItem(f"takes place outside the calendar ({error})") from error
    left = sorted((o for o in found if o.end > now), key=lambda o: (o.start, o.end))
    return left[:MOST]


def _all(series: Series, now: datetime) -> list[Occurrence]:
    main = main_event(series)
    moved = _moved(series, main)
    whole = first(main, "RECURRENCE-ID") is None
    found = list(_regular(series, main, moved, now)) if whole else []
    return [*found, *(_occurrence(series, e) for e in moved.values() if not is_cancelled(e))]


def is_cancelled(event: Event) -> bool:
    return text(event, "STATUS").upper() == "CANCELLED"


def _moved(series: Series, main: Event) -> dict[datetime, Event]:
    """Changed occurrences, by the moment they were to begin."""
    versions = defaultdict[datetime, list[Event]](list)
    for event in series.events:
        which = first(event, "RECURRENCE-ID")
        if isinstance(getattr(which, "dt", None), date) and (
            event is not main or which is not None
        ):
            versions[utc(which.dt, series.zone)].append(event)
    return {moment: latest(events) for moment, events in versions.items()}


def _regular(
    series: Series, main: Event, moved: dict[datetime, Event], now: datetime
) -> Iterator[Occurrence]:
    start, length = _placed(main, series)
    dropped, dates = _exceptions(main, series)
    for moment, until in _moments(main, series, start, length, now):
        begins = moment.astimezone(UTC)
        local = moment.astimezone(start.tzinfo).date()
        if begins not in dropped and local not in dates and begins not in moved:
            event, shift, lasts = _standing(series, moved, begins, (main, timedelta(), until))
            yield Occurrence(begins + shift, (moment + lasts).astimezone(UTC) + shift, event)


def _standing(
    series: Series,
    moved: dict[datetime, Event],
    begins: datetime,
    regular: tuple[Event, timedelta, timedelta],
) -> tuple[Event, timedelta, timedelta]:
    """What holds for an occurrence: a change of "this and all that follow" before it, if any."""
    ahead = [m for m, event in moved.items() if m < begins and _is_for_all(event)]
    if not ahead:
        return regular
    event = moved[max(ahead)]
    start, length = _placed(event, series)
    return event, start.astimezone(UTC) - max(ahead), length


def _is_for_all(event: Event) -> bool:
    parameters = getattr(first(event, "RECURRENCE-ID"), "params", {})
    return str(parameters.get("RANGE", "")).upper() == "THISANDFUTURE"


def _occurrence(series: Series, event: Event) -> Occurrence:
    start, length = _placed(event, series)
    return Occurrence(start.astimezone(UTC), (start + length).astimezone(UTC), event)


def _placed(event: Event, series: Series) -> tuple[datetime, timedelta]:
    """Start and length, by the clock on the wall."""
    begins = first(event, "DTSTART").dt
    start = aware(begins, series.zone)
    ends, lasts = first(event, "DTEND"), first(event, "DURATION")
    if isinstance(getattr(ends, "dt", None), date):
        length = aware(ends.dt, series.zone) - start
    elif isinstance(getattr(lasts, "dt", None), timedelta):
        length = lasts.dt
    else:
        length = timedelta() if isinstance(begins, datetime) else timedelta(days=1)
    return start, max(length, timedelta())


def _exceptions(main: Event, series: Series) -> tuple[set[datetime], set[date]]:
    moments, dates = set[datetime](), set[date]()
    for given in _listed(main, "EXDATE"):
        if isinstance(given, datetime):
            moments.add(utc(given, series.zone))
        elif isinstance(given, date):
            dates.add(given)
    return moments, dates


def _listed(event: Event, name: str) -> list[Any]:
    """Dates, moments and periods of a property that lists several."""
    dates = (one.dt for listed in every(event, name) for one in getattr(listed, "dts", ()))
    return [given for given in dates if isinstance(given, date | tuple)]


def _moments(
    main: Event, series: Series, start: datetime, length: timedelta, now: datetime
) -> Iterator[tuple[datetime, timedelta]]:
    """Starts and lengths by rules and by dates. DTSTART is always the first (RFC 5545, 3.8.5.3)."""
    told = {start.astimezone(UTC)}
    yield start, length
    for given in _listed(main, "RDATE"):
        begins, lasts = _dated(given, series, length)
        if begins.astimezone(UTC) not in told:
            told.add(begins.astimezone(UTC))
            yield begins, lasts
    for rule in every(main, "RRULE"):
        for moment in _ruled(rule, start, now):
            if moment.astimezone(UTC) not in told:
                yield moment, length


def _dated(given: Any, series: Series, length: timedelta) -> tuple[datetime, timedelta]:
    if not isinstance(given, tuple):
        return aware(given, series.zone), length
    begins = aware(given[0], series.zone)
    ends = given[1]
    return begins, ends if isinstance(ends, timedelta) else aware(ends, series.zone) - begins


def _ruled(rule: Any, start: datetime, now: datetime) -> Iterator[datetime]:
    from dateutil.rrule import rrulestr

    _check(rule)
    until = _last(rule, start)
    # dateutil wants an UNTIL of the same kind as the start, and many calendars write another.
    told = {name: value for name, value in rule.items() if name != "UNTIL"}
    try:
        moments = iter(rrulestr(type(rule)(told).to_ical().decode(), dtstart=start))
    except (ValueError, TypeError, AttributeError) as error:
        raise BadItem(f"repeats in a way that is not understood ({error})") from error
    last = min(until or now + AHEAD, now + AHEAD)
    for count, moment in enumerate(islice(moments, _STEPS + 1)):
        if moment.astimezone(UTC) > last:
            return
        if count == _STEPS:
            raise BadItem(f"repeats more than {_STEPS:,} times before today; let it begin later")
        yield moment


def _last(rule: Any, start: datetime) -> datetime | None:
    given = next(iter(_values(rule, "UNTIL")), None)
    if given is None:
        return None
    if not isinstance(given, datetime):
        given = datetime.combine(given, time.max)
    return aware(given, start.tzinfo or UTC).astimezone(UTC)


def _check(rule: Any) -> None:
    """Raises BadItem for rules that would be searched for ever without finding a day."""
    often = str(next(iter(_values(rule, "FREQ")), "")).upper()
    if often not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise BadItem(f"repeats {often.lower() or 'somehow'}, which no course does")
    if any(int(step) < 1 for step in _values(rule, "INTERVAL")):
        raise BadItem("repeats at an interval of nothing")
    wrong = [name for name in _YEARLY_ONLY if _values(rule, name) and often != "YEARLY"]
    wrong += ["BYSETPOS"] if _values(rule, "BYSETPOS") and often in ("DAILY", "WEEKLY") else []
    wrong += ["BYMONTHDAY"] if _values(rule, "BYMONTHDAY") and often == "WEEKLY" else []
    if wrong:
        raise BadItem(f"repeats {often.lower()} with {wrong[0]}, which is not understood")
    months = [int(month) for month in _values(rule, "BYMONTH")] or list(range(1, 13))
    days = [abs(int(day)) for day in _values(rule, "BYMONTHDAY")]
    if days and min(days) > max(_DAYS[month - 1] for month in months if 1 <= month <= 12):
        raise BadItem("repeats on a day that does not exist")


def _values(rule: Any, name: str) -> list[Any]:
    value = rule.get(name, [])
    return list(value) if isinstance(value, list) else [value]
