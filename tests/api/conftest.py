"""Running servers to ask."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.api.shelf import Client, opened, served


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The operator at a filled shelf that no test changes."""
    with ExitStack() as stack:
        shelf = stack.enter_context(opened(tmp_path_factory.mktemp("home")))
        shelf.fill()
        yield Client(stack.enter_context(served(shelf)), shelf)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """The operator at a filled shelf of the test's own."""
    with ExitStack() as stack:
        shelf = stack.enter_context(opened(tmp_path))
        shelf.fill()
        yield Client(stack.enter_context(served(shelf)), shelf)


@pytest.fixture
def stranger(client: Client) -> Client:
    """A caller who sees what is public, at a shelf with keys."""
    return replace(client, key=client.shelf.catalogue.keys.add("stranger", ()))


@pytest.fixture
def director(client: Client) -> Client:
    """A caller of the group "board"."""
    return replace(client, key=client.shelf.catalogue.keys.add("director", ("board",)))
