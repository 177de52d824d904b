"""What happened to the courses of an Open edX site since they were last read."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from catalogue.errors import BadItem, NeedsPerson
from catalogue.hashing import content_hash
from catalogue.model import Cursor, Json
from connectors.base import Checkpoint, Event, Failed, Found, Gone, Unchanged
from connectors.formats.openedxcourse import published_runs, trimmed
from connectors.formats.openedxsite import Page, Site
from connectors.vocabulary import Vocabulary

OVERLAP = timedelta(hours=1)  # a change may be stamped long before it is stored


def discovered(site: Site, known: Cursor, whole_days: int) -> Iterator[Event]:
    """Courses of course-discovery: those that changed, or all where it is time for that.

    Pages are numbered, so a listing that broke starts over: until it ends the cursor stays.
    """
    since = str(known.get("since", ""))
    pages = site.pages(since)
    first = next(pages)
    if since and due(known, first.now, whole_days):
        since, pages = "", site.pages()
        first = next(pages)
    seen, latest = set[str](), None
    for page in chain([first], pages):
        for course in page.courses:
            key = str(course.get("key") or "")
            latest = max(filter(None, (latest, _stamp(course))), default=None)
            seen.add(key)
            if key and published_runs(course):
                yield Found(key, {"course": trimmed(course)})
            elif key and since:
                yield Gone(key)
        yield Checkpoint(known)
    complete = not since and _all_listed(seen, first)
    yield Checkpoint(_cursor(known, latest, first.now, complete), complete=complete)


def _cursor(known: Cursor, latest: datetime | None, now: datetime | None, complete: bool) -> Cursor:
    """Where the next run goes on from: from the beginning until once all was listed."""
    if not complete and "whole" not in known:
        return known
    whole = {"whole": now.isoformat() if now else ""} if complete else {}
    since = {"since": (latest - OVERLAP).isoformat()} if latest else {}
    return {**known, **whole, **since}


def _all_listed(seen: set[str], first: Page) -> bool:
    """Whether no course slipped from page to page, and none is without a key."""
    return "" not in seen and len(seen) >= (first.total or 0)


def _stamp(course: Json) -> datetime | None:
    return Vocabulary().moment(course.get("data_modified_timestamp") or course.get("modified"))


def due(known: Cursor, now: datetime | None, days: int) -> bool:
    """Whether everything is to be read anew. Always, where the site does not tell its time."""
    whole = Vocabulary().moment(known.get("whole"))
    return not (whole and now) or now - whole >= timedelta(days=days)


def listed(site: Site, known: Cursor, whole_days: int) -> Iterator[Event]:
    """All courses of an LMS. The descriptions are fetched of those whose entry changed."""
    pages = site.pages()
    first = next(pages)
    anew = due(known, first.now, whole_days)
    old: dict[str, str] = {} if anew else dict(known.get("courses", {}))
    whole = first.now.isoformat() if anew and first.now else known.get("whole", "")
    done, seen = dict[str, str](), set[str]()
    for page in chain([first], pages):
        for course in page.courses:
            key = str(course.get("course_id") or course.get("id") or "")
            seen.add(key)
            if key and not course.get("hidden"):
                event, mark = _event(site, key, course, old)
                yield event
                done |= mark
        yield Checkpoint({**known, "whole": whole, "courses": old | done})
    cursor = {**known, "whole": whole, "courses": done}
    yield Checkpoint(cursor, complete=_all_listed(seen, first))


def _event(
    site: Site, key: str, course: Json, old: Mapping[str, str]
) -> tuple[Event, dict[str, Any]]:
    """What became of the course, and its mark for the cursor unless it failed."""
    mark = {key: content_hash(course)[-16:]}
    if old.get(key) == mark[key]:
        return Unchanged(key), mark
    try:
        return Found(key, {"course": course, "overview": site.overview(key)}), mark
    except NeedsPerson as error:  # the list could be read, so this is about the one course
        return Failed(key, BadItem(str(error))), {}
