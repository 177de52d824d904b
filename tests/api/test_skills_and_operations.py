"""The taxonomy, the sources, the runs and the server's own state."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from api.models import SkillsAnswer
from api.operation_models import RunsAnswer, SourcesAnswer
from catalogue.model import Counters, Outcome, Stage
from catalogue.records import ItemFailure
from index.depots import Depot
from tests.api.shelf import BACKUP, Client, opened, served


def test_skills_begin_so_or_mean_so(reader: Client) -> None:
    answer = reader.get("/api/v1/skills?q=back&limit=2").json()
    assert SkillsAnswer.model_validate(answer).count == 2
    assert answer["results"][0]["name"] == "perform backups"
    assert answer["results"][0]["score"] is None
    meant = reader.get("/api/v1/skills?q=packages+of+software&limit=1").json()["results"]
    assert meant[0]["name"] == "maintain software packages"
    assert meant[0]["score"] > 0.5
    assert reader.get("/api/v1/skills").json()["count"] == 0


@pytest.mark.parametrize("name", [BACKUP.rpartition("/")[2], quote(BACKUP, safe=""), BACKUP])
def test_a_skill_has_an_address(reader: Client, name: str) -> None:
    assert reader.get(f"/api/v1/skills/{name}").json()["alternatives"] == ["back up data"]


def test_a_source_shows_how_it_is_doing(client: Client) -> None:
    catalogue = client.shelf.catalogue
    catalogue.failures.record("handbook", [ItemFailure("x", Stage.READ, "BadItem", "encrypted")])
    run = catalogue.runs.start("handbook")
    catalogue.runs.finish(run.id, Outcome.COMPLETED_WITH_ERRORS, Counters(found=4, failed=1))
    answer = client.get("/api/v1/sources").json()
    assert SourcesAnswer.model_validate(answer).results
    source = next(one for one in answer["results"] if one["name"] == "handbook")
    assert source["items"] == {"published": 3}
    assert source["failures"] == 1
    assert source["held"] is None
    assert source["last_run"]["outcome"] == "completed with errors"
    assert source["last_run"]["counters"]["failed"] == 1


def test_runs_come_latest_first(reader: Client) -> None:
    answer = reader.get("/api/v1/runs").json()
    numbers = [run.id for run in RunsAnswer.model_validate(answer).results]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 3
    only = reader.get("/api/v1/runs?source=web&limit=5").json()["results"]
    assert [run["source"] for run in only] == ["web"]
    assert reader.get(f"/api/v1/runs/{only[0]['id']}").json() == only[0]


def test_ready_says_how_far_search_lags(client: Client) -> None:
    assert client.get("/readyz").json()["status"] == "ready"
    client.shelf.catalogue.sources.register(
        replace(client.shelf.catalogue.sources.get("web"), threshold=0.9)
    )
    state = client.get("/readyz").json()
    assert state["lag"] == 1
    assert state["head"] == state["applied"] + 1


def test_an_index_that_has_not_begun_is_not_ready(tmp_path: Path, memory: Depot) -> None:
    with opened(tmp_path, memory) as shelf, served(shelf) as base:
        client = Client(base, shelf)
        assert client.get("/readyz").json()["status"] == "ready", "nothing is there to follow"
        shelf.store()
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["status"] == "not followed yet"
        shelf.index.refresh()
        assert client.get("/readyz").status_code == 200
