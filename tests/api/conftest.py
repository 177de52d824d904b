"""Running servers to ask.

What a test does not change, many share, on the embedded engine. A shelf of a test's own has the
index that costs nothing to make, Qdrant's local mode: 10 ms of the processor, not 250.
"""

import shutil
import uuid
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from index.depots import Depot, ServerDepot
from tests.api.shelf import Client, opened, served


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The operator at a filled shelf that no test changes."""
    with ExitStack() as stack:
        yield filled(stack, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A caller without a key, at a filled shelf with keys that no test changes."""
    with ExitStack() as stack:
        client = filled(stack, tmp_path_factory.mktemp("home"))
        client.shelf.catalogue.keys.add("janitor", ())
        yield client


@pytest.fixture(scope="session")
def stranger(visitor: Client) -> Client:
    """A caller there who sees what is public."""
    return visitor.with_key("stranger")


@pytest.fixture(scope="session")
def director(visitor: Client) -> Client:
    """A caller there of the group "board"."""
    return visitor.with_key("director", "board")


@pytest.fixture
def memory(tmp_path: Path, local_qdrant: Any) -> Iterator[Depot]:
    """Where an index lies in memory."""
    depot = ServerDepot(local_qdrant, tmp_path / "index", prefix=f"test-{uuid.uuid4().hex}")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Payload indexes have no effect")
        yield depot
    for name in depot.ready():
        depot.drop(name)


@pytest.fixture
def client(tmp_path: Path, memory: Depot, empty_catalogue: Path) -> Iterator[Client]:
    """The operator at a filled shelf of the test's own."""
    shutil.copy(empty_catalogue, tmp_path)
    with ExitStack() as stack:
        yield filled(stack, tmp_path, memory)


def filled(stack: ExitStack, home: Path, depot: Depot | None = None) -> Client:
    shelf = stack.enter_context(opened(home, depot))
    shelf.fill()
    return Client(stack.enter_context(served(shelf)), shelf)
