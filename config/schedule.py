"""When a source is read."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of the day in which a source may be read; over midnight where it closes earlier."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Schedule:
    """Either `cron` or `every` is set. Times of day are in `timezone`, an IANA name."""

    cron: str | None = None
    every: timedelta | None = None
    timezone: str = "UTC"
    window: Window | None = None

    def in_window(self, now: datetime) -> bool:
        raise NotImplementedError

    def next_open(self, now: datetime) -> datetime:
        raise NotImplementedError
