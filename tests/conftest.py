"""What every test may lean on."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.taxonomy import Taxonomy, load_taxonomy

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("needs the folder ../shared/data beside the checkout")
    return SHARED


@pytest.fixture(scope="session")
def local_qdrant() -> Iterator[Any]:
    """Qdrant's client in its local mode, for depots with a prefix each: a client takes 8 ms."""
    from qdrant_client import QdrantClient

    client = QdrantClient(":memory:")
    yield client
    client.close()


@pytest.fixture(scope="session")
def whole_esco() -> Taxonomy:
    return load_taxonomy("esco")


@pytest.fixture(scope="session")
def model_cache(request: pytest.FixtureRequest) -> Path:
    """What is prepared once for a model (its graph, the taxonomy's vectors), kept between runs."""
    cache = request.config.cache
    assert cache is not None
    return cache.mkdir("skillshelf")


@pytest.fixture(scope="session")
def empty_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a catalogue with nothing in it, to be copied: to make one takes 25 ms, a copy 1.

    All copies have the same epoch.
    """
    from catalogue.store import Catalogue

    path = tmp_path_factory.mktemp("empty") / "catalogue.db"
    Catalogue.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def catalogue_url(tmp_path: Path, empty_catalogue: Path) -> str:
    """The address of an empty catalogue of the test's own."""
    return f"sqlite:///{shutil.copy(empty_catalogue, tmp_path)}"


def pytest_make_parametrize_id(val: object) -> str | None:
    """Names no bytes by what they are: archives hold the time they were made at, and processes that
    share the tests out must collect them under the same names."""
    return "bytes" if isinstance(val, bytes) else None


def pytest_collection_finish() -> None:
    """Leave what was imported and collected out of every later search for garbage."""
    gc.collect()
    gc.freeze()


MEMORY_DISK = Path("/dev/shm")
ROOM = 4 * 2**30


def pytest_configure() -> None:
    """Keep tests' files in memory where there is room: databases and indexes call fsync a lot.

    On a disk that others use too the index's tests took 147 s, in memory 34.
    """
    gc.set_threshold(20_000, 20, 20)
    if MEMORY_DISK.is_dir() and shutil.disk_usage(MEMORY_DISK).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY_DISK))
