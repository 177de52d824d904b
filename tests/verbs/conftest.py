import shutil
from pathlib import Path

import pytest

from tests.verbs.terminal import Home


@pytest.fixture
def home(tmp_path: Path, model_cache: Path, empty_catalogue: Path) -> Home:
    """A home folder without sources whose catalogue and models are ready."""
    made = Home(tmp_path / "home")
    made.path.mkdir()
    shutil.copy(empty_catalogue, made.path)
    made.settings()
    (made.path / "cache").symlink_to(model_cache)
    return made
