"""Every engine, in the same tests.

`server-stand-in` is qdrant-client's local mode: it speaks the client's language but has neither
payload indexes nor approximate search. The real server is tested where one is named.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from index.depots import Depot, EdgeDepot, ServerDepot
from index.generations import Generation
from tests.index.shelf import IDENTITY, Shelf

SERVER = "SKILLSHELF_TEST_QDRANT_URL"


ENGINES = ["edge", "server-stand-in", "server"]


@pytest.fixture(params=ENGINES)
def depot(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Depot]:
    with emptied(request, tmp_path / "index") as made:
        yield made


@pytest.fixture(scope="module", params=ENGINES)
def shared_depot(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Depot]:
    """For the one index of a module's tests that change nothing: Edge takes 0.2 s to make one."""
    with emptied(request, tmp_path_factory.mktemp("index")) as made:
        yield made


@contextmanager
def emptied(request: pytest.FixtureRequest, folder: Path) -> Iterator[Depot]:
    """A depot of the engine asked for, with nothing in it at the beginning and at the end."""
    if request.param == "edge":
        yield EdgeDepot(folder)
        return
    if request.param == "server-stand-in":
        client = request.getfixturevalue("local_qdrant")
    else:
        client = request.getfixturevalue("server")
    depot = ServerDepot(client, folder, prefix=f"test-{uuid.uuid4().hex}")
    yield depot
    for name in depot.ready():
        depot.drop(name)


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """A client of the server that tests may use."""
    from qdrant_client import QdrantClient

    if not (url := os.environ.get(SERVER)):
        pytest.skip(f"needs a Qdrant server: set {SERVER}")
    client = QdrantClient(url=url)
    yield client
    client.close()


@pytest.fixture
def generation(depot: Depot) -> Iterator[Generation]:
    """A new, empty generation, open for writing as one that is being built.

    Not released and opened again: Edge takes 0.13 s of the processor to open an empty index.
    """
    name = f"{IDENTITY.stem}-1"
    engine = depot.create(name, IDENTITY.dimensions)
    yield Generation(name, engine, IDENTITY)
    engine.close()
    depot.release(name)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()
