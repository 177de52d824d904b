"""SharePoint: the contract, what changes in a library lead to, and who gets to see what."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from requests import PreparedRequest

from catalogue.errors import NeedsPerson, TryLater
from catalogue.model import Draft, Kind
from connectors.base import Checkpoint, Event, Failed, Found
from connectors.formats.drivetree import Tree, groups
from connectors.sharepoint import Settings, Sharepoint
from connectors.testing import CANARY, Answer, Case, Conformance, served
from tests.connectors.sites import sharepoint as site

BASE = "https://ms.example"
Server = Callable[[PreparedRequest], Answer]


@pytest.mark.slow  # starts some fifty reading processes
class TestSharepoint(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        settings = {**site.settings(BASE), "client_secret": CANARY}
        whole, shrunk, dented = (served(site.answers(BASE, name)) for name in site.WORLDS)
        return Case(Sharepoint, settings, whole, shrunk, dented, max_requests=30)

    @pytest.mark.slow
    def test_an_outage_midway_loses_nothing(self, case: Case) -> None:
        super().test_an_outage_midway_loses_nothing(case)


def connector(http: Any, **settings: Any) -> Sharepoint:
    given = {**site.settings(BASE), "client_secret": CANARY, **settings}
    return Sharepoint(Settings.model_validate(given), http)


def run(server: Server, cursor: Any = None, **settings: Any) -> list[Event]:
    with served(server)() as scene:
        return list(connector(scene.http, **settings).pull(json.loads(json.dumps(cursor or {}))))


def world(*more: site.Raw, **how: Any) -> Server:
    return site.sharepoint(BASE, (*site.ITEMS, *more), **how)


def drafts(events: list[Event], **settings: Any) -> dict[str, Draft]:
    with served(world())() as scene:
        normalise = connector(scene.http, **settings).normalise
        return {e.payload["path"]: normalise(e.payload) for e in events if isinstance(e, Found)}


def told(events: list[Event]) -> list[str]:
    """Without checkpoints and what is unchanged."""
    kinds = ((type(e).__name__.lower(), e) for e in events if not isinstance(e, Checkpoint))
    return [f"{k} {e.key.rpartition('/')[2]}" for k, e in kinds if k != "unchanged"]


def cursor_of(events: list[Event]) -> dict[str, Any]:
    assert isinstance(events[-1], Checkpoint)
    return dict(events[-1].cursor)


def test_files_read_by_eye(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        events = run(world())
    read = drafts(events)
    assert {path: (d.title, d.kind, d.visibility) for path, d in read.items()} == {
        "Safety/Ladder use.md": ("Ladders", Kind.DOCUMENT, ()),
        "Safety/Fire.html": ("Fire", Kind.MANUAL, ()),
        "Safety/Forklift.pdf": ("Check the brakes", Kind.MANUAL, ()),
        "Staff only/Interviews.md": ("Interviews", Kind.DOCUMENT, ("HR Members", "Leads")),
        "First aid.md": ("First aid", Kind.DOCUMENT, ()),
    }
    forklift = read["Safety/Forklift.pdf"]
    assert [str(p.locator) for p in forklift.parts] == ["page 1", "page 2"]
    assert forklift.url.endswith("/03/Forklift.pdf")
    assert "left out 1 files" in caplog.text
    assert next(e.key for e in events if isinstance(e, Found)) == f"{site.DRIVE}/01"


def test_only_what_changed_is_read() -> None:
    cursor = cursor_of(run(world()))
    assert told(run(world(), cursor)) == []
    news = site.file("07", "First aid.md", b"# Aid\n\nnew words", content="2")
    with served(world(news))() as scene:
        events = list(connector(scene.http).pull(cursor))
        assert sum("/signed/" in str(r.url) for r in scene.wire.requests) == 1
    assert told(events) == ["found 07"]


def test_a_folder_that_is_renamed_moves_its_files() -> None:
    cursor = cursor_of(run(world()))
    events = run(world(site.folder("f1", "Health")), cursor)
    assert told(events) == ["found 01", "found 02", "found 03"]
    assert set(drafts(events)) == {
        "Health/Ladder use.md",
        "Health/Fire.html",
        "Health/Forklift.pdf",
    }


def test_a_folder_that_is_deleted_takes_its_files_along() -> None:
    cursor = cursor_of(run(world()))
    events = run(world({"id": "f1", "deleted": {"state": "deleted"}}), cursor)
    assert told(events) == ["gone 01", "gone 02", "gone 03"]


def test_a_permission_changed_later_is_heeded_at_once() -> None:
    cursor = cursor_of(run(world()))
    events = run(world(permissions={"01": [site.LEADS], "07": [site.ANN]}), cursor)
    assert told(events) == ["found 01", "gone 07"]
    assert drafts(events)["Safety/Ladder use.md"].visibility == ("Leads",)


def test_permissions_are_left_alone_when_so_set() -> None:
    with served(world())() as scene:
        events = list(connector(scene.http, permissions=False).pull({}))
        assert not [r for r in scene.wire.requests if "$batch" in str(r.url)]
    assert len(drafts(events)) == 6


def test_a_link_that_graph_forgot_lists_all_again() -> None:
    cursor = cursor_of(run(world()))
    news = site.file("09", "Heights.md", b"# Heights\n\nClip on first.", "f1")
    events = run(world(news, {"id": "02", "deleted": {}}, forgotten=len(site.ITEMS)), cursor)
    assert told(events) == ["found 09", "gone 02"]
    assert isinstance(events[-1], Checkpoint)
    assert events[-1].complete


def test_globs_and_sizes() -> None:
    only = run(world(), include=("Safety/**",), exclude=("**/*.pdf",))
    assert told(only) == ["found 01", "found 02"]
    events = run(world(), max_bytes=70)
    failed = {str(e.error) for e in events if isinstance(e, Failed)}
    assert "Safety/Ladder use.md is 82 bytes; `max_bytes` is 70" in failed


def test_a_library_that_is_not_there() -> None:
    with pytest.raises(NeedsPerson, match=r"no library Plans; it has \['Archive', 'Manuals'\]"):
        run(world(), libraries=("Plans",))


def test_a_wrong_secret_needs_a_person() -> None:
    with pytest.raises(NeedsPerson, match="credentials"):
        run(world(), client_secret="wrong")


@pytest.mark.parametrize(
    ("status", "error", "message"),
    [(403, NeedsPerson, "grant the app"), (429, TryLater, "busy"), (503, TryLater, "busy")],
)
def test_refusals_within_a_batch(status: int, error: type[Exception], message: str) -> None:
    whole = world()

    def server(request: PreparedRequest) -> Answer:
        said = whole(request)
        if "$batch" in str(request.url):
            assert isinstance(said.body, dict)
            first, *rest = said.body["responses"]
            return Answer({"responses": [{**first, "status": status}, *rest]})
        return said

    with pytest.raises(error, match=message):
        run(server)


@pytest.mark.parametrize(
    ("permissions", "expected"),
    [
        ([], None),
        ([site.ANN], None),
        ([site.LINK], None),
        ([site.ANN, site.LEADS], ("Leads",)),
        ([site.LEADS, site.EVERYONE], ()),
        ([{**site.LEADS, "roles": ["sp.limited access"]}], None),
        ([{"roles": ["read"], "grantedToIdentitiesV2": [{"group": {"displayName": "A"}}]}], ("A",)),
        ([{"roles": None, "grantedToV2": None, "grantedToIdentitiesV2": None}], None),
    ],
)
def test_groups(permissions: list[site.Raw], expected: tuple[str, ...] | None) -> None:
    assert groups(permissions) == expected


def test_a_tree_that_bites_its_tail() -> None:
    tree = Tree({})
    tree.apply(
        [site.folder("a", "A", "b"), site.folder("b", "B", "a"), site.file("1", "x.md", b"", "a")]
    )
    assert list(tree.files()) == []
    tree.apply([site.ROOT, site.folder("a", "A")])
    assert [path for _, path, _ in tree.files()] == ["A/x.md"]
