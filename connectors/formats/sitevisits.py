"""Asking a site for its pages, those that may have changed."""

from collections.abc import Iterable, Iterator, Mapping

from catalogue.errors import SkillshelfError, TryLater
from connectors.base import Event, Failed, Found, Gone, Unchanged
from connectors.extract import Reader
from connectors.formats.pagememory import Memory
from connectors.formats.sitemaps import Listed
from connectors.formats.sitepages import read_reply
from connectors.http import Http, Missing

STEP = 25  # pages fetched between two checkpoints: at a second each, what a crash costs
OUTAGES = 3  # pages in a row that could not be had for now, before the site counts as down


class Visits:
    """Visits to the pages of one site; `listed` are all that its sitemaps name."""

    def __init__(
        self,
        http: Http,
        memory: Memory,
        listed: Mapping[str, Listed],
        described_only: bool,
        max_bytes: int,
    ) -> None:
        self._http, self._memory, self._listed = http, memory, listed
        self._described_only, self._max_bytes = described_only, max_bytes

    def events(self, pages: Iterable[Listed]) -> Iterator[Event]:
        """What became of each page. Raises TryLater where the site is down."""
        asked = down = 0
        with Reader() as reader:
            for page in pages:
                if self._memory.unchanged(page, self._listed):
                    yield from self._unchanged(self._memory.keys(page.url))
                    continue
                events = list(self._visit(page, reader))
                yield from events
                outages = [outage for event in events if (outage := _outage(event))]
                down = down + 1 if outages else 0
                if down == OUTAGES:
                    raise outages[0]
                asked += 1
                if asked % STEP == 0:
                    yield self._memory.checkpoint()

    def _visit(self, page: Listed, reader: Reader) -> Iterator[Event]:
        memory = self._memory
        try:
            kept = memory.validators(page, self._listed)
            reply = self._http.get(page.url, validators=kept, item=True, max_bytes=self._max_bytes)
            if reply.not_modified:
                yield from self._unchanged(memory.same(page, reply))
                return
            read = read_reply(reply, page, reader, self._described_only)
        except Missing:
            yield from map(Gone, memory.forget(page.url))
        except SkillshelfError as error:
            yield from (Failed(key, error) for key in memory.again(page))
        else:
            copied = read.address != page.url and read.address in self._listed
            keys = memory.claim([] if copied else read.items)
            lost = bool(read.items) and not keys
            memory.keep(page, reply, keys, read.address if lost else "")
            yield from (Found(key, read.items[key]) for key in keys)

    def _unchanged(self, keys: list[str]) -> Iterator[Event]:
        yield from map(Unchanged, self._memory.claim(keys))


def _outage(event: Event) -> TryLater | None:
    error = event.error if isinstance(event, Failed) else None
    return error if isinstance(error, TryLater) else None
