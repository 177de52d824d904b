"""The real encoder, exported once for all test runs, and a small taxonomy."""

from pathlib import Path

import pytest

from config.taxonomy import Skill, Taxonomy, load_taxonomy
from enrichment.encoder import TextEncoder, load_encoder


@pytest.fixture(scope="session")
def kept(request: pytest.FixtureRequest) -> Path:
    """A folder that outlives the test run, for what takes long to make and never changes."""
    cache = request.config.cache
    assert cache is not None
    return cache.mkdir("skillshelf")


@pytest.fixture(scope="session")
def encoder(kept: Path) -> TextEncoder:
    return load_encoder("all-MiniLM-L6-v2", kept)


@pytest.fixture(scope="session")
def esco() -> Taxonomy:
    return load_taxonomy("esco")


@pytest.fixture(scope="session")
def few() -> Taxonomy:
    skills = [
        Skill("s:pm", "project management", ("manage projects",)),
        Skill("s:risk", "risk management", ("control of risks",)),
        Skill("s:python", "Python (computer programming)", ("Python 3",)),
        Skill("s:less", "LESS", ()),
        Skill("s:r", "R", ()),
        Skill("s:design", "design principles", ("form", "light", "elements of design")),
        Skill("s:power", "electricity", ("electrical",)),
        Skill("s:weld", "weld metal parts", ("welding of metal parts",)),
        Skill("s:cpp", "C++", ()),
    ]
    return Taxonomy("few", "1", skills)
