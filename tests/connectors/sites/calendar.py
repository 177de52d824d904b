"""A training department's calendar: six series that can be attended, and four that cannot.

What repeats began in 2025 and has no end, and what does not takes place in 2090, so that the
calendar has sessions to come whenever it is read.
"""

from collections.abc import Callable

from requests import PreparedRequest

from connectors.testing import Answer

SECRETS: tuple[str, ...] = ()

BERLIN = """BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19810329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""
FIRST_AID = """BEGIN:VEVENT
UID:first-aid@school.example
SUMMARY:First aid at work
DESCRIPTION:Recovery position\\, resuscitation\\, bleeding\\, burns. Two hours with a doll.
LOCATION:Room 2.14
CATEGORIES:Safety,First aid
ORGANIZER;CN="Training department":mailto:training@school.example
URL:https://school.example/courses/first-aid
CREATED:20250102T090000Z
LAST-MODIFIED:20251201T120000Z
DTSTART;TZID=Europe/Berlin:20250107T090000
DTEND;TZID=Europe/Berlin:20250107T110000
RRULE:FREQ=WEEKLY;BYDAY=TU
EXDATE;TZID=Europe/Berlin:20260113T090000
END:VEVENT
BEGIN:VEVENT
UID:first-aid@school.example
RECURRENCE-ID;TZID=Europe/Berlin:20260120T090000
SUMMARY:First aid at work (in the canteen)
LOCATION:Canteen
DTSTART;TZID=Europe/Berlin:20260120T140000
DTEND;TZID=Europe/Berlin:20260120T160000
END:VEVENT
BEGIN:VEVENT
UID:first-aid@school.example
RECURRENCE-ID;TZID=Europe/Berlin:20260127T090000
SUMMARY:First aid at work
STATUS:CANCELLED
DTSTART;TZID=Europe/Berlin:20260127T090000
DTEND;TZID=Europe/Berlin:20260127T110000
END:VEVENT
"""
EXCEL = """BEGIN:VEVENT
UID:pivot@school.example
SUMMARY;LANGUAGE=de:Pivot-Tabellen für Einsteiger
DESCRIPTION:Daten auswerten ohne Formeln.\\n\\nTeilnehmen:
  https://teams.microsoft.com/l/meetup-join/19%3ameeting_x/0?context=%7b%7d
LOCATION:Microsoft Teams-Besprechung
DTSTART;TZID=W. Europe Standard Time:20900302T140000
DTEND;TZID=W. Europe Standard Time:20900302T153000
END:VEVENT
"""
FORKLIFT = """BEGIN:VEVENT
UID:forklift@school.example
SUMMARY:Forklift licence\\, yearly refresher
DESCRIPTION:<p>Driving\\, loading and <b>the daily check</b>.</p>
LOCATION:Hall 3
URL:https://school.example/courses/forklift
DTSTART;VALUE=DATE:20250301
DTEND;VALUE=DATE:20250302
RRULE:FREQ=YEARLY
END:VEVENT
"""
NEGOTIATING = """BEGIN:VEVENT
UID:negotiating@school.example
SUMMARY:Negotiating with suppliers
DESCRIPTION:Interests instead of positions. Dial in or come by.
LOCATION:Room 1.02
CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://school.zoom.us/j/123456789?pwd=hushhush&lang=en
DTSTART:20250304T130000Z
DURATION:PT3H
RRULE:FREQ=MONTHLY;BYDAY=1TU
END:VEVENT
"""
WELDING = """BEGIN:VEVENT
UID:welding@school.example
SUMMARY:MIG welding\\, evening course
DESCRIPTION:Set up\\, strike the arc\\, keep the stick-out. Three evenings.
LOCATION:Workshop
DTSTART;TZID=Europe/Berlin:20900110T180000
DTEND;TZID=Europe/Berlin:20900110T210000
RDATE;TZID=Europe/Berlin:20900117T180000,20900124T180000
END:VEVENT
"""
FLOATING = """BEGIN:VEVENT
UID:toolbox@school.example
SUMMARY:Toolbox talk: working at height
DESCRIPTION:Ten minutes before the shift.
LOCATION:Gate 1
DTSTART:20250103T063000
DTEND:20250103T064000
RRULE:FREQ=DAILY;BYDAY=FR
END:VEVENT
"""
NOT_SHOWN = """BEGIN:VEVENT
UID:over@school.example
SUMMARY:Introduction to the old system
DTSTART:20240101T090000Z
DTEND:20240101T100000Z
END:VEVENT
BEGIN:VEVENT
UID:ended@school.example
SUMMARY:Course that ended
DTSTART:20240101T090000Z
RRULE:FREQ=WEEKLY;COUNT=10
END:VEVENT
BEGIN:VEVENT
UID:cancelled@school.example
SUMMARY:Cancelled course
STATUS:CANCELLED
DTSTART:20900101T090000Z
END:VEVENT
BEGIN:VEVENT
UID:private@school.example
SUMMARY:Appraisal interview
CLASS:PRIVATE
DTSTART:20900101T090000Z
END:VEVENT
"""
SHOWN = (FIRST_AID, EXCEL, FORKLIFT, NEGOTIATING, WELDING, FLOATING)


def settings(base: str) -> dict[str, object]:
    return {
        "url": f"{base}/training.ics",
        "page": "https://school.example/calendar",
        "timezone": "Europe/Berlin",
    }


def answers(base: str, world: str = "whole") -> Callable[[PreparedRequest], Answer]:
    """`shrunk` lacks the welding course; in `dented` it is on no day."""
    del base
    shown = [event for event in SHOWN if not (world == "shrunk" and event is WELDING)]
    text = calendar(*shown, NOT_SHOWN)
    if world == "dented":
        text = text.replace("Berlin:20900110T180000", "Berlin:2090-13-10")
    return lambda _: Answer(text, headers={"Content-Type": "text/calendar; charset=utf-8"})


def calendar(*events: str, about: str = "") -> str:
    """A calendar with these events, its lines as the standard ends them."""
    head = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//school.example//EN\n{about}"
    return f"{head}{BERLIN}{''.join(events)}END:VCALENDAR\n".replace("\n", "\r\n")
