"""MediaWiki: the contract, and what happens on a wiki between two runs."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError
from requests import PreparedRequest

from catalogue.errors import BadItem, NeedsPerson, SkillshelfError, TryLater
from catalogue.model import Draft
from connectors.base import Checkpoint, Event, Failed, Found
from connectors.formats.wikipage import draft
from connectors.mediawiki import Mediawiki, Settings
from connectors.testing import CANARY, Answer, Case, Conformance, served
from tests.connectors.sites import mediawiki as site

BASE = "https://wiki.example"
LATER = replace(site.State(), clock="2026-01-06T09:00:00Z")
Server = Callable[[PreparedRequest], Answer]


class TestMediawiki(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        settings = {**site.settings(BASE), "password": CANARY}
        whole, shrunk, dented = (served(site.answers(BASE, name)) for name in site.WORLDS)
        return Case(Mediawiki, settings, whole, shrunk, dented)


def run(state: site.State | Server, cursor: Any = None, **settings: Any) -> list[Event]:
    server = site.wiki(BASE, state) if isinstance(state, site.State) else state
    with served(server)() as scene:
        given = {**site.settings(BASE), "password": CANARY, **settings}
        connector = Mediawiki(Settings.model_validate(given), scene.http)
        return list(connector.pull(json.loads(json.dumps(cursor or {}))))


def cursor_of(events: list[Event]) -> dict[str, Any]:
    assert isinstance(events[-1], Checkpoint)
    return dict(events[-1].cursor)


def told(events: list[Event]) -> list[str]:
    return [f"{type(e).__name__.lower()} {e.key}" for e in events if not isinstance(e, Checkpoint)]


def drafts(events: list[Event]) -> dict[str, Draft]:
    kind = Settings.model_fields["kind"].default
    return {e.key: draft(e.payload, kind) for e in events if isinstance(e, Found)}


def changed(number: int, **more: Any) -> tuple[site.Page, ...]:
    return tuple(replace(p, **more) if p.number == number else p for p in site.PAGES)


def test_a_page_read_by_eye() -> None:
    bowline = drafts(run(site.State()))["4"]
    assert (bowline.title, bowline.language, bowline.licence) == ("Bowline", "en", "CC BY-SA 4.0")
    assert (bowline.url, bowline.subjects) == (f"{BASE}/wiki/Bowline", ("Knots",))
    assert bowline.updated is not None
    assert bowline.updated.isoformat() == "2026-01-03T08:30:00+00:00"
    assert [(p.heading, str(p.locator or ""), p.text[:27]) for p in bowline.parts] == [
        ("", "", "A fixed loop at the end of "),
        ("Tying", "anchor Tying", "Make a small loop, pass the"),
        ("Uses", "anchor Uses", "To tie a boat to a ring, or"),
    ]
    assert "[1]" not in bowline.parts[0].text


def test_redirects_and_other_namespaces_are_no_items() -> None:
    assert drafts(run(site.State())).keys() == {"1", "4", "5", "7", "8", "9"}
    assert drafts(run(site.State(), namespaces=(1,))).keys() == {"12"}
    assert drafts(run(site.State(), categories=("Care", "Category:Knots"))).keys() == {
        "4",
        "5",
        "7",
        "8",
        "9",
    }


def test_only_what_changed_is_read() -> None:
    cursor = cursor_of(run(site.State()))
    state = replace(
        LATER,
        pages=changed(5, revision=205, title="Becket bend"),
        changed={5: "2026-01-05T10:00:00Z", 8: "2026-01-05T10:00:00Z"},
    )
    events = run(state, cursor)
    assert told(events) == ["found 5"]
    assert drafts(events)["5"].title == "Becket bend"
    assert cursor_of(events)["since"] == "2026-01-06T08:50:00Z"
    assert told(run(replace(LATER, clock="2026-01-07T09:00:00Z"), cursor_of(events))) == []


@pytest.mark.parametrize(
    ("pages", "settings"),
    [
        (changed(5, revision=205, redirect=True), {}),
        (changed(5, revision=205, namespace=2), {}),
        (changed(5, revision=205, categories=("Care",)), {"categories": ("Knots",)}),
        (tuple(p for p in site.PAGES if p.number != 5), {}),
    ],
    ids=["redirect", "moved", "out of the category", "deleted"],
)
def test_what_is_no_item_any_more_goes(pages: tuple[site.Page, ...], settings: Any) -> None:
    cursor = cursor_of(run(site.State(), **settings))
    state = replace(LATER, pages=pages, changed={5: "2026-01-05T10:00:00Z"})
    assert told(run(state, cursor, **settings)) == ["gone 5"]


def test_a_page_comes_into_the_category() -> None:
    cursor = cursor_of(run(site.State(), categories=("Knots",)))
    pages = changed(8, revision=208, categories=("Care", "Knots"))
    state = replace(LATER, pages=pages, changed={8: "2026-01-05T10:00:00Z"})
    assert told(run(state, cursor, categories=("Knots",))) == ["found 8"]


def test_a_wiki_that_forgot_is_listed_but_not_read_again() -> None:
    cursor = cursor_of(run(site.State()))
    state = replace(LATER, oldest="2026-01-05T23:00:00Z", pages=changed(5, revision=205))
    events = run(state, cursor)
    assert told(events) == [
        "unchanged 1",
        "unchanged 4",
        "found 5",
        "unchanged 7",
        "unchanged 8",
        "unchanged 9",
    ]
    assert isinstance(events[-1], Checkpoint)
    assert events[-1].complete


def test_a_page_that_failed_is_tried_again() -> None:
    events = run(site.WORLDS["dented"])
    (failed,) = [e for e in events if isinstance(e, Failed)]
    assert failed.key == "7"
    assert isinstance(failed.error, BadItem)
    assert told(run(LATER, cursor_of(events))) == ["found 7"]


@pytest.mark.parametrize(
    ("errors", "error", "message"),
    [
        (
            {"siteinfo": ("maxlag", "Waiting for a database server: 9 seconds lagged.")},
            TryLater,
            "lagged",
        ),
        ({"parse": ("ratelimited", "slow down")}, TryLater, "slow down"),
        ({"allpages": ("internal_api_error_DBQueryError", "oh")}, TryLater, "oh"),
        ({"allpages": ("badnamespace", "no")}, NeedsPerson, "correct `namespaces`"),
        ({"allpages": ("assertuserfailed", "no")}, NeedsPerson, "grants"),
    ],
)
def test_mediawikis_errors(
    errors: dict[str, tuple[str, str]], error: type[SkillshelfError], message: str
) -> None:
    with pytest.raises(error, match=message) as caught:
        run(replace(site.State(), errors=errors))
    if "maxlag" in str(caught.value):
        assert isinstance(caught.value, TryLater)
        assert caught.value.retry_after == 5


def test_a_wrong_password_needs_a_person() -> None:
    with pytest.raises(NeedsPerson, match="check `user` and its bot password"):
        run(site.State(), password="wrong")
    with pytest.raises(NeedsPerson, match="the wiki is private"):
        run(site.State(), user="", password=None)
    with pytest.raises(ValidationError, match="both `user`"):
        run(site.State(), password=None)


@pytest.mark.parametrize("body", ["<html>a wiki</html>", "[]", '{"query": {}}', "null"])
def test_something_else_than_an_api_needs_a_person(body: str) -> None:
    with pytest.raises(NeedsPerson):
        run(lambda _: Answer(body), user="", password=None)


def test_a_wiki_that_goes_round_in_circles() -> None:
    whole = site.wiki(BASE, site.State())

    def server(request: PreparedRequest) -> Answer:
        said = whole(request)
        circular = isinstance(said.body, dict) and "continue" in said.body
        return Answer({**said.body, "continue": {"gapcontinue": "0"}}) if circular else said

    with pytest.raises(TryLater, match="circles"):
        run(server)


def test_hostile_text_is_read_as_text() -> None:
    html = "<div>" * 200 + '<script>alert(1)</script><p class="navbox">x</p>words\x00'
    events = run(replace(site.State(), pages=changed(4, html=html)))
    assert [p.text for p in drafts(events)["4"].parts] == ["words"]
