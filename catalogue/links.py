"""What checking an item's link says, and when a link is dead. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from catalogue.model import ItemKey

FAILURES = 4  # in a row: a server may be down, or moving house, for days
_EVERY = timedelta(days=7)
_SOON = timedelta(days=1)
# "Not here" and "gone for good", and addresses that a server cannot make sense of. All others tell
# of something else: sign in (401, 403), not that way (405, 406, 412), not so often (429), trouble
# of its own (5xx).
_GONE = frozenset({400, 404, 410, 414, 421, 451})


class Answer(StrEnum):
    ALIVE = "alive"
    GONE = "gone"
    UNSURE = "unsure"  # says nothing about whether the item is still there


class LinkStatus(StrEnum):
    ALIVE = "alive"
    FAILING = "failing"  # but not often enough for a verdict
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class DueLink:
    item: int
    key: ItemKey
    url: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A check just made. `reason` is in words: "answered 404"."""

    due: DueLink
    answer: Answer
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """What is known of an item's link. `since` is when it last became what `status` says."""

    item: ItemKey
    url: str
    status: LinkStatus
    failures: int
    reason: str
    since: datetime
    checked: datetime


def answered(status: int) -> Answer:
    """What an HTTP status says of a link."""
    if status < 400:
        return Answer.ALIVE
    return Answer.GONE if status in _GONE else Answer.UNSURE


def concluded(before: Link | None, check: Checked, now: datetime) -> Link:
    """The link after a check. An unsure answer neither counts as a failure nor takes one back.

    An item with another address than before starts anew.
    """
    if before is None or before.url != check.due.url:
        before = Link(check.due.key, check.due.url, LinkStatus.ALIVE, 0, "", now, now)
    failures = {
        Answer.ALIVE: 0,
        Answer.GONE: before.failures + 1,
        Answer.UNSURE: before.failures,
    }[check.answer]
    status = _status(failures)
    since = before.since if status is before.status else now
    return Link(before.item, before.url, status, failures, check.reason, since, now)


def next_check(link: Link) -> datetime:
    """A failing link is asked again on the next day, others in a week."""
    return link.checked + (_SOON if link.status is LinkStatus.FAILING else _EVERY)


def _status(failures: int) -> LinkStatus:
    if failures >= FAILURES:
        return LinkStatus.DEAD
    return LinkStatus.FAILING if failures else LinkStatus.ALIVE
