"""Links at a terminal: checked, and those that are dead told with their owners."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalogue.links import FAILURES, Answer, Checked
from catalogue.model import Draft
from catalogue.records import Arrival, Batch, Source
from catalogue.store import Catalogue
from config.settings import load_settings
from tests.connectors.loopback import Loopback, Said, loopback
from tests.verbs.terminal import Home


@pytest.fixture
def site() -> Iterator[Loopback]:
    with loopback() as told:
        told.answers["/alive"] = Said(b"here")
        yield told


@pytest.fixture
def home(tmp_path: Path, site: Loopback) -> Home:
    """A source with a link that lives and one that has failed three times."""
    home = Home(tmp_path)
    home.write("skillshelf.toml", "http_spacing_s = 0\n")
    home.sources(docs="connector: folder\nallow_private: true\nsettings: {path: docs}")
    moment = datetime.now(UTC) - timedelta(days=30)
    url = load_settings(tmp_path, {}).database_url
    with Catalogue.open(url, lambda: moment) as catalogue:
        catalogue.sources.register(Source("docs", "folder", owner="ann@learn.example"))
        found = tuple(
            Arrival(path, {}, Draft("Title", site.url(path))) for path in ("/alive", "/gone")
        )
        catalogue.intake.commit("docs", catalogue.runs.start("docs").id, Batch(found), {})
        for _ in range(FAILURES - 1):
            gone = [due for due in catalogue.links.due(9) if due.key.key == "/gone"]
            catalogue.links.record([Checked(due, Answer.GONE, "answered 404") for due in gone])
            moment += timedelta(days=2)
    return home


@pytest.mark.slow
def test_dead_links_are_found_and_told(home: Home, model_cache: Path) -> None:
    (home.path / "cache").symlink_to(model_cache)
    assert home.run("links", "list", "--json").json == []
    [failing] = home.run("links", "list", "--failing", "--json").json
    assert (failing["status"], failing["failures"]) == ("failing", FAILURES - 1)
    checked = home.run("links", "check", "--json").json
    assert checked == {"checked": 2, "turned": 1, "dead": 1}
    [dead] = home.run("links", "list", "docs", "--json").json
    assert (dead["item"], dead["owner"], dead["reason"]) == (
        "/gone", "ann@learn.example", "answered 404",
    )  # fmt: skip
    assert "ann@learn.example" in home.run("links", "list").out
    assert "0 links checked" in home.run("links", "check").out
    assert home.run("links", "list", "none").code == 5
