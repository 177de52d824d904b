"""Keys, groups, and who may ask at all."""

from pathlib import Path

import pytest

from api.app import described
from api.callers import EVERYTHING, check_exposure, identify, is_exposed
from api.problems import Refused
from catalogue.model import State
from config.errors import BadConfig
from config.settings import Settings
from index.depots import Depot
from tests.api.shelf import SOLO, Client, opened, state_of

SECRET = "Secret packages of the board"


@pytest.mark.parametrize(
    ("host", "public_url", "exposed"),
    [
        ("127.0.0.1", None, False),
        ("127.9.9.9", None, False),
        ("::1", None, False),
        ("localhost", None, False),
        ("127.0.0.1", "http://localhost:8800", False),
        ("0.0.0.0", None, True),
        ("192.0.2.7", None, True),
        ("learn.example", None, True),
        ("127.0.0.1", "https://learn.example", True),
    ],
)
def test_without_a_key_only_this_machine_is_served(
    host: str, public_url: str | None, exposed: bool, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path, host=host, public_url=public_url)
    assert is_exposed(settings) is exposed
    check_exposure(settings, has_keys=True)
    if exposed:
        with pytest.raises(BadConfig, match="skillshelf keys add"):
            check_exposure(settings, has_keys=False)
    else:
        check_exposure(settings, has_keys=False)


def test_the_operator_sees_everything(reader: Client) -> None:
    assert SECRET in reader.titles("q=packages")


def test_a_caller_sees_what_is_for_everyone(stranger: Client) -> None:
    titles = stranger.titles("q=packages")
    assert titles
    assert SECRET not in titles
    facet = stranger.get("/api/v1/search?aggregations=source").json()["metadata"]["aggregations"]
    assert "board" not in {bucket["key"] for bucket in facet["source"]}


def test_a_caller_sees_what_is_for_their_groups(director: Client) -> None:
    assert {SECRET, "The maintainer's manual"} <= set(director.titles("q=packages"))


def test_what_one_may_not_see_is_not_there(stranger: Client, director: Client) -> None:
    number = stranger.shelf.number(SECRET)
    assert director.get(f"/api/v1/items/{number}").status_code == 200
    hidden, absent = stranger.get(f"/api/v1/items/{number}"), stranger.get("/api/v1/items/999")
    assert hidden.status_code == absent.status_code == 404
    said = hidden.json()["detail"].replace(str(number), "999")
    assert hidden.json() | {"detail": said} == absent.json()
    review = {"skill": "juggle", "verdict": "add"}
    assert stranger.post(f"/api/v1/items/{number}/reviews", review).status_code == 404
    assert stranger.get(f"/api/v1/items/{number}/reviews").status_code == 404
    assert stranger.get(f"/items/{number}").status_code == 404


def test_sources_and_runs_follow_the_same_rule(stranger: Client, director: Client) -> None:
    assert _sources(stranger) == {"handbook", "web"}
    assert _sources(director) == {"board", "handbook", "web"}
    run = stranger.shelf.catalogue.runs.list("board", 1)[0]
    assert director.get(f"/api/v1/runs/{run.id}").json()["source"] == "board"
    assert stranger.get(f"/api/v1/runs/{run.id}").status_code == 404
    assert {one["source"] for one in stranger.get("/api/v1/runs").json()["results"]} == {
        "handbook",
        "web",
    }
    assert stranger.get("/api/v1/runs?source=board").status_code == 400
    assert stranger.get("/api/v1/search?source=board").status_code == 400


def _sources(client: Client) -> set[str]:
    return {one["name"] for one in client.get("/api/v1/sources").json()["results"]}


def test_what_is_not_published_is_for_the_operator(client: Client) -> None:
    number = client.shelf.number("Backups in an hour")
    state_of(client.shelf, "Backups in an hour", State.SUPPRESSED)
    assert client.get(f"/api/v1/items/{number}").json()["state"] == "suppressed"
    assert client.with_key("someone").get(f"/api/v1/items/{number}").status_code == 404


def test_a_key_may_be_an_operators(client: Client) -> None:
    state_of(client.shelf, "Backups in an hour", State.SUGGESTED)
    curator, someone = client.with_key("curator", EVERYTHING), client.with_key("someone")
    number = client.shelf.number("Backups in an hour")
    assert curator.get(f"/api/v1/items/{number}").json()["state"] == "suggested"
    assert SECRET in curator.titles("q=packages")
    assert someone.get(f"/api/v1/items/{number}").status_code == 404


def test_once_there_is_a_key_each_call_needs_one(client: Client) -> None:
    """Every operation there is, so that none can be forgotten."""
    calls = [
        (method.upper(), path.format(number=1, skill=SOLO.rpartition("/")[2]))
        for path, methods in described().openapi()["paths"].items()
        for method in methods
        if path not in ("/healthz", "/readyz")
    ]
    assert len(calls) >= 10
    said = {"skill": "juggle", "verdict": "add"}
    with_key = {"X-API-Key": client.with_key("someone").key}
    for method, path in calls:
        for headers in ({}, {"Authorization": "Bearer nonsense"}, {"X-API-Key": "nonsense"}):
            answer = client.ask(method, path, headers, json=said if method == "POST" else None)
            assert answer.status_code == 401, (method, path)
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.headers["content-type"] == "application/problem+json"
        answer = client.ask(method, path, with_key, json=said if method == "POST" else None)
        assert answer.ok, (method, path, answer.text)


@pytest.mark.parametrize("path", ["/", "/items/1", "/docs"])
def test_the_pages_need_one_too(visitor: Client, stranger: Client, path: str) -> None:
    assert visitor.get(path).headers["location"].startswith("/sign-in?next=/")
    assert stranger.get(path).status_code == 200


def test_a_revoked_key_opens_nothing(client: Client) -> None:
    someone = client.with_key("someone")
    assert someone.get("/api/v1/search").status_code == 200
    client.shelf.catalogue.keys.revoke("someone")
    assert someone.get("/api/v1/search").status_code == 401


def test_revoking_the_last_key_does_not_open_an_exposed_server(
    tmp_path: Path, memory: Depot
) -> None:
    with opened(tmp_path, memory, host="0.0.0.0") as shelf, pytest.raises(Refused, match="needed"):
        identify(shelf.services, None)


def test_health_needs_no_key(visitor: Client) -> None:
    assert visitor.get("/api/v1/search").status_code == 401
    assert visitor.get("/healthz").json() == {"status": "alive"}
    assert visitor.get("/readyz").status_code == 200
