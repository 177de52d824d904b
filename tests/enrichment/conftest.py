"""The real encoder, exported once for all test runs, and a small taxonomy."""

import re
from pathlib import Path

import pytest

from config.taxonomy import Skill, Taxonomy
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


# Of these there are all skills in the part of ESCO, as its tests name them, and of others few.
SUBJECTS = re.compile(
    "python|feedback|account|chemi|physics|biolog|statisti|econom|mathemat|weld|customer|budget",
    re.IGNORECASE,
)
ONE_IN = 40


@pytest.fixture(scope="session", params=["part", pytest.param("whole", marks=pytest.mark.slow)])
def esco(request: pytest.FixtureRequest, whole_esco: Taxonomy) -> Taxonomy:
    """ESCO, and for the quick tests a part of it: all its labels take 14 s to be encoded."""
    if request.param == "whole":
        return whole_esco
    part = [s for n, s in enumerate(whole_esco) if not n % ONE_IN or SUBJECTS.search(s.label)]
    return Taxonomy("part of ESCO", f"{whole_esco.version} {SUBJECTS.pattern} {ONE_IN}", part)


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
