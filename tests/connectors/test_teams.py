"""Teams: the contract by Graph and by export, and what Microsoft's own ways and errors lead to."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from requests import PreparedRequest

from catalogue.errors import NeedsPerson, TryLater
from catalogue.model import Draft, Kind
from connectors.base import Checkpoint, Event, Failed, Gone, Unchanged
from connectors.formats.conversations import Channel
from connectors.formats.ledger import Ledger
from connectors.formats.teamsmessage import Place, camel, thread
from connectors.http import polite
from connectors.teams import Settings, Teams
from connectors.testing import CANARY, Answer, Case, Conformance, FolderPlace, World, served
from connectors.testing.visits import checkpoints, claims_all, payloads, read
from tests.connectors.sites import teams as site

BASE = "https://microsoft.example"
LADDERS = "19:general@thread.tacv2/1767600060000"


def world(name: str) -> World:
    return served(site.answers(BASE, name))


def graph(**settings: object) -> Case:
    given = {**site.settings(BASE), "client_secret": CANARY, **settings}
    return Case(Teams, given, world("whole"), world("shrunk"), world("dented"), max_requests=40)


class TestByGraph(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        return graph()


class TestByExport(Conformance):
    @pytest.fixture
    def case(self, tmp_path: Path) -> Case:
        place = FolderPlace(tmp_path / "export", {"path": "."})

        def built(name: str) -> World:
            def build(folder: Path) -> None:
                site.export(folder, name)

            return place.world(build)

        settings = {"channels": site.settings("")["channels"]}
        worlds = built("whole"), built("shrunk"), built("dented")
        return Case(Teams, settings, *worlds, outage=place.missing)

    def test_secrets_are_declared(self, case: Case) -> None:
        assert not case.over_http(), "an export is read without a secret"


def drafts(case: Case) -> dict[str, Draft]:
    with case.visit(case.whole) as (connector, _):
        return dict(read(connector, list(connector.pull({}))).drafts)


def exported(folder: Path, **settings: object) -> list[Event]:
    config = Settings.model_validate({**site.export(folder), **settings})
    return list(Teams(config, polite()).pull({}))


def test_a_discussion_read_by_eye() -> None:
    found = drafts(graph())[LADDERS]
    assert found.title == "who checks the ladders, and how often?"
    assert (found.kind, found.subjects) == (Kind.DISCUSSION, ("School/General",))
    assert (found.authors, found.visibility) == ((), ())
    assert found.url == (
        "https://teams.microsoft.com/l/message/19%3Ageneral%40thread.tacv2/1767600060000"
        "?groupId=5f0c0c52-0000-4000-8000-000000000001&tenantId=t-1&parentMessageId=1767600060000"
    )
    assert [part.text for part in found.parts] == [
        "Hello @someone, who checks the ladders, and how often?",
        "Whoever uses one looks at its feet and rungs each time; the yard inspects all of "
        "them twice a year.\n\nSee the guide.",
        "Thanks 🙂",
    ]


def test_a_subject_begins_the_question_and_the_deleted_is_left_out() -> None:
    [found] = [d for d in drafts(graph()).values() if d.title.endswith("Is that so?")]
    assert found.title.startswith("Date on my harness: ")
    assert found.summary == "Date on my harness\nIt says the harness expires. Is that so?"
    assert [p.text for p in found.parts][1:] == [
        "Ten years after it was made, or at once after a fall."
    ]


def test_code_and_plain_text_stay_as_typed() -> None:
    parts = [part.text for draft in drafts(graph()).values() for part in draft.parts]
    assert "=XLOOKUP(A2, Prices!A:A, Prices!B:B)" in parts
    assert "Wie sperre ich <eine> Zelle?" in parts


def test_a_link_is_counted_whoever_shared_it() -> None:
    found = drafts(graph())[site.GUIDE]
    assert found.title == "the guide"
    assert found.summary == "Shared 2 times in School/General; last on 2026-01-05."


def test_by_graph_and_by_export_it_is_the_same(tmp_path: Path) -> None:
    by_export = payloads(exported(tmp_path))
    with graph().visit(world("whole")) as (connector, _):
        by_graph = payloads(list(connector.pull({})))
    assert by_graph == by_export


def test_only_the_channels_that_are_named_are_read() -> None:
    only = drafts(graph(channels=["School/Spreadsheets / tips"]))
    assert {draft.subjects for draft in only.values()} == {("School/Spreadsheets / tips",)}


def test_a_private_team_and_a_private_channel_are_for_their_members() -> None:
    shown = drafts(graph(channels=["School/Coffee", "Board/General"]))
    seen = {draft.subjects[0]: draft.visibility for draft in shown.values()}
    assert seen == {
        "School/Coffee": ("teams:School/Coffee",),
        "Board/General": ("teams:Board",),
    }


def test_names_are_dropped_unless_they_are_kept(tmp_path: Path) -> None:
    said = str(exported(tmp_path)) + str(graph().run(world("whole")))
    assert not any(name in said for name in ("Ann", "Bo Berg", "u-bo"))
    kept = drafts(graph(names=True))[LADDERS]
    assert kept.authors == ("Ann Amsel", "Bo Berg")
    assert kept.parts[0].text.startswith("Hello @Bo Berg")


def test_a_second_look_finds_nothing_new() -> None:
    case = graph()
    first = case.run(case.whole)
    again = case.run(case.whole, checkpoints(first)[-1].cursor)
    assert {type(event) for event in again} == {Unchanged, Checkpoint}
    assert claims_all(again)


def test_a_deleted_question_is_gone(tmp_path: Path) -> None:
    first = exported(tmp_path)
    config = Settings.model_validate(site.export(tmp_path))
    file = tmp_path / "messages_5f0c0c52-0000-4000-8000-000000000001.json"
    raws = camel(json.loads(file.read_text()))
    for raw in raws:
        if LADDERS.endswith(raw["id"]):
            raw["deletedDateTime"] = "2026-01-09T00:00:00Z"
    site.write(file, site.pascal(raws))
    later = list(Teams(config, polite()).pull(checkpoints(first)[-1].cursor))
    assert [e.key for e in later if isinstance(e, Gone)] == [LADDERS]


def test_a_token_that_became_old_is_renewed() -> None:
    whole = site.answers(BASE)
    grants: list[str] = []

    def aging(request: PreparedRequest) -> Answer:
        if "/login/" in request.path_url:
            grants.append("")
        elif "skiptoken" in request.path_url and len(grants) == 1:
            return Answer({"error": {"code": "InvalidAuthenticationToken"}}, 401)
        return whole(request)

    case = graph()
    assert set(payloads(case.run(served(aging)))) == set(drafts(case))
    assert len(grants) == 2


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"channels": ["Nowhere/General"]}, "0 teams are called Nowhere"),
        ({"channels": ["School/Nowhere"]}, "no channel Nowhere; it has Coffee, General"),
        ({"client": "other"}, "answered 401: check the credentials"),
        ({"channels": [f"{site.CLIENT}/General"]}, "answered 404"),
    ],
)
def test_what_is_not_there_needs_a_person(settings: Mapping[str, object], words: str) -> None:
    with pytest.raises(NeedsPerson, match=words):
        graph(**settings).run(world("whole"))


@pytest.mark.parametrize(
    ("server", "words"),
    [
        (lambda r: Answer({"error": "x"}), "granted no token"),
        (lambda r: Answer([] if r.method == "GET" else {"access_token": "t"}), "is not Microsoft"),
    ],
)
def test_what_is_not_microsoft_needs_a_person(
    server: Callable[[PreparedRequest], Answer], words: str
) -> None:
    with pytest.raises(NeedsPerson, match=words):
        graph().run(served(server))


@pytest.mark.parametrize(
    ("following", "kind", "words"),
    [
        ("https://evil.example/more", NeedsPerson, "leads to another host"),
        (f"{BASE}/graph/v1.0/teams/again", TryLater, "repeats its pages"),
    ],
)
def test_pages_that_lead_astray(following: str, kind: type[Exception], words: str) -> None:
    whole = site.answers(BASE)

    def astray(request: PreparedRequest) -> Answer:
        answer = whole(request)
        if "/teams" not in request.path_url:
            return answer
        return Answer({"value": [], "@odata.nextLink": following})

    with pytest.raises(kind, match=words):
        graph(channels=["School/General"]).run(served(astray))


def test_what_an_export_lacks_is_named(tmp_path: Path) -> None:
    with pytest.raises(NeedsPerson, match="no channel Nowhere in School; it has Coffee, General"):
        exported(tmp_path, channels=["School/Nowhere"])
    with pytest.raises(NeedsPerson, match="no team Nowhere; it has Board, School"):
        exported(tmp_path, channels=["Nowhere/General"])
    empty = Settings.model_validate({"path": tmp_path / "x", "channels": ["a/b"]})
    (tmp_path / "x").mkdir()
    with pytest.raises(NeedsPerson, match=r"x holds no teamsList\.json"):
        list(Teams(empty, polite()).pull({}))


def test_an_export_may_be_packed(tmp_path: Path) -> None:
    settings = site.export(tmp_path / "in" / "teams")
    packed = shutil.make_archive(str(tmp_path / "export"), "zip", tmp_path / "in")
    config = Settings.model_validate({**settings, "path": packed})
    assert payloads(list(Teams(config, polite()).pull({}))) == payloads(exported(tmp_path / "y"))


def test_a_damaged_file_costs_its_team(tmp_path: Path) -> None:
    config = Settings.model_validate(site.export(tmp_path))
    file = tmp_path / "messages_5f0c0c52-0000-4000-8000-000000000001.json"
    file.write_text(file.read_text()[:500])
    events = list(Teams(config, polite()).pull({}))
    assert [e.key for e in events if isinstance(e, Failed)] == [file.name] * 2
    assert len(payloads(events)) == 1
    assert not claims_all(events)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"channels": ["a/b"]}, "either `path`, or the secret"),
        ({"channels": ["a/b"], "client_secret": "x"}, "give `tenant` and `client`"),
        ({"channels": ["General"], "path": "x"}, "String should match pattern"),
    ],
)
def test_settings_that_say_too_little(settings: Mapping[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Settings.model_validate(settings)


@pytest.mark.parametrize(
    "odd",
    [
        {"from": {"user": None, "application": {"id": "bot", "displayName": "Bot"}}},
        {"from": "nobody", "body": {"contentType": None, "content": None}},
        {"body": None, "subject": 7},
        {"body": {"contentType": "html", "content": "<a href='https://[::1'>x</a><at" * 3000}},
        {"body": {"contentType": "html", "content": "<!-- "}},
    ],
)
def test_odd_messages_cost_nothing(odd: dict[str, Any]) -> None:
    place = Place(Channel("c", "School/General"), "team")
    heard = list(thread({**site.said(1, site.ANN, "<p>Hello</p>"), **odd}, [], place))
    assert len(heard) == 1
    assert isinstance(list(Ledger({}, "1").events(heard, 1))[-1], Checkpoint)


@pytest.mark.shared_data
def test_a_real_export(shared_data: Path) -> None:
    """A statement answered by code, and an event: nobody asks anything there."""
    folder = shared_data / "wire" / "teams"
    config = Settings.model_validate({"path": folder, "channels": ["Core team/General"]})
    events = list(Teams(config, polite()).pull({}))
    assert payloads(events) == {}
    assert claims_all(events)


@pytest.mark.shared_data
def test_a_real_thread_read_by_eye(shared_data: Path) -> None:
    file = "messages_7c050abd-3cbb-448b-a9de-405f54cc14b2.json"
    reply, first, event = camel(json.loads((shared_data / "wire/teams" / file).read_text()))
    place = Place(Channel("19:x@thread.tacv2", "Core team/General", "teams:Core team"), "7c05")
    [heard] = thread(first, [reply, event], place)
    asked, [answer] = heard.first, heard.replies  # type: ignore[union-attr]
    assert asked.text.startswith("private channel message\nI question the need for interrupts. For")
    assert asked.text.endswith("have a long history of collaborating in this manner.")
    assert answer.text == 'print("hi")'
    assert answer.at.isoformat() == "2025-08-14T17:26:35.975000+00:00"
    assert (asked.name, answer.name) == ("", "")
