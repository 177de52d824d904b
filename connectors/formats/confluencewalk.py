"""All pages of some spaces against what was known of them."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalogue.errors import BadItem
from catalogue.model import Json
from connectors.base import Checkpoint, Event, Failed, Found, Gone, Unchanged
from connectors.extract import Reader
from connectors.formats.confluencepage import attachments, mark, payload, visibility
from connectors.formats.confluencesite import Site, objects

STEP = 20  # pages read with one request, and between two checkpoints
DOUBTED = 100  # pages that the lists left out and that are asked for one by one
# The groups that may see a page, its files, and its mark.
Changed = tuple[tuple[str, ...], list[dict[str, Any]], str]
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Walk:
    """`old` maps pages to their marks; one that failed is not in it.

    `reading` tells one way of reading from another; `largest` bounds an attachment in bytes.
    """

    site: Site
    reading: str
    old: Mapping[str, str]
    largest: int
    done: dict[str, str] = field(default_factory=dict)

    def events(self, pages: Mapping[str, Json]) -> Iterator[Event]:
        """What became of each page, ending with a checkpoint."""
        known = {**self._above(pages), **pages}
        shown = {number: visibility(page, known) for number, page in pages.items()}
        with Reader() as reader:
            yield from self._shown(pages, shown, reader)
        hidden = [number for number, groups in shown.items() if groups is None]
        yield from (Gone(number) for number in hidden if number in self.old)
        yield from self._absent(pages)
        if hidden:
            log.info("%s: left out %d pages restricted to persons", self.site.url, len(hidden))
        yield Checkpoint({"reading": self.reading, "pages": self.done}, complete=True)

    def _above(self, pages: Mapping[str, Json]) -> dict[str, Json]:
        """What pages lie in that is no page of these spaces itself, as far as we may know it."""
        named = {str(a.get("id")) for p in pages.values() for a in objects(p.get("ancestors"))}
        found = dict[str, Json]()
        for number in sorted(named - pages.keys()):
            try:
                found[number] = self.site.restricted(number)
            except BadItem as error:
                log.info("pages below %s are left out: %s", number, error)
        return found

    def _shown(
        self, pages: Mapping[str, Json], shown: Mapping[str, tuple[str, ...] | None], reader: Reader
    ) -> Iterator[Event]:
        changed: dict[str, Changed] = {}
        for number, groups in shown.items():
            if groups is None:
                continue
            files = attachments(pages[number])
            known = mark(pages[number], groups, files)
            if self.old.get(number) == known:
                self.done[number] = known
                yield Unchanged(number)
                continue
            changed[number] = groups, files, known
            if len(changed) == STEP:
                yield from self._read(changed, reader)
                yield Checkpoint({"reading": self.reading, "pages": {**self.old, **self.done}})
                changed = {}
        yield from self._read(changed, reader)

    def _read(
        self,
        changed: Mapping[str, Changed],
        reader: Reader,
    ) -> Iterator[Event]:
        """Pages with their texts; one that cannot be had with the others is asked for alone."""
        read = self.site.read(list(changed)) if len(changed) > 1 else {}
        for number, (groups, files, known) in changed.items():
            try:
                page = read.get(number) or self.site.page(number)
            except BadItem as error:
                yield Failed(number, error)
                continue
            texts = [self._text(file, reader) for file in files]
            self.done[number] = known
            yield Found(number, payload(page, groups, texts))

    def _text(self, file: Json, reader: Reader) -> dict[str, Any]:
        """What an attachment says, or why it cannot be read: the page is worth having without."""
        try:
            data = self.site.file(file["link"], self.largest)
            return {**file, "document": reader.document(file["name"], data)}
        except BadItem as error:
            log.warning("%s: %s", self.site.url, error)
            return {**file, "unread": str(error)}

    def _absent(self, pages: Mapping[str, Json]) -> Iterator[Event]:
        """Lists come from a search index, which may lag: what it left out is asked for by itself.

        Where that is much, being absent from a whole list has to do.
        """
        absent = [number for number in self.old if number not in pages]
        for number in absent if len(absent) <= DOUBTED else ():
            if self.site.there(number):
                self.done[number] = self.old[number]
                yield Unchanged(number)
            else:
                yield Gone(number)
