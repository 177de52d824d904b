"""All pages of a wiki, or those that changed since the last time."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from catalogue.errors import BadItem
from catalogue.model import Json
from connectors.base import Checkpoint, Event, Failed, Found, Gone, Unchanged
from connectors.formats.wikipage import key, payload, wanted
from connectors.formats.wikisite import Wiki

STEP = 20  # pages read between two checkpoints, a request each
FAILED = 0  # no revision has this number


@dataclass(slots=True)
class Walk:
    """`known` maps pages to the revisions read; a page that failed has 0, to be tried again.

    `reading` tells one choice of pages from another.
    """

    wiki: Wiki
    namespaces: tuple[int, ...]
    categories: tuple[str, ...]
    reading: str
    known: dict[str, int] = field(default_factory=dict)
    _licence: str = ""

    def events(self, since: str, upto: str, licence: str) -> Iterator[Event]:
        """Changes between two moments; everything where `since` is empty or too long ago."""
        self._licence = licence
        touched = self.wiki.touched(since) if since else None
        if touched is None:
            yield from self._listing()
        else:
            yield from self._changes(touched, since)
        yield self._checkpoint(upto, complete=touched is None)

    def _listing(self) -> Iterator[Event]:
        old, self.known = self.known, {}
        read = 0
        for page in self.wiki.pages(self.namespaces, self.categories):
            name = key(page)
            if name in self.known or not wanted(page, self.namespaces, ()):
                continue
            if old.get(name, FAILED) == page["lastrevid"]:
                self.known[name] = page["lastrevid"]
                yield Unchanged(name)
                continue
            yield self._read(page)
            read += 1
            if read % STEP == 0:
                yield self._checkpoint("", known=old | self.known)

    def _changes(self, touched: set[int], since: str) -> Iterator[Event]:
        read = 0
        failed = {int(name) for name, revision in self.known.items() if revision == FAILED}
        for page in self.wiki.named(touched | failed, self.categories):
            name = key(page)
            if not wanted(page, self.namespaces, self.categories):
                if self.known.pop(name, None) is not None:
                    yield Gone(name)
            elif self.known.get(name, FAILED) != page["lastrevid"]:
                yield self._read(page)
                read += 1
                if read % STEP == 0:
                    yield self._checkpoint(since)

    def _read(self, page: Json) -> Event:
        name = key(page)
        try:
            parsed = self.wiki.html(page["pageid"])
        except BadItem as error:
            self.known[name] = FAILED
            return Failed(name, error)
        self.known[name] = page["lastrevid"]
        return Found(name, payload(page, parsed, self._licence))

    def _checkpoint(
        self, since: str, known: dict[str, int] | None = None, complete: bool = False
    ) -> Checkpoint:
        pages = dict(self.known if known is None else known)
        return Checkpoint({"reading": self.reading, "since": since, "pages": pages}, complete)
