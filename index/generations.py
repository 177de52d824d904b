"""Generations of the index: how one is built, and which one may be searched.

The newest one that is ready and was made as this process would make it is the current one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from catalogue.errors import WrongIndex
from index.depots import Depot
from index.engine import Engine
from index.follow import Changes, Vectors, follow
from index.identity import Identity, build_number, next_name

_STEP = 256  # changes between two words of progress
_REMEDY = "run `skillshelf rebuild`"


@dataclass(frozen=True, slots=True)
class Generation:
    """An open generation."""

    name: str
    engine: Engine
    identity: Identity


def build(
    changes: Changes,
    vectors: Vectors,
    depot: Depot,
    identity: Identity,
    progress: Callable[[int], None] = lambda applied: None,
) -> str:
    """Build a generation beside the current one, optimise it, make it ready; returns its name.

    Runs in a process of its own: optimising stops every other thread (Edge). `progress` is told
    the number of the latest change applied, after every batch.
    """
    with depot.building():
        name = next_name(depot.ready(), identity)
        engine = depot.create(name, identity.dimensions)
        try:
            fill(changes, vectors, Generation(name, engine, identity), progress)
            engine.optimise()
            engine.flush()
        finally:
            engine.close()
        depot.release(name)
        return name


def fill(
    changes: Changes, vectors: Vectors, new: Generation, progress: Callable[[int], None]
) -> None:
    while follow(changes, vectors, new, limit=_STEP):
        progress(new.engine.watermark().sequence)


def choose(ready: Sequence[str], identity: Identity) -> str | None:
    """The newest generation this encoder may search; None where there is no index at all.

    Raises WrongIndex where there are only others: they are never searched with this encoder.
    """
    mine = [name for name in ready if name.startswith(f"{identity.stem}-")]
    if mine:
        return max(mine, key=build_number)
    if ready:
        raise WrongIndex(
            f"the search index ({', '.join(sorted(ready))}) was made by another encoder or another "
            f"version of Skillshelf than this one ({identity.encoder}); {_REMEDY}"
        )
    return None
