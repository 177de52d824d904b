"""What a source that lists all it has remembers between runs: each item by a hash."""

from catalogue.hashing import content_hash
from catalogue.model import Cursor, Json, Payload
from connectors.base import Checkpoint, Failed, Found, Unchanged


class Marks:
    """Items told in this run against those of the last one. `reading` names what payloads hold;
    where it differs from last time, nothing is known.
    """

    def __init__(self, cursor: Cursor, reading: str) -> None:
        same = cursor.get("reading") == reading
        self._reading = reading
        self.notes: Json = cursor.get("notes", {}) if same else {}
        self.old: dict[str, str] = dict(cursor["marks"]) if same else {}
        self.new: dict[str, str] = {}
        self.faults = 0  # items that nobody can tell apart: then nobody's absence is sure

    def told(self, key: str, payload: Payload) -> Found | Unchanged:
        self.new[key] = content_hash(payload)[-16:]
        return Unchanged(key) if self.old.get(key) == self.new[key] else Found(key, payload)

    def nameless(self, error: Exception) -> Failed:
        """An item without a key."""
        self.faults += 1
        return Failed(f"nameless {self.faults}", error)

    def midway(self) -> Checkpoint:
        """All up to here is known; what was listed before it counts as known still."""
        return self._checkpoint(self.old | self.new, self.notes)

    def last(self, notes: Json, complete: bool) -> Checkpoint:
        """`notes` are for the next run, such as what a server said to ask for changes with."""
        return self._checkpoint(self.new, notes, complete and not self.faults)

    def _checkpoint(self, marks: dict[str, str], notes: Json, complete: bool = False) -> Checkpoint:
        state = {"reading": self._reading, "marks": marks, "notes": dict(notes)}
        return Checkpoint(state, complete=complete)
