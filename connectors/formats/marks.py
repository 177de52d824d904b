"""What a source that lists all it has remembers between runs: each item by a hash."""

from collections.abc import Iterator

from catalogue.hashing import content_hash
from catalogue.model import Cursor, Json, Payload
from connectors.base import Checkpoint, Event, Failed, Found, Gone, Unchanged

_GONE = "gone"


class Marks:
    """Items told in this run against those of the last one.

    `reading` names what payloads hold; where it differs from last time, nothing is known.
    """

    def __init__(self, cursor: Cursor, reading: str) -> None:
        same = cursor.get("reading") == reading
        self._reading = reading
        self._failing = frozenset[str](cursor.get("failing", ()))
        self.faults: list[str] = []
        self.notes: Json = cursor.get("notes", {}) if same else {}
        self.old: dict[str, str] = dict(cursor["marks"]) if same else {}
        self.new: dict[str, str] = {}

    def told(self, key: str, payload: Payload) -> Found | Unchanged:
        self.new[key] = content_hash(payload)[-16:]
        return Unchanged(key) if self.old.get(key) == self.new[key] else Found(key, payload)

    def forget(self, key: str) -> None:
        """The item was told but could not be read: it is tried again."""
        self.new[key] = ""

    def gone(self, key: str) -> list[Gone]:
        """The source still says that it withdrew the item; that is told once."""
        self.new[key] = _GONE
        return [] if self.old.get(key) == _GONE else [Gone(key)]

    def fault(self, error: Exception, what: str = "") -> Failed:
        """Something that hides items, so that nobody's absence is sure: one without a key, or
        `what`, a part of the source that could not be read.
        """
        name = what or f"nameless {len(self.faults) + 1}"
        self.faults.append(name)
        return Failed(name, error)

    def midway(self) -> Checkpoint:
        """All up to here is known; what was listed before it counts as known still."""
        return self._checkpoint(self.old | self.new, self.notes)

    def ending(self, notes: Json, complete: bool) -> Iterator[Event]:
        """The last events of a run. `notes` are for the next one.

        Faults of earlier runs that are none now are gone: no item would ever take them off the
        list of failures.
        """
        yield from map(Gone, sorted(self._failing - frozenset(self.faults)))
        self._failing = frozenset(self.faults)
        yield self._checkpoint(self.new, notes, complete and not self.faults)

    def _checkpoint(self, marks: dict[str, str], notes: Json, complete: bool = False) -> Checkpoint:
        state = {"reading": self._reading, "marks": marks, "notes": dict(notes)}
        state |= {"failing": sorted(self._failing)} if self._failing else {}
        return Checkpoint(state, complete=complete)
