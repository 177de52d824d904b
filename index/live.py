"""The index as a serving process holds it: read by many threads, followed by one, never stopped."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from index.conditions import FIRST
from index.depots import Depot
from index.engine import Engine
from index.follow import Changes, Vectors, follow, followed
from index.generations import Generation, choose
from index.identity import Identity, next_name
from index.words import common_languages

# Points searched one by one beside the graph: 20,000 of 384 dimensions take some milliseconds.
MOST_EXACT = 20_000


class _Lease:
    """An open generation and the number of those who read it."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self.readers = 0
        self.retired = False


class LiveIndex:
    """The current generation of a depot. The process that holds it is the one publisher."""

    _current: _Lease

    def __init__(
        self, depot: Depot, identity: Identity, changes: Changes, vectors: Vectors
    ) -> None:
        self._depot = depot
        self._identity = identity
        self._changes = changes
        self._vectors = vectors
        self._held = ExitStack()
        self._guard = threading.Lock()  # over which lease is current and who reads it
        self._following = threading.Lock()  # one refresh at a time
        self._languages: tuple[str, ...] = ()

    @classmethod
    def open(
        cls,
        depot: Depot,
        identity: Identity,
        changes: Changes,
        vectors: Vectors,
        url: str | None = None,
    ) -> "LiveIndex":
        """Take the publisher's lock and open the newest generation, or a new, empty one.

        Follows nothing yet: what the index holds is searchable at once. `url` is told to whom the
        lock refuses. Raises Busy, or WrongIndex for an index of another encoder, schema or life
        of the catalogue.
        """
        index = cls(depot, identity, changes, vectors)
        with ExitStack() as undo:
            undo.enter_context(depot.publishing(url))
            ready = depot.ready()
            name = choose(ready, identity) or index._first()
            engine = depot.open(name)
            undo.callback(index._close_current)
            index._current = _Lease(Generation(name, engine, identity))
            followed(changes, engine)
            index._languages = _languages(engine)
            depot.point_at(name)
            for old in set(ready) - {name}:  # what a crash kept from being dropped
                depot.drop(old)
            index._held = undo.pop_all()
        return index

    @contextmanager
    def reading(self) -> Iterator[Engine]:
        """The current generation; it stays open until the context ends, whatever is switched."""
        with self._guard:
            lease = self._current
            lease.readers += 1
        try:
            yield lease.generation.engine
        finally:
            with self._guard:
                lease.readers -= 1
                last = lease.retired and not lease.readers
            if last:
                self._discard(lease)

    def languages(self) -> tuple[str, ...]:
        return self._languages

    def outgrown(self, most: int = MOST_EXACT) -> bool:
        """Whether more than `most` points came since the index was built: a new one is faster."""
        with self.reading() as engine:
            return engine.unoptimised() > most

    @property
    def name(self) -> str:
        return self._current.generation.name

    def refresh(self, limit: int | None = None) -> int:
        """Adopt a newer generation that has become ready, then follow the catalogue.

        Returns how many changes were applied. Searches go on meanwhile: on the old generation
        until the newer one has caught up.
        """
        with self._following:
            newer = self._newer()
            if newer is not None:
                return self._adopt(newer)
            generation = self._current.generation
            applied = follow(self._changes, self._vectors, generation, limit)
            if applied:
                self._languages = _languages(generation.engine)
            return applied

    def close(self) -> None:
        """Queries must have ended."""
        self._held.close()

    def __enter__(self) -> "LiveIndex":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _first(self) -> str:
        name = next_name((), self._identity)
        self._depot.create(name, self._identity.dimensions).close()
        self._depot.release(name)
        return name

    def _newer(self) -> str | None:
        name = choose(self._depot.ready(), self._identity)
        return None if name in (None, self.name) else name

    def _adopt(self, name: str) -> int:
        generation = Generation(name, self._depot.open(name), self._identity)
        try:
            applied = follow(self._changes, self._vectors, generation)
            languages = _languages(generation.engine)
        except BaseException:
            generation.engine.close()
            raise
        self._depot.point_at(name)
        with self._guard:
            old, self._current = self._current, _Lease(generation)
            self._languages = languages
            old.retired = True
            unread = not old.readers
        if unread:
            self._discard(old)
        return applied

    def _discard(self, lease: _Lease) -> None:
        lease.generation.engine.close()
        self._depot.drop(lease.generation.name)

    def _close_current(self) -> None:
        self._current.generation.engine.close()


def _languages(engine: Engine) -> tuple[str, ...]:
    tags = engine.facet("languages", (FIRST,), 50)
    return common_languages({tag: number for tag, number in tags if "-" not in tag})
