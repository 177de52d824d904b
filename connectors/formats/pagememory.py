"""What a cursor knows of a site's pages, and which page an item comes from. Pure.

A mark of a page is kept short, for there may be many: "c" is when its sitemap said that it
changed, "e" or "m" what its server gave to ask for changes with, "k" the keys of its items where
that is not just its own address, "d" the address of the page it is a copy of.
"""

from collections.abc import Collection, Iterable, Iterator
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from catalogue.model import Cursor
from connectors.base import Checkpoint
from connectors.formats.sitemaps import Listed
from connectors.http import Reply, Validators

Mark = dict[str, Any]


class Memory:
    """The pages known from earlier runs; none if they were read differently then."""

    def __init__(self, cursor: Cursor, reading: str, url: str) -> None:
        parts = urlsplit(url)
        self._reading, self._site = reading, f"{parts.scheme}://{parts.netloc}"
        same = cursor.get("reading") == reading
        marks: dict[str, Mark] = cursor["pages"] if same else {}
        self._marks = {self._long(place): mark for place, mark in marks.items()}
        self._failing = list[str](cursor.get("failing", ()))
        self._unread = list[str](cursor.get("unread", ()) if same else ())
        self._gone = list[str](cursor.get("gone", ()) if same else ())
        self._claimed: set[str] = set()

    def wanted(self, listed: Collection[Listed], most: int) -> list[Listed]:
        """As many as may be read, in their order; those known before the new ones.

        So the limit never drives out an item for one that was listed before it.
        """
        room = most - sum(page.url in self._marks for page in listed)
        taken = []
        for page in listed:
            known = page.url in self._marks
            room -= not known
            if known or room >= 0:
                taken.append(page)
        return taken

    def of(self, page: Listed, listed: Collection[str]) -> Mark | None:
        """What is known of a page; None where it was a copy of one that is no more."""
        mark = self._marks.get(page.url)
        copied = mark.get("d") if mark else None
        return None if copied and copied not in listed and copied not in self._claimed else mark

    def validators(self, page: Listed, listed: Collection[str]) -> Validators | None:
        """What to ask with whether the page has changed."""
        mark = self.of(page, listed) or {}
        known = Validators(mark.get("e", ""), mark.get("m", ""))
        return known if known.headers() else None

    def unchanged(self, page: Listed, listed: Collection[str]) -> bool:
        """Whether the sitemap says that the page is as it was when last read."""
        mark = self.of(page, listed)
        return bool(mark and page.changed) and (mark or {}).get("c") == page.changed

    def keys(self, url: str) -> list[str]:
        """The keys of a page's items, as far as known."""
        return list(self._marks.get(url, {}).get("k", (url,)))

    def claim(self, keys: Iterable[str]) -> list[str]:
        """Those of a page's keys that no other page gave an item for in this run."""
        free = [key for key in keys if key not in self._claimed]
        self._claimed.update(free)
        return free

    def keep(self, page: Listed, reply: Reply, keys: list[str], copied: str = "") -> None:
        """Remember a page that was read, and that items it had before have gone."""
        kept = reply.validators
        before = self.keys(page.url) if page.url in self._marks else []
        if page.url in self._unread:  # its failure was under its own address
            self._unread.remove(page.url)
            before = [*before, page.url]
        self._gone += [key for key in before if key not in keys]
        validator = {"e": kept.etag} if kept.etag else {"m": kept.modified}
        named = {} if keys == [page.url] else {"k": keys}
        mark = {"c": _settled(page, reply), **validator, **named, "d": copied}
        self._marks[page.url] = {n: v for n, v in mark.items() if v or n == "k"}

    def same(self, page: Listed, reply: Reply) -> list[str]:
        """The keys of the items of a page that its server calls unchanged."""
        self._marks[page.url] = {**self._marks[page.url], "c": _settled(page, reply)}
        return self.keys(page.url)

    def again(self, page: Listed) -> list[str]:
        """Read the page again next time; the keys of the items that could not be had.

        Those of a page that had none are none: what failed is no item.
        """
        if page.url in self._marks:
            self._marks[page.url] = {n: v for n, v in self._marks[page.url].items() if n != "c"}
        elif page.url not in self._unread:
            self._unread.append(page.url)
        return self.keys(page.url)

    def forget(self, url: str) -> list[str]:
        """The keys of a page's items, when the page has gone."""
        keys = self.keys(url)
        self._marks.pop(url, None)
        return keys

    def gone(self) -> Iterator[str]:
        """Items that lost their page to none other, each told once."""
        told, self._gone = self._gone, []
        yield from dict.fromkeys(key for key in told if key not in self._claimed)

    def mended(self, failing: Collection[str]) -> list[str]:
        """Sitemaps that failed last time and do not now; nothing else takes them off the list."""
        before, self._failing = self._failing, sorted(failing)
        return sorted(set(before) - set(failing))

    def only(self, listed: Collection[str]) -> None:
        """Forget pages that are listed no more."""
        self._marks = {url: mark for url, mark in self._marks.items() if url in listed}

    def checkpoint(self, complete: bool = False) -> Checkpoint:
        marks = {url.removeprefix(self._site): mark for url, mark in self._marks.items()}
        more = {"failing": self._failing, "unread": self._unread, "gone": self._gone}
        kept = {name: [*value] for name, value in more.items() if value}
        return Checkpoint({"reading": self._reading, "pages": marks, **kept}, complete=complete)

    def _long(self, place: str) -> str:
        return self._site + place if place.startswith("/") else place


def _settled(page: Listed, reply: Reply) -> str:
    """When the page changed, as its sitemap says; empty while the day that it names is not over.

    Until then the page may change again under the same date.
    """
    if len(page.changed) != len("2026-01-31"):
        return page.changed
    try:
        now = parsedate_to_datetime(reply.headers.get("date", ""))
    except ValueError:
        return page.changed
    return page.changed if page.changed < now.strftime("%Y-%m-%d") else ""
