"""What a series of a calendar means: its payload while it can be attended, and the draft of it."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from catalogue.errors import BadItem
from catalogue.model import Delivery, Draft, Kind, Payload, Session
from connectors.extract import plain
from connectors.extract.document import line, tidy, words
from connectors.formats.icsfile import Event, Series, every, fault, first, text
from connectors.formats.icsrepeat import is_cancelled, main_event, occurrences
from connectors.vocabulary import Vocabulary

_PRIVATE = ("PRIVATE", "CONFIDENTIAL")
_LINK = re.compile(r"https?://[^\s<>\"'\\]+[^\s<>\"'\\.,;:)\]]")
_MEETING = re.compile(
    r"(?:[\w-]+\.)*(?:teams\.microsoft\.com|teams\.live\.com|zoom\.us|zoom\.com|meet\.google\.com"
    r"|webex\.com|gotomeeting\.com|gotowebinar\.com|whereby\.com|jit\.si|bigbluebutton\.org)"
)
_ONLINE = re.compile(
    r"\b(?:online|virtual|virtuell|remote|webinar|teams|zoom|webex|google meet)\b", re.IGNORECASE
)
_SECRET = re.compile(
    r"p(?:ass)?w(?:or)?d|passcode|token|tk|key|secret|sig(?:nature)?", re.IGNORECASE
)
_MARKUP = re.compile(r"</?(?:p|br|a|b|i|ul|ol|li|div|span|strong|em|html)\b[^>]*>", re.IGNORECASE)
_MEETINGS = ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL")


def payload(series: Series, now: datetime) -> dict[str, Any] | None:
    """None for what is cancelled, private or over. Raises BadItem for what cannot be placed."""
    for event in series.events:
        if why := fault(event):
            raise BadItem(f"{_called(event)}: {why}")
    main = main_event(series)
    hidden = text(main, "CLASS").upper() in _PRIVATE or is_cancelled(main) or series.cancelled
    coming = [] if hidden else occurrences(series, now)
    if not coming:
        return None
    told = {
        "uid": series.uid,
        "title": text(main, "SUMMARY"),
        "summary": text(main, "DESCRIPTION"),
        "html": _html(main),
        "url": text(main, "URL"),
        "meetings": [str(m) for name in _MEETINGS for m in every(main, name)],
        "place": text(main, "LOCATION"),
        "subjects": _subjects(main),
        "organiser": _organiser(main),
        "language": _parameter(main, "SUMMARY", "LANGUAGE"),
        "created": _moment(main, "CREATED"),
        "updated": _moment(main, "LAST-MODIFIED"),
        "image": next((str(i) for i in every(main, "IMAGE") if str(i).startswith("http")), ""),
        "sessions": [_session(o.start, o.end, text(o.event, "LOCATION")) for o in coming],
        "zones": _unknown_zones(series.events),
    }
    return {name: value for name, value in told.items() if value}


def draft(told: Payload, page: str) -> Draft:
    """Raises BadItem for a series without a title, or that leads nowhere."""
    said = Vocabulary()
    title = line(_plain(told.get("title", "")))
    if not title:
        raise BadItem(f"the event {told['uid'][:80]} has no SUMMARY to call it by")
    summary = plain(told["html"]) if told.get("html") else _plain(told.get("summary", ""))
    meeting, place = _meeting(told, summary), _place(told.get("place", ""))
    sessions = tuple(_read(session) for session in told["sessions"])
    starts = sessions[0]
    return Draft(
        title=title,
        url=_address(told, meeting, page),
        kind=Kind.SESSION,
        summary=summary,
        language=said.language(told.get("language")),
        authors=words([told.get("organiser", "")]),
        published=said.moment(told.get("created")),
        updated=said.moment(told.get("updated")),
        duration=round((starts.end - starts.start).total_seconds()) or None if starts.end else None,
        delivery=_delivery(meeting or _ONLINE.search(told.get("place", "")), place),
        sessions=sessions,
        image=told.get("image", ""),
        subjects=words(told.get("subjects", ())),
        unmapped=(*said.unmapped, *(("time zone", zone) for zone in told.get("zones", ()))),
    )


def _address(told: Payload, meeting: str, page: str) -> str:
    own = told.get("url", "")
    for address in (own, meeting, page):
        if _host(address):
            return _public(address)
    raise BadItem(f"the event {told['uid'][:80]} names no address; set `page`")


def _public(address: str) -> str:
    """The address without passwords: who may attend is told them elsewhere."""
    parts = urlsplit(address)
    query = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in query if not _SECRET.fullmatch(name)]
    return address if kept == query else urlunsplit(parts._replace(query=urlencode(kept)))


def _meeting(told: Payload, summary: str) -> str:
    """Where the event is attended online: what says so itself, else a link to a known service."""
    for address in told.get("meetings", ()):
        if _host(address):
            return str(address)
    place = filter(_host, _LINK.findall(told.get("place", "")))
    mentioned = [link for link in _LINK.findall(summary) if _MEETING.fullmatch(_host(link))]
    return next(iter([*place, *mentioned]), "")


def _host(address: str) -> str:
    """The host of a web address; "" for anything else."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in ("http", "https") else ""


def _place(said: str) -> str:
    """A place to go to; "" for one that is online."""
    left = _where(said)
    return "" if _ONLINE.search(left) else left


def _where(said: str) -> str:
    """The place without the links in it, and without what stood around them."""
    left = _LINK.sub("", said)
    return line(left) if left == said else line(left.replace("()", "")).strip(" ,;:|-")


def _delivery(online: object, place: str) -> Delivery | None:
    if online:
        return Delivery.BLENDED if place else Delivery.VIRTUAL
    return Delivery.INSTRUCTOR_LED if place else None


def _read(session: dict[str, str]) -> Session:
    start, end = (datetime.fromisoformat(session[name]) for name in ("start", "end"))
    return Session(start, end if end > start else None, session.get("place", ""))


def _session(start: datetime, end: datetime, place: str) -> dict[str, str]:
    where = _where(place)
    times = {"start": start.isoformat(), "end": end.isoformat()}
    return {**times, "place": where} if where else times


def _plain(description: str) -> str:
    return plain(description) if _MARKUP.search(description) else tidy(description)


def _html(event: Event) -> str:
    """Outlook's own description, where it is more than an empty page."""
    value = first(event, "X-ALT-DESC")
    kind = str(getattr(value, "params", {}).get("FMTTYPE", ""))
    return str(value) if value is not None and kind == "text/html" and plain(str(value)) else ""


def _subjects(event: Event) -> list[str]:
    listed = (getattr(one, "cats", [one]) for one in every(event, "CATEGORIES"))
    return [str(subject) for subjects in listed for subject in subjects]


def _organiser(event: Event) -> str:
    name = _parameter(event, "ORGANIZER", "CN").strip("\"' ")
    return "" if "@" in name else name


def _parameter(event: Event, name: str, parameter: str) -> str:
    return str(getattr(first(event, name), "params", {}).get(parameter, ""))


def _moment(event: Event, name: str) -> str:
    value = getattr(first(event, name), "dt", None)
    return value.isoformat() if isinstance(value, datetime) else ""


def _unknown_zones(events: Iterable[Event]) -> list[str]:
    """Names of zones that nobody knows, so that their times were taken for the calendar's own."""
    named = ((first(e, "DTSTART").dt, _parameter(e, "DTSTART", "TZID")) for e in events)
    floating = ((m, zone) for m, zone in named if isinstance(m, datetime) and not m.tzinfo)
    return list(dict.fromkeys(zone for _, zone in floating if zone))


def _called(event: Event) -> str:
    name = text(event, "SUMMARY") or text(event, "UID")
    return f'the event "{name[:60]}"' if name else "an event without a name"
