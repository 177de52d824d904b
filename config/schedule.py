"""When a source is read: how often, and in which hours of the day."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHORTEST = timedelta(minutes=1)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of the day in which a source may be read; over midnight where it closes earlier."""

    opens: time
    closes: time

    def __contains__(self, clock: time) -> bool:
        if self.opens < self.closes:
            return self.opens <= clock < self.closes
        return clock >= self.opens or clock < self.closes

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often a source is read: by `cron` or `every` so often.

    Times of day, those of `window` too, are in `timezone`, an IANA name.
    """

    cron: str | None = None
    every: timedelta | None = None
    timezone: str = "UTC"
    window: Window | None = None

    def __str__(self) -> str:
        """As a person reads it: "every 6h", "cron 30 2 * * * Europe/Berlin, 22:00-06:00"."""
        words = [f"cron {self.cron}"] if self.cron else []
        words += [f"every {_shortest(self.every)}"] if self.every else []
        words += [self.timezone] if self.cron or self.window else []
        return " ".join(words) + (f", {self.window}" if self.window else "")

    def in_window(self, now: datetime) -> bool:
        """Whether the source may be read at `now`, an aware time."""
        return self.window is None or now.astimezone(ZoneInfo(self.timezone)).time() in self.window

    def next_open(self, now: datetime) -> datetime:
        """`now` where the window is open, else when it opens next; in UTC.

        An opening that the clocks skip in spring comes up to an hour later, or the day after.
        """
        if self.window is None or self.in_window(now):
            return now.astimezone(UTC)
        zone = ZoneInfo(self.timezone)
        today = now.astimezone(zone).date()
        openings = (
            datetime.combine(today + timedelta(days), self.window.opens, zone).astimezone(UTC)
            for days in range(3)
        )
        return next(at for at in openings if at > now and self.in_window(at))


def _shortest(interval: timedelta) -> str:
    minutes = int(interval.total_seconds()) // 60
    for unit, length in (("d", 1440), ("h", 60)):
        if minutes % length == 0:
            return f"{minutes // length}{unit}"
    return f"{minutes}m"


def parse_window(text: str) -> Window:
    """Read "22:00-06:00". Raises ValueError saying what is allowed."""
    match = re.fullmatch(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})", text.strip())
    if match:
        opens, closes = (int(match[1]), int(match[2])), (int(match[3]), int(match[4]))
        if opens != closes and max(opens, closes) < (24, 0) and max(opens[1], closes[1]) < 60:
            return Window(time(*opens), time(*closes))
    raise ValueError('allowed are two different times of day, e.g. "22:00-06:00"')


def parse_age(text: str) -> timedelta:
    """Read "30d", "6w" or "2y". Raises ValueError saying what is allowed."""
    match = re.fullmatch(r"(\d{1,5})\s*([dwy])", text.strip())
    if match:
        age = timedelta(days=int(match[1]) * {"d": 1, "w": 7, "y": 365}[match[2]])
        if timedelta() < age <= timedelta(days=36500):
            return age
    raise ValueError('allowed is a time from 1d to 100y, e.g. "30d", "6w" or "2y"')


def parse_every(text: str) -> timedelta:
    """Read "30m", "6h" or "7d". Raises ValueError saying what is allowed."""
    match = re.fullmatch(r"(\d{1,5})\s*([mhd])", text.strip())
    if match:
        interval = timedelta(**{_UNITS[match[2]]: int(match[1])})
        if SHORTEST <= interval <= timedelta(days=366):
            return interval
    raise ValueError('allowed is a time from 1m to 366d, e.g. "30m", "6h" or "7d"')
