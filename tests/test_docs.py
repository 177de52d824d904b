"""The pages say what the code does: every command, setting, connector and link is there."""

import re
from pathlib import Path

import pytest

from docs import reference

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize("name", reference.pages())
def test_generated_pages_are_up_to_date(name: str) -> None:
    assert (ROOT / "docs" / name).read_text() == reference.pages()[name], "run `make docs`"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_make_verbs_named_in_the_pages_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text()
    for verb in re.findall(r"`make ([a-z-]+)", page.read_text()):
        assert re.search(rf"^{verb}:", makefile, re.MULTILINE), verb


def test_every_decision_has_its_page_in_order() -> None:
    numbers = sorted(int(p.name[:4]) for p in (ROOT / "docs" / "adr").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
