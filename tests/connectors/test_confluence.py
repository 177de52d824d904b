"""Confluence: the contract, and who gets to see what."""

import json
import logging
from typing import Any

import pytest
from requests import PreparedRequest

from catalogue.errors import NeedsPerson
from catalogue.model import Draft
from connectors.base import Checkpoint, Event, Found
from connectors.confluence import Confluence, Settings
from connectors.formats.confluencepage import visibility
from connectors.testing import CANARY, Answer, Case, Conformance, served
from tests.connectors.sites import confluence as site

BASE = "https://wiki.example"


@pytest.mark.slow  # starts some fifty reading processes
class TestConfluence(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        settings = {**site.settings(BASE), "token": CANARY}
        whole, shrunk, dented = (served(site.answers(BASE, name)) for name in site.WORLDS)
        return Case(Confluence, settings, whole, shrunk, dented)


def run(pages: tuple[site.Raw, ...], cursor: Any = None, **settings: Any) -> list[Event]:
    with served(site.confluence(BASE, pages))() as scene:
        given = {**site.settings(BASE), "token": CANARY, **settings}
        connector = Confluence(Settings.model_validate(given), scene.http)
        return list(connector.pull(json.loads(json.dumps(cursor or {}))))


def drafts(events: list[Event]) -> dict[str, Draft]:
    with served(lambda _: Answer())() as scene:
        config = Settings.model_validate({**site.settings(BASE), "token": CANARY})
        connector = Confluence(config, scene.http)
        return {e.key: connector.normalise(e.payload) for e in events if isinstance(e, Found)}


def told(events: list[Event]) -> list[str]:
    return [f"{type(e).__name__.lower()} {e.key}" for e in events if not isinstance(e, Checkpoint)]


def cursor_of(events: list[Event]) -> dict[str, Any]:
    assert isinstance(events[-1], Checkpoint)
    return dict(events[-1].cursor)


def changed(number: str, **more: Any) -> tuple[site.Raw, ...]:
    return tuple({**p, **more} if p["id"] == number else p for p in site.PAGES)


def test_a_page_read_by_eye() -> None:
    backups = drafts(run(site.PAGES))["11"]
    assert (backups.title, backups.authors) == ("Backups", ("Ann Lee",))
    assert backups.url == f"{BASE}/confluence/spaces/OPS/pages/11"
    assert backups.subjects == ("how-to",)
    assert backups.updated is not None
    assert backups.updated.isoformat() == "2026-01-02T08:00:00+00:00"
    assert [(p.heading, str(p.locator or ""), p.text[:25]) for p in backups.parts] == [
        ("", "", "Every night the database "),
        ("Restore", "anchor Backups-Restore", "Stop the service, restore"),
        ("plan.pdf", "unit plan.pdf", "Who calls whom when the d"),
    ]
    urls = [p.locator.url for p in backups.parts if p.locator]
    assert urls[-1] == f"{BASE}/confluence/download/attachments/11/plan.pdf"


def test_who_may_see_what(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        read = drafts(run(site.PAGES))
    assert {key: d.visibility for key, d in read.items()} == {
        "10": (),
        "11": (),
        "12": (),
        "13": ("hr", "leads"),
        "14": ("hr",),
        "17": (),
    }
    assert "left out 2 pages" in caplog.text


@pytest.mark.parametrize(
    ("own", "above", "expected"),
    [
        (site.restricted(), site.restricted(), ()),
        (site.restricted(("a", "b")), site.restricted(), ("a", "b")),
        (site.restricted(), site.restricted(("a",)), ("a",)),
        (site.restricted(("a",)), site.restricted(("b",)), None),
        (site.restricted(("a",), ("ann",)), site.restricted(), ("a",)),
        (site.restricted((), ("ann",)), site.restricted(), None),
        (site.restricted(("a",)), site.restricted((), ("ann",)), None),
    ],
)
def test_visibility(own: Any, above: Any, expected: Any) -> None:
    top = site.page(1, "Top", "", restrictions=above)
    page = site.page(2, "Page", "", 1, restrictions=own)
    assert visibility(page, {"1": top, "2": page}) == expected
    assert visibility(page, {"2": page}) is None


def test_a_restriction_set_later_is_heeded_at_once() -> None:
    cursor = cursor_of(run(site.PAGES))
    events = run(changed("10", restrictions=site.restricted(("staff",))), cursor)
    read = drafts(events)
    assert {key: d.visibility for key, d in read.items()} == {
        "10": ("staff",),
        "11": ("staff",),
        "12": ("staff",),
        "17": ("staff",),
    }
    assert [t for t in told(events) if t.startswith("gone")] == ["gone 13", "gone 14"]
    personal = run(changed("12", restrictions=site.restricted(users=("bo",))), cursor)
    assert [t for t in told(personal) if not t.startswith("unchanged")] == ["gone 12"]


def test_only_what_changed_is_read() -> None:
    cursor = cursor_of(run(site.PAGES))
    events = run(changed("17", version={"number": 2}), cursor)
    assert [t for t in told(events) if not t.startswith("unchanged")] == ["found 17"]
    more = {"attachment": {"results": [site.attachment("plan.pdf", 2)]}}
    events = run(changed("17", children=more), cursor)
    assert [t for t in told(events) if not t.startswith("unchanged")] == ["found 17"]


def test_an_index_that_lags_makes_nothing_vanish() -> None:
    cursor = cursor_of(run(site.PAGES))
    whole, partial = site.confluence(BASE, site.PAGES), site.confluence(BASE, site.PAGES[:-1])

    def server(request: PreparedRequest) -> Answer:
        return (partial if "search" in str(request.url) else whole)(request)

    with served(server)() as scene:
        config = Settings.model_validate({**site.settings(BASE), "token": CANARY})
        events = list(Confluence(config, scene.http).pull(cursor))
    assert "unchanged 17" in told(events)
    trashed = run(changed("17", status="trashed")[:-1], cursor)
    assert "gone 17" in told(trashed)


def test_in_the_cloud() -> None:
    """Basic credentials, links that repeat the site's own path, paging by a cursor.

    A search that fails for one page's sake leaves the others to be read one by one.
    """
    heard: list[str] = []
    pages = [site.page(1, "One", "<p>words</p>"), site.page(2, "Two", "<p>words</p>")]

    def server(request: PreparedRequest) -> Answer:
        heard.append(str(request.headers.get("Authorization")))
        url = str(request.url)
        if "cursor=x" in url:
            return Answer({"results": pages[1:], "_links": {}})
        if "cql=id+in" in url:
            return Answer({"message": "a macro failed"}, 400)
        if "/wiki/rest/api/content/search" in url:
            following = "/wiki/rest/api/content/search?next=true&cursor=x"
            return Answer({"results": pages[:1], "_links": {"next": following}})
        return Answer(pages[int(url.partition("?")[0][-1]) - 1])

    given = {"url": "https://acme.example/wiki", "spaces": ["OPS"], "user": "a@acme.example"}
    with served(server)() as scene:
        config = Settings.model_validate({**given, "token": CANARY})
        assert told(list(Confluence(config, scene.http).pull({}))) == ["found 1", "found 2"]
    assert all(credential.startswith("Basic ") for credential in heard)


@pytest.mark.parametrize("body", ["<html>sign in</html>", "[]", "null", "{}"])
def test_something_else_than_confluence_needs_a_person(body: str) -> None:
    with served(lambda _: Answer(body))() as scene, pytest.raises(NeedsPerson):
        config = Settings.model_validate({**site.settings(BASE), "token": CANARY})
        list(Confluence(config, scene.http).pull({}))


def test_a_wrong_token_needs_a_person() -> None:
    with pytest.raises(NeedsPerson, match="credentials"):
        run(site.PAGES, token="wrong")


def test_a_folder_above_pages_is_asked_for_whom_it_is() -> None:
    pages = (
        site.page(1, "Open", "<p>words</p>", 70),
        site.page(2, "Closed", "<p>words</p>", 71),
        site.page(3, "Nobody knows", "<p>words</p>", 72),
    )
    folders = {"70": site.restricted()["read"], "71": site.restricted(("hr",))["read"]}
    whole = site.confluence(BASE, pages)

    def server(request: PreparedRequest) -> Answer:
        number = str(request.url).partition("/restriction/")[0].rpartition("/")[2]
        return Answer(folders[number]) if number in folders else whole(request)

    with served(server)() as scene:
        config = Settings.model_validate({**site.settings(BASE), "token": CANARY})
        read = drafts(list(Confluence(config, scene.http).pull({})))
    assert {key: d.visibility for key, d in read.items()} == {"1": (), "2": ("hr",)}


def test_the_token_stays_at_home() -> None:
    def server(request: PreparedRequest) -> Answer:
        assert "evil" not in str(request.url)
        return Answer({"results": [], "_links": {"next": "https://evil.example/x"}})

    with served(server)() as scene:
        config = Settings.model_validate({**site.settings(BASE), "token": CANARY})
        with pytest.raises(NeedsPerson, match="another host"):
            list(Confluence(config, scene.http).pull({}))
