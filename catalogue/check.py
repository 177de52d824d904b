"""What every draft must be, whichever connector made it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from catalogue.errors import BadItem
from catalogue.model import Draft

# What a browser opens without running it: a source may not hand a reader javascript: or data:.
SCHEMES = frozenset({"http", "https", "file"})


def checked(draft: Draft) -> Draft:
    """The draft itself. Raises BadItem that names everything wrong with it."""
    wrong = [*_complaints(draft)]
    if wrong:
        raise BadItem("; ".join(wrong))
    return draft


def _complaints(draft: Draft) -> Iterator[str]:
    if not draft.title.strip():
        yield "it has no title"
    if not _opens(draft.url):
        yield f"its address {draft.url[:200]!r} is not http, https or file"
    if draft.image and not _opens(draft.image):
        yield f"its image {draft.image[:200]!r} is not http, https or file"
    if draft.duration is not None and draft.duration < 0:
        yield f"it lasts {draft.duration} seconds"
    if not all(_in_utc(moment) for moment in _moments(draft)):
        yield "it has a date without a time zone or not in UTC"


def _opens(url: str) -> bool:
    try:
        return urlsplit(url).scheme in SCHEMES
    except ValueError:
        return False


def _moments(draft: Draft) -> Iterator[datetime | None]:
    yield from (draft.published, draft.updated)
    for session in draft.sessions:
        yield from (session.start, session.end)


def _in_utc(moment: datetime | None) -> bool:
    return moment is None or moment.utcoffset() == timedelta(0)
