"""What lies behind a feed's entries: the articles they link to, their recordings' transcripts."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catalogue.errors import BadItem, SkillshelfError
from catalogue.hashing import content_hash
from catalogue.model import Json, Payload
from connectors.base import Event, Failed, Found, Unchanged
from connectors.formats.article import article
from connectors.formats.feedplace import Memory
from connectors.formats.transcripts import transcribed
from connectors.http import Http
from connectors.http.addresses import shown

STEP = 20  # entries followed between two checkpoints: at a second each, what a crash costs
PAGE = 8 * 1024 * 1024  # bytes
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Follow:
    """What is to be followed of each entry. Where nothing is, entries are found as they are."""

    http: Http
    articles: bool = False
    transcripts: bool = False

    def events(
        self, entries: list[Payload], mark: Json, name: str, memory: Memory
    ) -> Iterator[Event]:
        """A feed's entries, with checkpoints at which `memory` knows them, and at last `mark`."""
        follows = self.articles or self.transcripts
        known, read = memory.of(name).get("read", {}), dict[str, str]()
        for count, entry in enumerate(entries, 1):
            event = self._event(entry, known.get(entry["key"])) if follows else _found(entry)
            yield event
            read |= {} if isinstance(event, Failed) else {entry["key"]: content_hash(entry)}
            if follows and count % STEP == 0:
                yield memory.checkpoint(name, {"read": {**known, **read}})
        # An entry that failed is tried again even if its feed stays as it is.
        mark = mark if len(read) == len(entries) else {}
        yield memory.checkpoint(name, {**mark, "read": read} if follows else mark)

    def _event(self, entry: Payload, known: str | None) -> Event:
        if content_hash(entry) == known:
            return Unchanged(entry["key"])
        try:
            return Found(entry["key"], {**entry, **self._behind(entry)})
        except SkillshelfError as error:
            return Failed(entry["key"], error)

    def _behind(self, entry: Payload) -> dict[str, Any]:
        more: dict[str, Any] = {}
        if self.articles and entry.get("link"):
            page = self.http.get(entry["link"], item=True, max_bytes=PAGE)
            more["article"] = article(page.body, page.url, page.content_type)
        if self.transcripts:
            more |= self._transcript(entry)
        return more

    def _transcript(self, entry: Payload) -> dict[str, Any]:
        """An episode is worth having without its transcript; the payload keeps why it has none."""
        try:
            return transcribed(self.http, entry)
        except BadItem as error:
            log.warning("%s: no transcript: %s", shown(entry.get("link", "")), error)
            return {"untranscribed": str(error)}


def _found(entry: Payload) -> Found:
    return Found(entry["key"], entry)
