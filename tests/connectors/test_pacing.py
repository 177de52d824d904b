"""Turns at a host, and what Retry-After says."""

import pytest

from connectors.http.pacing import Pacing, backoff, retry_after
from connectors.testing.worlds import EPOCH, ManualClock


def test_each_host_has_its_own_turns() -> None:
    clock = ManualClock()
    pacing = Pacing(clock, 2.0)
    for host in ("a", "b", "a", "a"):
        pacing.wait(host)
    assert clock.slept == [2.0, 2.0]


def test_a_site_may_ask_for_more_room_but_not_for_less() -> None:
    clock = ManualClock()
    pacing = Pacing(clock, 2.0)
    for room in (5.0, 0.1, 0.1):
        pacing.wait("a", room)
    assert clock.slept == [5.0, 2.0]


def test_a_closed_host_opens_again() -> None:
    clock = ManualClock()
    pacing = Pacing(clock, 0.0)
    pacing.close("a", 30.0)
    assert pacing.closed_for("a") == 30.0
    clock.sleep(31.0)
    assert pacing.closed_for("a") == 0.0


def test_backoff_doubles() -> None:
    assert [backoff(attempt) for attempt in (1, 2, 3)] == [2.0, 4.0, 8.0]


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Mon, 05 Jan 2026 09:01:00 GMT", 60.0),
        ("Mon, 05 Jan 2026 08:00:00 GMT", 0.0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("9" * 400, 999999999.0),
        ("٣", None),
    ],
)
def test_retry_after(value: str, wait: float | None) -> None:
    assert retry_after({"retry-after": value}, EPOCH) == wait
