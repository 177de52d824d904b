"""Every engine, in the same tests.

`server-stand-in` is qdrant-client's local mode: it speaks the client's language but has neither
payload indexes nor approximate search. The real server is tested where one is named.
"""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.depots import Depot, EdgeDepot, ServerDepot
from index.generations import Generation
from tests.index.shelf import IDENTITY, Shelf

SERVER = "SKILLSHELF_TEST_QDRANT_URL"


@pytest.fixture(params=["edge", "server-stand-in", "server"])
def depot(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Depot]:
    if request.param == "edge":
        yield EdgeDepot(tmp_path / "index")
        return
    from qdrant_client import QdrantClient

    if request.param == "server-stand-in":
        client = QdrantClient(":memory:")
    elif url := os.environ.get(SERVER):
        client = QdrantClient(url=url)
    else:
        pytest.skip(f"needs a Qdrant server: set {SERVER}")
    server = ServerDepot(client, tmp_path / "index", prefix=f"test-{uuid.uuid4().hex}")
    yield server
    for name in server.ready():
        server.drop(name)
    client.close()


@pytest.fixture
def generation(depot: Depot) -> Iterator[Generation]:
    """A new, empty generation, open for writing."""
    name = f"{IDENTITY.stem}-1"
    depot.create(name, IDENTITY.dimensions).close()
    depot.release(name)
    engine = depot.open(name)
    yield Generation(name, engine, IDENTITY)
    engine.close()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()
