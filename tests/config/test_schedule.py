"""Intervals and windows, over midnight and over changes of the clocks."""

from datetime import UTC, datetime, time, timedelta

import pytest

from config.schedule import Schedule, Window, parse_age, parse_every, parse_window

NIGHT = Schedule(timezone="Europe/Berlin", window=Window(time(22), time(6)))
DAY = Schedule(timezone="Europe/Berlin", window=Window(time(9), time(17, 30)))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_without_a_window_it_is_always_open() -> None:
    now = utc("2026-01-15 12:00")
    assert Schedule().in_window(now)
    assert Schedule().next_open(now) == now


@pytest.mark.parametrize(
    ("schedule", "now", "opens"),
    [
        (NIGHT, "2026-01-15 20:59", "2026-01-15 21:00"),  # 21:59 in Berlin
        (NIGHT, "2026-01-15 21:00", "2026-01-15 21:00"),
        (NIGHT, "2026-01-15 23:30", "2026-01-15 23:30"),
        (NIGHT, "2026-01-16 04:59", "2026-01-16 04:59"),
        (NIGHT, "2026-01-16 05:00", "2026-01-16 21:00"),
        (NIGHT, "2026-07-15 19:30", "2026-07-15 20:00"),  # in summer two hours ahead
        (DAY, "2026-01-15 07:00", "2026-01-15 08:00"),
        (DAY, "2026-01-15 16:29", "2026-01-15 16:29"),
        (DAY, "2026-01-15 16:30", "2026-01-16 08:00"),
        (DAY, "2026-03-28 20:00", "2026-03-29 07:00"),  # the clocks go forward in between
        (DAY, "2026-10-24 20:00", "2026-10-25 08:00"),  # and back
    ],
)
def test_next_open(schedule: Schedule, now: str, opens: str) -> None:
    assert schedule.next_open(utc(now)) == utc(opens)
    assert schedule.in_window(utc(now)) == (now == opens)


def test_an_opening_that_the_clocks_skip() -> None:
    skipped = Schedule(timezone="Europe/Berlin", window=Window(time(2, 15), time(2, 45)))
    assert skipped.next_open(utc("2026-03-28 12:00")) == utc("2026-03-30 00:15")
    longer = Schedule(timezone="Europe/Berlin", window=Window(time(2, 30), time(6)))
    assert longer.next_open(utc("2026-03-29 00:00")) == utc("2026-03-29 01:30")


def test_every_hour_of_a_year_leads_to_an_open_window() -> None:
    start = utc("2026-01-01 00:00")
    for schedule in (NIGHT, DAY):
        for hours in range(24 * 365):
            now = start + timedelta(hours=hours)
            opens = schedule.next_open(now)
            assert schedule.in_window(opens)
            assert timedelta(0) <= opens - now <= timedelta(hours=25)


def test_windows() -> None:
    assert parse_window("22:00-06:00") == Window(time(22), time(6))
    assert parse_window(" 9:30 – 17:45 ") == Window(time(9, 30), time(17, 45))
    assert str(parse_window("9:30-17:45")) == "09:30-17:45"


@pytest.mark.parametrize(
    "text", ["", "22-6", "22:00", "24:00-06:00", "22:60-06:00", "06:00-06:00", "a:b-c:d"]
)
def test_no_window(text: str) -> None:
    with pytest.raises(ValueError, match="allowed are two different times of day"):
        parse_window(text)


def test_intervals() -> None:
    assert parse_every("30m") == timedelta(minutes=30)
    assert parse_every(" 6 h") == timedelta(hours=6)
    assert parse_every("7d") == timedelta(days=7)


def test_ages() -> None:
    assert [parse_age(text).days for text in ("30d", " 6 w", "2y")] == [30, 42, 730]


@pytest.mark.parametrize("text", ["", "0d", "2m", "101y", "99999w", "d", "1.5y", "-1d"])
def test_no_age(text: str) -> None:
    with pytest.raises(ValueError, match="allowed is a time from 1d to 100y"):
        parse_age(text)


@pytest.mark.parametrize("text", ["", "6", "h", "0m", "-1h", "1.5h", "6 weeks", "367d", "99999d"])
def test_no_interval(text: str) -> None:
    with pytest.raises(ValueError, match="allowed is a time from 1m to 366d"):
        parse_every(text)


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Schedule(every=parse_every("6h")), "every 6h"),
        (Schedule(every=parse_every("90m")), "every 90m"),
        (Schedule(every=parse_every("48h")), "every 2d"),
        (
            Schedule(
                cron="30 2 * * *", timezone="Europe/Berlin", window=parse_window("22:00-06:00")
            ),
            "cron 30 2 * * * Europe/Berlin, 22:00-06:00",
        ),
        (
            Schedule(every=parse_every("1h"), window=parse_window("8:00-18:00")),
            "every 1h UTC, 08:00-18:00",
        ),
    ],
)
def test_a_schedule_is_shown_as_a_person_reads_it(schedule: Schedule, words: str) -> None:
    assert str(schedule) == words
