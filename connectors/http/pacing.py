"""When a host may be asked again. One `Pacing` may serve several sources and threads."""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from connectors.http.clock import Clock

BACKOFF_S = 2.0


class Pacing:
    """Spaces requests to one host and remembers which hosts asked to be left alone."""

    def __init__(self, clock: Clock, spacing_s: float) -> None:
        self._clock = clock
        self._spacing_s = spacing_s
        self._free_at: dict[str, float] = {}
        self._closed_until: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, host: str, at_least_s: float = 0.0) -> None:
        """Sleep until it is this caller's turn at `host`."""
        with self._lock:
            turn = max(self._clock.now(), self._free_at.get(host, 0.0))
            self._free_at[host] = turn + max(self._spacing_s, at_least_s)
        pause = turn - self._clock.now()
        if pause > 0:
            self._clock.sleep(pause)

    def close(self, host: str, seconds: float) -> None:
        self._closed_until[host] = self._clock.now() + seconds

    def closed_for(self, host: str) -> float:
        """Seconds until `host` wants to hear from us again; 0 when it may be asked now."""
        return max(0.0, self._closed_until.get(host, 0.0) - self._clock.now())


def backoff(attempt: int) -> float:
    """Seconds to wait after the given failed attempt (1, 2, …) when the server names no time."""
    return float(BACKOFF_S * 2 ** (attempt - 1))


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds from now that Retry-After asks for: a number or an HTTP date (RFC 9110, 10.2.3)."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, IndexError, OverflowError):
        return None
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())
