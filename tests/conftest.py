"""What every test may lean on."""

import os
import shutil
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("needs the folder ../shared/data beside the checkout")
    return SHARED


@pytest.fixture(scope="session")
def model_cache(request: pytest.FixtureRequest) -> Path:
    """What is prepared once for a model (its graph, the taxonomy's vectors), kept between runs."""
    cache = request.config.cache
    assert cache is not None
    return cache.mkdir("skillshelf")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Names no bytes by what they are: archives hold the time they were made at, and processes that
    share the tests out must collect them under the same names."""
    return "bytes" if isinstance(val, bytes) else None


MEMORY_DISK = Path("/dev/shm")
ROOM = 4 * 2**30


def pytest_configure() -> None:
    """Keep tests' files in memory where there is room: databases and indexes call fsync a lot.

    On a disk that others use too the index's tests took 147 s, in memory 34.
    """
    if MEMORY_DISK.is_dir() and shutil.disk_usage(MEMORY_DISK).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY_DISK))
