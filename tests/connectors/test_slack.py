"""Slack: the contract by API and by export, and what Slack's own ways and errors lead to."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from requests import PreparedRequest

from catalogue.errors import NeedsPerson, SkillshelfError, TryLater
from catalogue.model import Delivery, Draft, Kind
from connectors.base import Checkpoint, Event, Failed, Found, Gone, Unchanged
from connectors.formats.conversations import Channel, Thread
from connectors.formats.slackmessage import Place, is_said, message, threads
from connectors.formats.slacktext import links, plain
from connectors.http import polite
from connectors.slack import Settings, Slack
from connectors.testing import CANARY, Answer, Case, Conformance, FolderPlace, World, served
from connectors.testing.visits import checkpoints, claims_all, payloads, read
from tests.connectors.sites import slack as site

BASE = "https://slack.example"
QUERY = "C0DATA/1767600100.000200"
SPLICE = f"C0HELP/{site.SPLICE}"
INDEXES = "https://docs.example/indexes"


def world(name: str) -> World:
    return served(site.answers(BASE, name))


def api(**settings: object) -> Case:
    given = {**site.settings(BASE), "token": CANARY, **settings}
    return Case(Slack, given, world("whole"), world("shrunk"), world("dented"), max_requests=40)


class TestByApi(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        return api()


class TestByExport(Conformance):
    @pytest.fixture
    def case(self, tmp_path: Path) -> Case:
        place = FolderPlace(tmp_path / "export", {"path": "."})

        def built(name: str) -> World:
            def build(folder: Path) -> None:
                site.export(folder, name)

            return place.world(build)

        settings = {"channels": ["databases", "help", "leads"], "workspace": site.WORKSPACE}
        worlds = built("whole"), built("shrunk"), built("dented")
        return Case(Slack, settings, *worlds, outage=place.missing)

    def test_secrets_are_declared(self, case: Case) -> None:
        assert not case.over_http(), "an export is read without a secret"


def drafts(case: Case) -> dict[str, Draft]:
    with case.visit(case.whole) as (connector, _):
        return dict(read(connector, list(connector.pull({}))).drafts)


def exported(folder: Path, **settings: object) -> list[Event]:
    given = site.export(folder)
    config = Settings.model_validate({**given, **settings})
    return list(Slack(config, polite()).pull({}))


def test_a_discussion_read_by_eye() -> None:
    found = drafts(api())[QUERY]
    assert found.title == "How do I find out why a query is slow?"
    assert (found.kind, found.delivery) == (Kind.DISCUSSION, Delivery.INFORMAL)
    assert found.url == f"{site.WORKSPACE}/archives/C0DATA/p1767600100000200"
    assert found.subjects == ("databases",)
    assert (found.authors, found.visibility) == ((), ())
    assert found.published
    assert found.published.isoformat() == "2026-01-05T08:01:40.000200+00:00"
    assert [(part.heading, part.text) for part in found.parts] == [
        ("Question", "Hi @someone How do I find out why a query is slow?"),
        (
            "Answer",
            "Put EXPLAIN ANALYZE before it and look for sequential scans of large tables. "
            "Then read docs.example/indexes.",
        ),
        ("Answer", "That was it, thank you!"),
    ]
    place = found.parts[1].locator
    assert place
    assert place.url == (
        f"{site.WORKSPACE}/archives/C0DATA/p1767600160000300?thread_ts=1767600100.000200&cid=C0DATA"
    )


def test_a_link_is_counted_wherever_it_was_shared() -> None:
    found = drafts(api())[INDEXES]
    assert (found.title, found.url) == ("Use the index & rest", INDEXES)
    assert found.summary == (
        "How a B-tree finds a row without reading the table.\n"
        "Shared 3 times in databases, help; last on 2026-01-07."
    )
    assert found.subjects == ("databases", "help")
    assert [part.text for part in found.parts][1:] == [
        "How long may a splice be before it gets stiff?",
        f"Worth an hour of your time: {INDEXES}?utm_source=slack",
    ]


def test_what_was_labelled_is_called_by_its_label() -> None:
    assert drafts(api())[site.JOINS].title == "Joins in ten minutes"


def test_by_api_and_by_export_it_is_the_same(tmp_path: Path) -> None:
    by_export = payloads(exported(tmp_path))
    with api().visit(world("whole")) as (connector, _):
        by_api = payloads(list(connector.pull({})))
    assert by_api == by_export


def test_only_the_channels_that_are_named_are_read() -> None:
    assert "cats.example" not in str(drafts(api()))
    only = drafts(api(channels=["help"]))
    assert {draft.subjects for draft in only.values()} == {("help",)}


def test_a_private_channel_is_for_its_members() -> None:
    found = drafts(api())
    assert [d.title for d in found.values() if d.visibility == ("slack:leads",)] == [
        "How do we tell people about the move?"
    ]


def test_names_are_dropped_unless_they_are_kept(tmp_path: Path) -> None:
    said = str(exported(tmp_path)) + str(api().run(world("whole")))
    assert not any(name in said for name in (*site.USERS.values(), *site.USERS))
    kept = drafts(api(names=True))[QUERY]
    assert kept.authors == ("Ann Amsel", "Bo Berg")
    assert kept.parts[0].text.startswith("Hi @Bo Berg")
    assert [part.heading for part in kept.parts] == ["Ann Amsel", "Bo Berg", "Ann Amsel"]


def test_links_shared_seldom_can_be_left_out() -> None:
    found = drafts(api(shared_at_least=2))
    assert [key for key in found if "://" in key] == [INDEXES]


def test_threads_as_they_were_are_not_fetched_again() -> None:
    case = api()
    first = case.run(case.whole)
    with case.visit(case.whole) as (connector, scene):
        again = list(connector.pull(json.loads(json.dumps(checkpoints(first)[-1].cursor))))
        asked = {str(request.path_url).partition("?")[0] for request in scene.wire.requests}
    assert "/api/conversations.replies" not in asked
    assert {type(event) for event in again} == {Unchanged, Checkpoint}
    assert {e.key for e in again if isinstance(e, Unchanged)} == set(payloads(first))


def test_a_thread_with_a_new_answer_is_read_again() -> None:
    case = api()
    cursor = dict(checkpoints(case.run(case.whole))[-1].cursor)
    cursor["notes"] = {**cursor["notes"], QUERY: {**cursor["notes"][QUERY], "mark": "older"}}
    cursor["items"] = {**cursor["items"], QUERY: "older"}
    again = case.run(case.whole, cursor)
    assert [e.key for e in again if isinstance(e, Found)] == [QUERY]


def test_a_deleted_question_is_gone(tmp_path: Path) -> None:
    config = Settings.model_validate(site.export(tmp_path))
    events = list(Slack(config, polite()).pull({}))
    day = tmp_path / "databases" / "2026-01-02.json"
    first, *replies = json.loads(day.read_text())
    site.write(day, [{**first, "subtype": "tombstone", "user": "USLACKBOT"}, *replies])
    later = list(Slack(config, polite()).pull(checkpoints(events)[-1].cursor))
    assert [e.key for e in later if isinstance(e, Gone)] == [QUERY]


def test_a_plan_that_hides_what_is_old_claims_nothing() -> None:
    whole = site.answers(BASE)

    def limited(request: PreparedRequest) -> Answer:
        answer = whole(request)
        body = answer.body
        return Answer({**body, "is_limited": True}, answer.status, answer.headers)

    case = api()
    events = case.run(served(limited))
    assert len(payloads(events)) == len(drafts(case))
    assert not claims_all(events)


def error(code: str, **more: str) -> World:
    return served(lambda _: Answer({"ok": False, "error": code, **more}))


@pytest.mark.parametrize(
    ("code", "more", "kind", "words"),
    [
        ("invalid_auth", {}, NeedsPerson, "make a new token"),
        ("missing_scope", {"needed": "channels:read"}, NeedsPerson, "channels:read; add the scope"),
        ("ratelimited", {}, TryLater, "auth.test: ratelimited"),
        ("internal_error", {}, TryLater, "internal_error"),
        ("something_new", {}, NeedsPerson, "something_new"),
    ],
)
def test_slacks_errors(
    code: str, more: dict[str, str], kind: type[SkillshelfError], words: str
) -> None:
    case = api()
    with pytest.raises(kind, match=words):
        case.run(error(code, **more))


@pytest.mark.parametrize("body", [[], {"messages": []}, "<html>", 3])
def test_what_is_not_slack_needs_a_person(body: Any) -> None:
    with pytest.raises(NeedsPerson):
        api().run(served(lambda _: Answer(body)))


def test_pages_that_repeat_end() -> None:
    whole = site.answers(BASE)

    def turning(request: PreparedRequest) -> Answer:
        answer = whole(request)
        if "conversations.history" not in request.path_url:
            return answer
        return Answer({**answer.body, "response_metadata": {"next_cursor": "3"}})

    with pytest.raises(TryLater, match="repeats its pages"):
        api().run(served(turning))


def test_a_busy_slack_is_waited_for() -> None:
    case = api()
    with case.visit(case.whole) as (connector, scene):
        events = list(connector.pull({}))
        refused = [r for r in scene.wire.requests if "conversations.replies" in r.path_url]
    assert not [event for event in events if isinstance(event, Failed)]
    assert refused[0].url == refused[1].url


def test_channels_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(NeedsPerson, match="shows no channel nowhere; invite the app"):
        api(channels=["help", "nowhere"]).run(world("whole"))
    with pytest.raises(NeedsPerson, match="has no channel #nowhere; it has databases, help"):
        exported(tmp_path, channels=["help", "#nowhere"])


@pytest.mark.parametrize("packing", ["zip", "gztar"])
def test_an_export_as_it_was_downloaded(tmp_path: Path, packing: str) -> None:
    settings = site.export(tmp_path / "in" / "School Slack export")
    packed = shutil.make_archive(str(tmp_path / "export"), packing, tmp_path / "in")
    config = Settings.model_validate({**settings, "path": packed})
    events = list(Slack(config, polite()).pull({}))
    assert payloads(events) == payloads(exported(tmp_path / "plain"))
    assert claims_all(events)


def test_what_is_no_export_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    given = {"channels": ["help"], "workspace": site.WORKSPACE}
    for path, words in ((tmp_path, "no channels.json"), (tmp_path / "notes.txt", "notes.txt")):
        config = Settings.model_validate({**given, "path": path})
        with pytest.raises(NeedsPerson, match=words):
            list(Slack(config, polite()).pull({}))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"channels": ["a"]}, "either `path`, or the secret `token`"),
        ({"channels": ["a"], "path": "x"}, "give `workspace`"),
        ({"channels": [], "token": "x"}, "at least 1 item"),
    ],
)
def test_settings_that_name_no_one_place(settings: Mapping[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Settings.model_validate(settings)


@pytest.mark.parametrize("ts", [None, "", "soon", "9" * 30, {"a": 1}])
def test_a_message_without_its_time_costs_itself(tmp_path: Path, ts: Any) -> None:
    settings = site.export(tmp_path)
    day = tmp_path / "help" / "2026-01-01.json"
    broken = [{"type": "message", "text": "When?", "ts": ts}, "no message", None]
    site.write(day, [*json.loads(day.read_text()), *broken])
    events = list(Slack(Settings.model_validate(settings), polite()).pull({}))
    [failed] = [event for event in events if isinstance(event, Failed)]
    assert "has no `ts`" in str(failed.error)
    assert len(payloads(events)) == len(drafts(api()))
    assert not claims_all(events)


def test_a_day_that_is_mended_fails_no_more(tmp_path: Path) -> None:
    config = Settings.model_validate(site.export(tmp_path, "dented"))
    first = list(Slack(config, polite()).pull({}))
    [failed] = [event.key for event in first if isinstance(event, Failed)]
    site.export(tmp_path)
    later = list(Slack(config, polite()).pull(checkpoints(first)[-1].cursor))
    assert failed == "help/2026-01-02.json"
    assert [event.key for event in later if isinstance(event, Gone)] == [failed]
    assert SPLICE in payloads(later)
    again = list(Slack(config, polite()).pull(checkpoints(later)[-1].cursor))
    assert not [event for event in again if isinstance(event, Gone)]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<@U123> look", "@someone look"),
        ("<@U123|ann> look", "@someone look"),
        ("<!here> and <!subteam^S1|@admins>", "@everyone and @admins"),
        ("<!date^1392734382^{date}|18 February>", "18 February"),
        ("in <#C1|general>", "in #general"),
        ("<https://a.example/x|the manual>", "the manual"),
        ("<mailto:ann@a.example|ann@a.example>", "someone"),
        ("*bold* _it_ ~gone~ *_both_*", "bold it gone both"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
        ("at 10:30:45 :smile: ok :+1::skin-tone-3:", "at 10:30:45  ok"),
        ("`a &lt; b` ```*p = _x_;```", "a < b *p = _x_;"),
        ("&gt; quoted\n&gt;again", "quoted\nagain"),
        ("&amp;lt; stays", "&lt; stays"),
    ],
)
def test_markup_becomes_plain_text(markup: str, text: str) -> None:
    assert plain(markup, None) == text


@pytest.mark.parametrize("sign", ["*a ", "<", "`", "```x", ":a", "*_~", "<a|", "&gt;"])
def test_hostile_markup_ends(sign: str) -> None:
    markup = sign * 20_000
    assert len(plain(markup, None)) <= len(markup)
    assert list(links(markup)) == []


def test_mentions_are_named_where_names_are_kept() -> None:
    assert plain("<@U1> <@U2|bo> <@U3>", {"U1": "Ann"}) == "@Ann @bo @someone"


def test_links_without_what_tracks_or_opens_for_one_alone() -> None:
    markup = (
        "<https://A.example/x?utm_source=s&amp;p=1#part> <https://ann:pw@a.example/> "
        "<https://a.example/?token=1> <mailto:a@b.example> <javascript:x> <http://[::1> "
        "<https://a.example/y|a.example/y> <https://app.example/#/course/3|The course>"
    )
    assert [(link.url, link.title) for link in links(markup)] == [
        ("https://a.example/x?p=1", ""),
        ("https://a.example/y", ""),
        ("https://app.example/#/course/3", "The course"),
    ]


@pytest.mark.shared_data
def test_a_real_export(shared_data: Path, tmp_path: Path) -> None:
    """Nobody answers anything there, and the only link leads into Slack itself."""
    config = Settings.model_validate(
        {
            "path": shared_data / "wire" / "slack",
            "channels": ["random"],
            "workspace": "https://plan8team.slack.com",
        }
    )
    events = list(Slack(config, polite()).pull({}))
    assert payloads(events) == {}
    assert claims_all(events)


@pytest.mark.shared_data
def test_real_messages_read_by_eye(shared_data: Path) -> None:
    wire = shared_data / "wire" / "slack"
    place = Place("https://plan8team.slack.com", Channel("C061A0WJG", "random"))
    day = json.loads((wire / "random" / "2018-01-20.json").read_text())
    canvas = json.loads((wire / "message_rich_text_canvas.json").read_text())
    said = [message(raw, place) for raw in [*day, canvas] if is_said(raw)]
    assert [one.text for one in said] == [
        "This is Steve typing random stuff.",
        "@someone uploaded a file: dirac72.md and commented: test upload attachment",
        "Huh this is very useful being able to see the snippet of text files",
        "The markdown mapping is also lossy, as Zulip doesn't support two types of formatting "
        "together like bold and italic random while slack does",
        "@everyone",
        "@everyone",
        "message with files  @someone \nF07A32DC2GG",
    ]
    assert said[0].at.isoformat() == "2018-01-20T13:22:17.000093+00:00"
    assert said[0].url == "https://plan8team.slack.com/archives/C061A0WJG/p1516454537000093"
    assert [one.links for one in said if one.links] == []  # the one there is leads into Slack


@pytest.mark.shared_data
def test_real_threads_read_by_eye(shared_data: Path) -> None:
    """Threads begin with the message that they are called by, even if an answer is dated before."""
    raws = json.loads((shared_data / "wire" / "slack" / "normal_thread.json").read_text())
    place = Place("https://x.slack.com", Channel("C061A0WJG", "random"))
    heard = [one for start in (0, 2) for one in threads(raws[start : start + 2], place)]
    found = [(t.first.text, [r.text for r in t.replies]) for t in heard if isinstance(t, Thread)]
    assert found == [
        ("message body text", ["random"]),
        ("another thread message", ["another reply"]),
    ]
