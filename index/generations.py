"""Generations of the index: where they lie, which one is current, and how one is built.

A generation's name is a hash of what it was made with and a build number. One being built is not
listed until it is ready, so that what is listed is whole.
"""

import re
import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from catalogue.errors import WrongIndex
from index.engine import Engine
from index.follow import Changes, Vectors, follow
from index.identity import Identity
from index.lock import building, publishing

if TYPE_CHECKING:
    from qdrant_client import QdrantClient

_NAME = re.compile(r"(?P<stem>[0-9a-f]{12})-(?P<build>[0-9]+)")
_REMEDY = "run `skillshelf rebuild`"


@dataclass(frozen=True, slots=True)
class Generation:
    """An open generation."""

    name: str
    engine: Engine
    identity: Identity


class Depot(Protocol):
    """Where generations lie: a folder, or a Qdrant server."""

    def ready(self) -> Sequence[str]:
        """Names of the generations that are whole."""
        ...

    def open(self, name: str) -> Engine: ...

    def create(self, name: str, dimensions: int) -> Engine:
        """A new, empty generation that is not ready yet; what was left of one goes."""
        ...

    def release(self, name: str) -> None:
        """Make a created generation ready. Its engine has been closed."""
        ...

    def point_at(self, name: str) -> None:
        """Tell the world which generation is current; followers of ours take the newest ready."""
        ...

    def drop(self, name: str) -> None: ...

    def publishing(self, url: str | None) -> AbstractContextManager[None]:
        """The right to write to the current generation. Raises Busy."""
        ...

    def building(self) -> AbstractContextManager[None]:
        """The right to build the next one. Raises Busy."""
        ...


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


_STEP = 256


def next_name(ready: Sequence[str], identity: Identity) -> str:
    return f"{identity.stem}-{max(map(build_number, ready), default=0) + 1}"


def build_number(name: str) -> int:
    found = _NAME.fullmatch(name)
    return int(found["build"]) if found else 0


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


class EdgeDepot:
    """Generations as folders, each a shard and its watermark; one process at a time opens one."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def ready(self) -> Sequence[str]:
        if not self.root.is_dir():
            return ()
        return sorted(path.name for path in self.root.iterdir() if _NAME.fullmatch(path.name))

    def open(self, name: str) -> Engine:
        from index.edge import EdgeEngine

        return EdgeEngine.open(self.root / name)

    def create(self, name: str, dimensions: int) -> Engine:
        from index.edge import EdgeEngine

        shutil.rmtree(self._draft(name), ignore_errors=True)
        return EdgeEngine.create(self._draft(name), dimensions)

    def release(self, name: str) -> None:
        self._draft(name).rename(self.root / name)

    def point_at(self, name: str) -> None:
        """Nobody else can read the folder while it is open, so there is nobody to tell."""

    def drop(self, name: str) -> None:
        shutil.rmtree(self.root / name, ignore_errors=True)

    def publishing(self, url: str | None) -> AbstractContextManager[None]:
        return publishing(self.root, url)

    def building(self) -> AbstractContextManager[None]:
        return building(self.root)

    def _draft(self, name: str) -> Path:
        return self.root / f"{name}.building"


class ServerDepot:
    """Generations as collections; the alias `prefix` names the current one.

    The locks lie in `root`: they keep the processes of one machine apart, not those of several.
    """

    def __init__(self, client: "QdrantClient", root: Path, prefix: str = "skillshelf") -> None:
        self.client = client
        self.root = root
        self.prefix = prefix

    def ready(self) -> Sequence[str]:
        collections = (c.name for c in self.client.get_collections().collections)
        names = (name.removeprefix(f"{self.prefix}-") for name in collections)
        return sorted(n for n in names if _NAME.fullmatch(n) and self._is_ready(n))

    def open(self, name: str) -> Engine:
        from index.server import ServerEngine

        return ServerEngine(self.client, self._collection(name))

    def create(self, name: str, dimensions: int) -> Engine:
        from index.server import ServerEngine

        self.drop(name)
        return ServerEngine.create(self.client, self._collection(name), dimensions)

    def release(self, name: str) -> None:
        self.client.update_collection(self._collection(name), metadata={"ready": True})

    def point_at(self, name: str) -> None:
        from qdrant_client import models as m

        alias = m.CreateAlias(collection_name=self._collection(name), alias_name=self.prefix)
        self.client.update_collection_aliases([m.CreateAliasOperation(create_alias=alias)])

    def drop(self, name: str) -> None:
        self.client.delete_collection(self._collection(name))

    def publishing(self, url: str | None) -> AbstractContextManager[None]:
        return publishing(self.root, url)

    def building(self) -> AbstractContextManager[None]:
        return building(self.root)

    def _collection(self, name: str) -> str:
        return f"{self.prefix}-{name}"

    def _is_ready(self, name: str) -> bool:
        metadata = self.client.get_collection(self._collection(name)).config.metadata or {}
        return bool(metadata.get("ready"))
