"""Catalogues on both databases. A test that asks for `url` or `catalogue` runs on each."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from catalogue.store import Catalogue
from tests.catalogue import postgres_server

BOTH = ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.slow])]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a running PostgreSQL server's database."""
    programs = postgres_server.installed()
    if programs is None:
        pytest.skip("needs PostgreSQL: /usr/lib/postgresql/*/bin and its user postgres")
    with postgres_server.server(programs) as address:
        yield address


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/catalogue.db"
    return postgres_server.fresh_schema(request.getfixturevalue("postgres"))


@pytest.fixture
def catalogue(url: str, empty_catalogue: Path) -> Iterator[Catalogue]:
    if url.startswith("sqlite:///"):
        shutil.copy(empty_catalogue, url.removeprefix("sqlite:///"))
    with ExitStack() as stack:
        yield stack.enter_context(Catalogue.open(url))
