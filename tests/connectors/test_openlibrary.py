"""Open Library: the contract, books read by eye, long lists, and a recorded search."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from requests import PreparedRequest

from catalogue.errors import BadItem, NeedsPerson
from catalogue.model import Draft, Kind
from connectors.base import Checkpoint, Event, Failed, Found, Unchanged
from connectors.formats.openlibrary import draft
from connectors.openlibrary import OpenLibrary, Settings
from connectors.testing import Answer, Case, Conformance, served
from connectors.testing.worlds import Server
from tests.connectors.sites import openlibrary as site

BASE = "https://library.example"


class TestOpenLibrary(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        whole, shrunk, dented = (
            served(site.answers(BASE, world)) for world in ("whole", "shrunk", "dented")
        )
        return Case(OpenLibrary, site.settings(BASE), whole, shrunk, dented)


def run(server: Server, cursor: Any = None, **settings: Any) -> list[Event]:
    with served(server)() as scene:
        config = Settings.model_validate({**site.settings(BASE), **settings})
        return list(OpenLibrary(config, scene.http).pull(json.loads(json.dumps(cursor or {}))))


def drafts(events: list[Event], language: str = "") -> dict[str, Draft]:
    return {e.key: draft(e.payload, BASE, language) for e in events if isinstance(e, Found)}


def last(events: list[Event]) -> Checkpoint:
    assert isinstance(events[-1], Checkpoint)
    return events[-1]


def test_books_read_by_eye() -> None:
    events = run(site.answers(BASE))
    read = drafts(events)
    assert list(read) == ["OL1W", "OL3W", "OL5W", "OL2W", "OL4W"]
    sharp = read["OL2W"]
    assert (sharp.title, sharp.kind) == ("Sharp enough: Keeping edges", Kind.BOOK)
    assert sharp.summary == "Stones, angles and strops."
    assert sharp.url == f"{BASE}/works/OL2W"
    assert sharp.image == "https://covers.openlibrary.org/b/id/991-L.jpg"
    assert (sharp.subjects, sharp.authors) == (("Tools", "Carpentry"), ("Robin Ash",))
    assert (sharp.cost, read["OL1W"].cost) == (0, None)
    assert str(sharp.published) == "1992-01-01 00:00:00+00:00"
    assert (sharp.language, read["OL3W"].language) == ("en", None)
    assert drafts(events, "de")["OL3W"].language == "de"
    assert read["OL1W"].subjects == ("Carpentry",)
    assert last(events).complete


def test_what_a_book_is_about_is_read_once() -> None:
    with served(site.answers(BASE))() as scene:
        connector = OpenLibrary(Settings.model_validate(site.settings(BASE)), scene.http)
        cursor = last(list(connector.pull({}))).cursor
        first = len(scene.wire.requests)
        events = list(connector.pull(cursor))
    assert [e.key for e in events if isinstance(e, Unchanged)] == [
        "OL1W",
        "OL3W",
        "OL5W",
        "OL2W",
        "OL4W",
    ]
    assert len(scene.wire.requests) - first == first - 5


def test_a_description_that_cannot_be_had_is_tried_again() -> None:
    whole = site.answers(BASE)

    def server(request: PreparedRequest) -> Answer:
        return Answer(status=410) if "/OL5W.json" in str(request.url) else whole(request)

    events = run(server)
    assert [e.key for e in events if isinstance(e, Failed)] == ["OL5W"]
    assert last(events).complete
    again = run(whole, last(events).cursor)
    assert [e.key for e in again if isinstance(e, Found)] == ["OL5W"]


def test_without_descriptions() -> None:
    with served(site.answers(BASE))() as scene:
        given = {**site.settings(BASE), "descriptions": False}
        events = list(OpenLibrary(Settings.model_validate(given), scene.http).pull({}))
    assert not any("/works/" in str(r.url).partition("?")[0] for r in scene.wire.requests)
    assert drafts(events)["OL1W"].summary == ""


@pytest.mark.parametrize("settings", [{"subjects": []}, {"lists": []}])
def test_more_books_than_are_taken_are_not_taken_for_vanished(settings: dict[str, Any]) -> None:
    events = run(site.answers(BASE), most=2, **settings)
    assert len(drafts(events)) == 2
    assert not last(events).complete


def test_a_list_that_is_gone_costs_itself() -> None:
    events = run(site.answers(BASE), lists=[site.LIST, "people/other/lists/OL1L"])
    (failed,) = [e for e in events if isinstance(e, Failed)]
    assert failed.key == "people/other/lists/OL1L"
    assert len(drafts(events)) == 5
    assert not last(events).complete
    with pytest.raises(NeedsPerson, match="answered 404"):
        run(site.answers(BASE), lists=["people/other/lists/OL1L"], subjects=[])


def test_shelves() -> None:
    def server(request: PreparedRequest) -> Answer:
        if "/books/already-read.json" in str(request.url):
            entries = [{"work": {"key": f"/works/OL{n}W"}, "logged_date": "x"} for n in (4, 1)]
            return Answer({"page": 1, "numFound": 2, "reading_log_entries": entries})
        return site.answers(BASE)(request)

    shelf = "people/trainer/books/already-read"
    events = run(server, lists=[], subjects=[], shelves=[shelf])
    assert set(drafts(events)) == {"OL1W", "OL4W"}


@pytest.mark.parametrize("body", ["<html>", [], {"docs": None}, {"docs": [None, {"key": 5}]}])
def test_other_answers(body: Any) -> None:
    """An answer of another shape names no book; what is no JSON object is told."""
    if isinstance(body, dict):
        assert not drafts(run(lambda _: Answer(body), lists=[]))
    else:
        with pytest.raises(NeedsPerson):
            run(lambda _: Answer(body), lists=[])


@pytest.mark.parametrize(
    "settings",
    [
        {"lists": [], "subjects": []},
        {"lists": ["https://openlibrary.org/people/a/lists/OL1L"]},
        {"shelves": ["people/a/books/else"]},
        {"subjects": ['a" OR key:*']},
    ],
)
def test_settings_that_cannot_be(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({**site.settings(BASE), **settings})


def test_a_work_without_a_title() -> None:
    with pytest.raises(BadItem, match="work OL1W has no title"):
        draft({"key": "/works/OL1W"}, BASE, "")


@pytest.mark.shared_data
def test_a_recorded_search(shared_data: Path) -> None:
    recorded = (shared_data / "wire/openlibrary/search_harry_potter.json").read_text()
    given = {"lists": [], "subjects": [], "queries": ["harry potter"], "descriptions": False}
    events = run(lambda _: Answer(recorded), most=2, **given)
    read = drafts(events)
    assert {key: d.title for key, d in read.items()} == {
        "OL82563W": "Harry Potter and the Philosopher's Stone",
        "OL82586W": "Harry Potter and the Deathly Hallows",
    }
    assert {d.authors for d in read.values()} == {("J. K. Rowling",)}
    assert not last(events).complete  # 3,226 were found
