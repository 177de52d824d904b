"""What a source of conversations remembers between runs, and the events that follow from it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from catalogue.hashing import content_hash
from catalogue.model import Cursor, Payload
from connectors.base import Checkpoint, Event, Failed, Found, Gone, Unchanged
from connectors.formats.conversations import Thread, discussion
from connectors.formats.sharedlinks import Share, counted

STEP = 50  # threads read between two checkpoints: where each is a request, what a crash costs


@dataclass(frozen=True, slots=True)
class Partial:
    """Part of the source could not be listed, so that nothing that is missing has vanished."""


Heard = Thread | Failed | Gone | Partial


class Ledger:
    """Items by their hashes, and in `notes` what the connector remembers of each thread it read.

    Nothing is known where an earlier run read differently.
    """

    def __init__(self, cursor: Cursor, reading: str) -> None:
        same = cursor.get("reading") == reading
        self._reading = reading
        self._old: dict[str, str] = dict(cursor["items"]) if same else {}
        self._new: dict[str, str] = {}
        self.noted: dict[str, Any] = dict(cursor["notes"]) if same else {}
        self.notes: dict[str, Any] = {}
        self._failed_before = frozenset[str](cursor.get("failing", ()))
        self._failing: set[str] = set()

    def events(self, heard: Iterable[Heard], shared_at_least: int) -> Iterator[Event]:
        """Discussions as they come, then the links; complete if all of it could be listed."""
        shares: list[Share] = []
        whole, news = True, 0
        for one in heard:
            if isinstance(one, Thread):
                shares += one.shares()
                yield from self._discussion(one)
                news += not one.unchanged
            else:
                whole = whole and isinstance(one, Gone)
                yield from self._told(one)
            if news >= max(STEP, len(self._new) // 20):  # a large state is not stored for each few
                yield self._checkpoint(self._old | self._new, self.noted | self.notes)
                news = 0
        for key, payload in counted(shares, shared_at_least):
            yield self._event(key, payload)
        # A file that is well again, or away, has no item that takes it off the list of failures.
        yield from map(Gone, sorted(self._failed_before - self._failing - self._new.keys()))
        self._failed_before = frozenset()
        yield self._checkpoint(self._new, self.notes, complete=whole)

    def _told(self, one: Failed | Gone | Partial) -> Iterator[Event]:
        self._failing |= {one.key} if isinstance(one, Failed) else set()
        if isinstance(one, Failed) or (isinstance(one, Gone) and one.key in self._old):
            yield one

    def _discussion(self, thread: Thread) -> Iterator[Event]:
        if not thread.unchanged:
            payload = discussion(thread)
            yield from [self._event(thread.key, payload)] if payload else []
        elif thread.key in self._old:
            self._new[thread.key] = self._old[thread.key]
            yield Unchanged(thread.key)

    def _event(self, key: str, payload: Payload) -> Event:
        mark = content_hash(payload)[-16:]
        self._new[key] = mark
        return Unchanged(key) if self._old.get(key) == mark else Found(key, payload)

    def _checkpoint(
        self, items: dict[str, str], notes: dict[str, Any], complete: bool = False
    ) -> Checkpoint:
        failing = sorted(self._failing | self._failed_before)
        state = {"reading": self._reading, "items": items, "notes": notes, "failing": failing}
        return Checkpoint(state, complete=complete)
