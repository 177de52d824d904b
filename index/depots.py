"""Where generations lie: folders of the embedded engine, or collections of a Qdrant server.

A generation being built is not listed until it is ready, so that what is listed is whole.
"""

import shutil
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pydantic import SecretStr

from index.engine import Engine
from index.identity import is_name
from index.lock import building, publishing

if TYPE_CHECKING:
    from qdrant_client import QdrantClient


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


def open_depot(root: Path, url: str | None = None, api_key: SecretStr | None = None) -> Depot:
    """The depot in folder `root`, or that of the Qdrant server at `url` with its locks in `root`.

    Asks nothing yet; what the server's depot does raises TryLater and NeedsPerson.
    """
    if url is None:
        return EdgeDepot(root)
    from index.remote import remote_client

    return ServerDepot(remote_client(url, api_key), root)


class EdgeDepot:
    """Generations as folders, each a shard and its watermark; one process at a time opens one."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def ready(self) -> Sequence[str]:
        if not self.root.is_dir():
            return ()
        return sorted(path.name for path in self.root.iterdir() if is_name(path.name))

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
        return sorted(n for n in names if is_name(n) and self._is_ready(n))

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
