"""Calendars: the contract, and when a series takes place."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from catalogue.errors import BadItem, NeedsPerson
from catalogue.model import Delivery, Draft, Kind
from connectors.base import Event, Failed, Gone, Unchanged
from connectors.calendar import Calendar, Settings
from connectors.http import Limits, polite
from connectors.testing import Answer, Case, Conformance, FolderPlace, served
from connectors.testing.visits import checkpoints, payloads, present, read
from connectors.testing.worlds import EPOCH, ManualClock, Wire
from tests.connectors.sites import calendar as site

BASE = "https://school.example"


class TestCalendar(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        whole, shrunk, dented = (
            served(site.answers(BASE, world)) for world in ("whole", "shrunk", "dented")
        )
        return Case(Calendar, site.settings(BASE), whole, shrunk, dented)


class TestFolderOfCalendars(Conformance):
    @pytest.fixture
    def case(self, tmp_path: Path) -> Case:
        place = FolderPlace(tmp_path / "calendars", {"files": "."})

        def whole(folder: Path) -> None:
            (folder / "a.ics").write_text(site.calendar(*site.SHOWN[:3]))
            (folder / "b.ics").write_text(site.calendar(*site.SHOWN[3:], site.NOT_SHOWN))

        def shrunk(folder: Path) -> None:
            whole(folder)
            (folder / "a.ics").write_text(site.calendar(*site.SHOWN[:2]))

        def dented(folder: Path) -> None:
            whole(folder)
            (folder / "a.ics").write_text(
                site.calendar(*site.SHOWN[:3]).replace("SUMMARY:Forklift", "COMMENT:Forklift")
            )

        worlds = place.world(whole), place.world(shrunk), place.world(dented)
        return Case(Calendar, {"page": f"{BASE}/calendar"}, *worlds, outage=place.missing)


def pulled(
    text: str, at: datetime = EPOCH, cursor: Mapping[str, object] | None = None, **more: Any
) -> tuple[Calendar, list[Event]]:
    clock = ManualClock()
    clock.offset = (at - EPOCH).total_seconds()
    wire = Wire(lambda _: Answer(text))
    settings = Settings.model_validate({**site.settings(BASE), **more})
    connector = Calendar(settings, polite("", Limits(spacing_s=0), adapter=wire, clock=clock))
    return connector, list(connector.pull(cursor or {}))


def drafts(text: str, at: datetime = EPOCH, **more: Any) -> dict[str, Draft]:
    connector, events = pulled(text, at, **more)
    return dict(read(connector, events).drafts)


def the_draft(event: str, at: datetime = EPOCH, **more: object) -> Draft:
    [draft] = drafts(site.calendar(event), at, **more).values()
    return draft


def starts(event: str, at: datetime = EPOCH, **more: object) -> list[str]:
    return [f"{s.start:%Y-%m-%d %H:%M}" for s in the_draft(event, at, **more).sessions]


def reason(event: str) -> str:
    _, events = pulled(site.calendar(event))
    [failed] = [event for event in events if isinstance(event, Failed)]
    assert isinstance(failed.error, BadItem)
    return str(failed.error)


def made(*lines: str, uid: str = "a") -> str:
    told = "\n".join(lines)
    return f"BEGIN:VEVENT\nUID:{uid}\nSUMMARY:Knots\n{told}\nEND:VEVENT\n"


def test_a_series_with_what_was_moved_and_dropped() -> None:
    aid = the_draft(site.FIRST_AID)
    assert (aid.title, aid.kind, aid.delivery) == (
        "First aid at work",
        Kind.SESSION,
        Delivery.INSTRUCTOR_LED,
    )
    assert aid.summary.startswith("Recovery position, resuscitation, bleeding")
    assert aid.url == "https://school.example/courses/first-aid"
    assert aid.subjects == ("Safety", "First aid")
    assert aid.authors == ("Training department",)
    assert aid.duration == 7200
    told = [(f"{s.start:%m-%d %H:%M}", s.place) for s in aid.sessions[:4]]
    assert told == [
        ("01-06 08:00", "Room 2.14"),
        ("01-20 13:00", "Canteen"),  # the 13th is an exception, the 27th cancelled
        ("02-03 08:00", "Room 2.14"),
        ("02-10 08:00", "Room 2.14"),
    ]
    assert aid.published == datetime(2025, 1, 2, 9, tzinfo=UTC)
    assert aid.updated == datetime(2025, 12, 1, 12, tzinfo=UTC)
    assert len(aid.sessions) == 56  # 58 Tuesdays without two
    assert aid.sessions[-1].start < EPOCH + timedelta(days=400)


def test_the_clock_on_the_wall_holds_in_summer_and_winter() -> None:
    found = starts(site.FIRST_AID)
    assert "2026-03-24 08:00" in found  # nine o'clock in Berlin's winter
    assert "2026-03-31 07:00" in found  # and in its summer


def test_an_online_course_with_a_windows_zone() -> None:
    pivot = the_draft(site.EXCEL)
    assert (pivot.language, pivot.delivery) == ("de", Delivery.VIRTUAL)
    assert pivot.url.startswith("https://teams.microsoft.com/l/meetup-join/")
    assert pivot.sessions[0].start == datetime(2090, 3, 2, 13, tzinfo=UTC)
    assert pivot.sessions[0].end == datetime(2090, 3, 2, 14, 30, tzinfo=UTC)


def test_a_meeting_and_a_room_are_blended_and_passwords_stay_away() -> None:
    course = the_draft(site.NEGOTIATING)
    assert course.delivery is Delivery.BLENDED
    assert course.url == "https://school.zoom.us/j/123456789?lang=en"
    assert starts(site.NEGOTIATING)[:2] == ["2026-01-06 13:00", "2026-02-03 13:00"]
    assert course.duration == 3 * 3600


@pytest.mark.parametrize(
    ("place", "delivery", "shown"),
    [
        ("Meeting room 3", Delivery.INSTRUCTOR_LED, "Meeting room 3"),
        ("Online", Delivery.VIRTUAL, "Online"),
        ("https://meet.example/a", Delivery.VIRTUAL, ""),
        ("Hall (2nd floor), https://meet.example/a", Delivery.BLENDED, "Hall (2nd floor)"),
        ("", None, ""),
    ],
)
def test_where_it_takes_place(place: str, delivery: Delivery | None, shown: str) -> None:
    draft = the_draft(made("DTSTART:20900101T090000Z", f"LOCATION:{place}"))
    assert draft.delivery is delivery
    assert draft.sessions[0].place == shown


def test_a_whole_day_is_one_in_its_own_zone() -> None:
    forklift = the_draft(site.FORKLIFT)
    assert forklift.summary == "Driving, loading and the daily check."
    [session] = forklift.sessions
    assert session.start == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert session.end == datetime(2026, 3, 1, 23, tzinfo=UTC)


def test_dates_that_are_listed() -> None:
    assert starts(site.WELDING) == ["2090-01-10 17:00", "2090-01-17 17:00", "2090-01-24 17:00"]


def test_times_without_a_zone_are_the_calendars_own() -> None:
    assert starts(site.FLOATING)[0] == "2026-01-09 05:30"
    assert starts(site.FLOATING, timezone="UTC")[0] == "2026-01-09 06:30"
    named = site.calendar(site.FLOATING, about="X-WR-TIMEZONE:America/New_York\n")
    [draft] = drafts(named).values()
    assert f"{draft.sessions[0].start:%H:%M}" == "11:30"


def test_a_zone_nobody_knows_is_reported() -> None:
    odd = made("DTSTART;TZID=Shop floor:20900101T090000")
    draft = the_draft(odd)
    assert draft.unmapped == (("time zone", "Shop floor"),)
    assert draft.sessions[0].start == datetime(2090, 1, 1, 8, tzinfo=UTC)


def test_what_cannot_be_attended_is_not_shown() -> None:
    _, events = pulled(site.calendar(site.NOT_SHOWN))
    assert present(events) == set()
    assert not any(isinstance(event, Gone | Failed) for event in events)
    assert checkpoints(events)[-1].complete


def test_a_course_that_is_over_goes_and_comes_back_with_a_new_date() -> None:
    once = made("DTSTART:20260110T090000Z", "DTEND:20260110T100000Z")
    _, first = pulled(site.calendar(once))
    cursor = checkpoints(first)[-1].cursor
    _, during = pulled(site.calendar(once), datetime(2026, 1, 10, 9, 30, tzinfo=UTC), cursor)
    assert [type(event) for event in during[:1]] == [Unchanged]
    after = datetime(2026, 1, 10, 10, tzinfo=UTC)
    _, over = pulled(site.calendar(once), after, cursor)
    assert [event.key for event in over if isinstance(event, Gone)] == ["a"]
    again = made("DTSTART:20260210T090000Z")
    _, back = pulled(site.calendar(again), after, checkpoints(over)[-1].cursor)
    assert set(payloads(back)) == {"a"}


@pytest.mark.parametrize("more", ["STATUS:CANCELLED", "CLASS:CONFIDENTIAL"])
def test_a_course_that_is_called_off_is_gone(more: str) -> None:
    on = made("DTSTART:20900101T090000Z")
    _, first = pulled(site.calendar(on))
    off = made("DTSTART:20900101T090000Z", more)
    _, events = pulled(site.calendar(off), EPOCH, checkpoints(first)[-1].cursor)
    assert [event.key for event in events if isinstance(event, Gone)] == ["a"]


def test_a_whole_file_may_take_its_events_back() -> None:
    on = made("DTSTART:20900101T090000Z")
    assert drafts(site.calendar(on, about="METHOD:CANCEL\n")) == {}


def test_a_change_of_all_that_follow() -> None:
    weekly = made("DTSTART:20260106T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=4")
    later = made(
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20260120T090000Z",
        "DTSTART:20260120T140000Z",
        "DURATION:PT2H",
    )
    sessions = the_draft(weekly + later).sessions
    assert [(f"{s.start:%d %H}", f"{s.end:%H}") for s in sessions if s.end] == [
        ("06 09", "10"),
        ("13 09", "10"),
        ("20 14", "16"),
        ("27 14", "16"),
    ]


def test_the_version_sent_last_holds() -> None:
    old = made("DTSTART:20900101T090000Z", "SEQUENCE:1")
    new = made("DTSTART:20900102T090000Z", "SEQUENCE:2")
    assert starts(new + old) == ["2090-01-02 09:00"]


def test_one_occurrence_alone_is_an_item() -> None:
    """An invitation to one meeting of a series comes without the series."""
    assert starts(made("RECURRENCE-ID:20900101T090000Z", "DTSTART:20900101T100000Z")) == [
        "2090-01-01 10:00"
    ]


@pytest.mark.parametrize(
    ("until", "count"),
    [("20260119T080000Z", 2), ("20260120", 3), ("20260120T090000", 3), ("20260120T080000Z", 3)],
)
def test_an_end_in_any_form(until: str, count: int) -> None:
    start = "DTSTART;TZID=Europe/Berlin:20260106T090000"
    assert len(starts(made(start, f"RRULE:FREQ=WEEKLY;UNTIL={until}"))) == count


def test_a_day_taken_out_by_its_date() -> None:
    event = made(
        "DTSTART:20260106T090000Z", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20260107"
    )
    assert starts(event) == ["2026-01-06 09:00", "2026-01-08 09:00"]


def test_periods_bring_their_own_length() -> None:
    event = made("DTSTART:20900101T090000Z", "RDATE;VALUE=PERIOD:20900102T090000Z/PT5H")
    ends = [session.end for session in the_draft(event).sessions]
    assert ends == [None, datetime(2090, 1, 2, 14, tzinfo=UTC)]


def test_blanks_in_a_rule_are_forgiven() -> None:
    event = made("DTSTART:20260106T090000Z", "RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=TU, TH\n , FR")
    assert starts(event) == ["2026-01-06 09:00", "2026-01-08 09:00", "2026-01-09 09:00"]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=SECONDLY", "repeats secondly"),
        ("FREQ=HOURLY;COUNT=3", "repeats hourly"),
        ("FREQ=DAILY;INTERVAL=0", "interval of nothing"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "a day that does not exist"),
        ("FREQ=WEEKLY;BYMONTHDAY=30", "with BYMONTHDAY"),
        ("FREQ=DAILY;BYSETPOS=400", "with BYSETPOS"),
        ("FREQ=DAILY;BYYEARDAY=1;BYMONTH=12", "with BYYEARDAY"),
        ("RSCALE=CHINESE;FREQ=YEARLY", "RSCALE"),
        ("FREQ=NEVER", "Expected frequency"),
    ],
)
def test_rules_that_cannot_be_followed_say_so(rule: str, words: str) -> None:
    assert words in reason(made("DTSTART:20250101T090000Z", f"RRULE:{rule}"))


def test_a_rule_that_began_in_the_middle_ages_is_bounded() -> None:
    assert "repeats more than" in reason(made("DTSTART:10660101T090000Z", "RRULE:FREQ=DAILY"))


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], 'the event "Knots": it has no start'),
        (["DTSTART:soon"], "Expected datetime"),
        (["DTSTART;;VALUE=DATE-TIME:20140409T093000"], "could not be parsed"),
        (["DTSTART:99991231T235959Z", "DURATION:P9D"], "outside the calendar"),
        (["DTSTART;TZID=Asia/Tokyo:00010101T000000"], "outside the calendar"),
    ],
)
def test_an_event_that_cannot_be_placed_says_why(lines: list[str], words: str) -> None:
    assert words in reason(made(*lines))


def test_an_event_that_leads_nowhere_asks_for_a_page() -> None:
    connector, events = pulled(site.calendar(made("DTSTART:20900101T090000Z")), page=None)
    [error] = read(connector, events).errors
    assert "set `page`" in str(error)


def test_addresses_that_cannot_be_read_are_passed_over() -> None:
    odd = made("DTSTART:20900101T090000Z", "URL:https://[", "LOCATION:https://[meet")
    assert the_draft(odd).url == "https://school.example/calendar"


def test_an_event_that_breaks_the_parser_is_not_taken_for_vanished() -> None:
    """The library looks the zone `Europe` up and finds a folder."""
    bad, good = (made(f"DTSTART;TZID={z}:20900101T090000", uid=z) for z in ("Europe", "Asia/Tokyo"))
    connector, events = pulled(site.calendar(bad, good, about="X-WR-TIMEZONE:Asia/Tokyo\n"))
    [failed] = [event for event in events if isinstance(event, Failed)]
    assert (failed.key, present(events)) == ("Europe", {"Asia/Tokyo"})
    assert "Is a directory" in str(failed.error)
    [draft] = read(connector, events).drafts.values()
    assert draft.sessions[0].start == datetime(2090, 1, 1, tzinfo=UTC)


def test_events_without_a_name_are_told_apart() -> None:
    nameless = made("DTSTART:20900101T090000Z").replace("UID:a\n", "")
    other = made("DTSTART:20900102T090000Z").replace("UID:a\n", "")
    assert len(drafts(site.calendar(nameless, other))) == 2


def test_what_lies_around_a_broken_part_is_read() -> None:
    broken = (
        "BEGIN:VTIMEZONE\nTZID:Odd\nBEGIN:STANDARD\nTZOFFSETTO:+5744\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    good = made("DTSTART;TZID=Europe/Berlin:20900101T090000")
    assert starts(broken + good) == ["2090-01-01 08:00"]


def test_one_broken_calendar_of_several_costs_one_failure(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_text("Sign in")
    (tmp_path / "b.ics").write_text(site.calendar(site.EXCEL))
    _, events = pulled("", url=(), files=tmp_path)
    [failed] = [event for event in events if isinstance(event, Failed)]
    assert failed.key == "a.ics"
    assert "is no calendar but 'Sign in'" in str(failed.error)
    assert len(present(events)) == 1
    assert not checkpoints(events)[-1].complete


def test_what_is_no_calendar_is_named() -> None:
    with pytest.raises(NeedsPerson, match=r"https://school.example/training.ics is no calendar"):
        pulled("<html>Sign in</html>")


def test_webcal_is_https() -> None:
    text = site.calendar(site.EXCEL)
    assert len(drafts(text, url="webcal://school.example/training.ics")) == 1


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"url": BASE, "files": "."},
        {"url": "ftp://a.example/"},
        {"url": BASE, "timezone": "Middle Earth"},
    ],
)
def test_settings_that_make_no_sense(settings: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(settings)


@pytest.mark.shared_data
def test_a_real_series_by_eye(shared_data: Path, tmp_path: Path) -> None:
    events = shared_data / "wire" / "ics" / "icalendar" / "src" / "icalendar" / "tests" / "events"
    name = "issue_112_missing_tzinfo_on_exdate.ics"
    (tmp_path / name).symlink_to(events / name)
    found = drafts("", datetime(2013, 10, 1, tzinfo=UTC), url=(), files=tmp_path)
    live = found["ak30b02u7858q1oo6ji9dm4mgg@google.com"]
    assert live.title == "Market East Live!"
    assert live.summary.startswith("The Fieldhouse and Hard Rock Cafe are working with")
    assert live.duration == 5 * 3600
    # Fridays and Saturdays until 24 October, without those of the 11th and the 12th.
    told = [f"{s.start:%m-%d %H:%M} {s.place}" for s in live.sessions]
    place = "12th and Market Streets (weather permitting)"
    assert told == [f"{day} 16:00 {place}" for day in ("10-04", "10-05", "10-18", "10-19")]


@pytest.mark.shared_data
def test_real_calendars_end_in_items_or_reasons(shared_data: Path) -> None:
    at = datetime(1970, 1, 2, tzinfo=UTC)
    folder = shared_data / "wire" / "ics"
    connector, events = pulled("", at, url=(), files=folder)
    reading = read(connector, events)
    assert len(reading.drafts) == 58
    assert all(str(error) for error in reading.errors)
