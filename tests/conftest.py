"""What every test may lean on."""

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
