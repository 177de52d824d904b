"""Real manuals, courses and feeds through the whole product: counts, and hits at the page."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from catalogue.model import Outcome
from catalogue.store import Catalogue
from config.environment import child_environment
from config.settings import Settings, load_settings

SOURCES = Path(__file__).resolve().parent.parent.parent / "bench" / "real" / "sources.yaml"
pytestmark = [pytest.mark.slow, pytest.mark.shared_data]

# Of the 1,288 rows 121 repeat another to the letter, and one has no title.
COURSES, COURSES_FAILED = 1166, 1
MANUALS = 147


@pytest.fixture(scope="module")
def home(
    shared_data: Path, tmp_path_factory: pytest.TempPathFactory, model_cache: Path
) -> Settings:
    folder = tmp_path_factory.mktemp("real")
    (folder / "cache").symlink_to(model_cache)
    settings = load_settings(folder, {"SKILLSHELF_SOURCES": str(SOURCES)})
    assert skillshelf(settings, "ingest").returncode == 1  # done, with failures listed
    return settings


def skillshelf(settings: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    environment = child_environment(settings) | {"SKILLSHELF_SOURCES": str(settings.sources)}
    command = [sys.executable, "-m", "cli", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def search(settings: Settings, *words: str) -> list[dict[str, Any]]:
    found = skillshelf(settings, "search", *words, "--json")
    assert found.returncode == 0, found.stderr
    results: list[dict[str, Any]] = json.loads(found.stdout)["results"]
    return results


def test_everything_readable_is_there_and_the_rest_says_why(home: Settings) -> None:
    with Catalogue.open(home.database_url) as catalogue:
        runs = {run.source: run for run in catalogue.runs.list()}
        courses = runs["oer-commons"]
        assert (courses.counters.added, courses.counters.failed) == (COURSES, COURSES_FAILED)
        manuals = runs["debian-manuals"]
        assert manuals.outcome is Outcome.COMPLETED
        assert manuals.counters.added == MANUALS
        assert runs["podcasts"].counters.added >= 50
        failures = catalogue.failures.list()
        assert len(failures) == sum(run.counters.failed for run in runs.values())
        assert all(failure.message for failure in failures)


def test_the_manual_opens_at_the_page(home: Settings) -> None:
    hits = search(home, "maintain software packages", "--limit", "20")
    at_page = [hit for hit in hits if "#page=" in (hit["open_url"] or "")]
    assert at_page, [hit["open_url"] for hit in hits]
    assert at_page[0]["source"] == "debian-manuals"
    page = at_page[0]["passage"]["locator"]
    assert page["place"] == "page"
    assert at_page[0]["open_url"].endswith(f".pdf#page={page['value']}")


def test_the_page_named_is_the_page_it_stands_on(home: Settings) -> None:
    import pypdfium2

    hits = search(home, "maintain software packages", "--limit", "50")
    hit = next(hit for hit in hits if "#page=" in (hit["open_url"] or ""))
    path = hit["open_url"].removeprefix("file://").split("#")[0]
    with pypdfium2.PdfDocument(path) as document:
        on_page = document[int(hit["passage"]["locator"]["value"]) - 1].get_textpage()
        text = "".join(on_page.get_text_range().split())
    words = hit["passage"]["text"].split()
    assert "".join(words[2:8]) in text


def test_courses_are_found_by_what_they_teach(home: Settings) -> None:
    [hit, *_] = search(home, "virtual reality in school libraries", "--source", "oer-commons")
    assert hit["title"] == "Leveraging Virtual Reality in a School Library"


def test_the_index_agrees(home: Settings) -> None:
    found = json.loads(skillshelf(home, "verify", "--json").stdout)
    assert not (found["missing"] or found["stale"] or found["orphans"])
    assert found["items"] == MANUALS + COURSES + runs_added(home, "podcasts")


def test_the_same_again_encodes_nothing(home: Settings) -> None:
    skillshelf(home, "ingest")
    with Catalogue.open(home.database_url) as catalogue:
        again = {run.source: run for run in reversed(catalogue.runs.list())}
    assert {run.counters.encoded for run in again.values()} == {0}
    assert {run.counters.added + run.counters.changed for run in again.values()} == {0}


def runs_added(home: Settings, source: str) -> int:
    with Catalogue.open(home.database_url) as catalogue:
        return sum(run.counters.added for run in catalogue.runs.list(source))
