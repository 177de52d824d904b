"""Ask politely whether items are still where their links say; one answer alone condemns none."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, zip_longest
from typing import Protocol
from urllib.parse import urlsplit

from catalogue.errors import BadItem, TryLater
from catalogue.links import Answer, Checked, DueLink, answered
from catalogue.store import Catalogue
from connectors.http.clock import SystemClock
from connectors.http.pacing import Pacing
from connectors.http.trouble import Unreachable
from flows.progress import Progress, silent
from flows.workshop import Workshop

LIMIT = 2_000  # links a run: at a second a link and host, half an hour at the worst
BATCH = 100  # links checked between two writes
PAGE = 500


class Door(Protocol):
    """What of the one door to the network is needed here."""

    def status(self, url: str, *, whole: bool = False) -> int: ...


def check_all(shop: Workshop, limit: int, progress: Progress = silent) -> tuple[int, int]:
    """Checks what is due through doors that wait at a host together; see `check_links`."""
    pacing = Pacing(SystemClock(), shop.settings.http_spacing_s)
    open_to = {
        private: shop.door(allow_private=private, pacing=pacing) for private in (True, False)
    }
    doors = {name: open_to[spec.allow_private] for name, spec in shop.specs.items()}
    return check_links(shop.catalogue, doors, open_to[False], limit, progress)


def check_links(
    catalogue: Catalogue,
    doors: Mapping[str, Door],
    stranger: Door,
    limit: int,
    progress: Progress = silent,
) -> tuple[int, int]:
    """Checks up to `limit` links that are due; how many were, and how many items' verdict turned.

    `doors` are those of the sources, `stranger` that of a source nobody describes any more.
    """
    done, turned = 0, 0
    due = list(_due(catalogue, limit))
    for start in range(0, len(due), BATCH):
        some = due[start : start + BATCH]
        asked = [_asked(doors.get(one.key.source, stranger), one) for one in _taking_turns(some)]
        turned += catalogue.links.record(doubted(asked))
        done += len(some)
        progress("links", "check", done, len(due))
    return done, turned


def _due(catalogue: Catalogue, limit: int) -> Iterator[DueLink]:
    after, given = 0, 0
    while page := catalogue.links.due(PAGE, after):
        after = page[-1].item
        for one in page:
            if given < limit and one.url.startswith(("http://", "https://")):
                given += 1
                yield one
        if given >= limit:
            return


def _taking_turns(some: Iterable[DueLink]) -> list[DueLink]:
    """Host by host in turn, so that the wait before one host is spent asking the others."""
    hosts: defaultdict[str, list[DueLink]] = defaultdict(list)
    for one in some:
        hosts[_host(one.url)].append(one)
    return [one for one in chain.from_iterable(zip_longest(*hosts.values())) if one is not None]


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _asked(door: Door, due: DueLink) -> Checked:
    """HEAD first; many servers answer it wrongly, so only a GET of the first byte condemns."""
    try:
        status = door.status(due.url)
        if answered(status) is not Answer.ALIVE:
            status = door.status(due.url, whole=True)
    except Unreachable as silence:
        return Checked(due, Answer.GONE, UNREACHABLE + str(silence))
    except (TryLater, BadItem) as error:
        return Checked(due, Answer.UNSURE, str(error))
    return Checked(due, answered(status), f"answered {status}")


UNREACHABLE = "no answer: "


def doubted(checks: Sequence[Checked]) -> list[Checked]:
    """Where no host at all answered, it is rather our own network that is down."""
    silent_all = all(check.reason.startswith(UNREACHABLE) for check in checks)
    if not silent_all:
        return list(checks)
    return [replace(check, answer=Answer.UNSURE) for check in checks]
