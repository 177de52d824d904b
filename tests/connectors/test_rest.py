"""Any JSON catalogue: the contract, paging, access, changes, and what the settings' errors say."""

import json
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError
from requests import PreparedRequest

from catalogue.errors import BadItem, NeedsPerson
from catalogue.model import Draft, Kind, Level
from connectors.base import Checkpoint, Event, Failed, Found, Gone
from connectors.formats.rest.expressions import reads
from connectors.formats.rest.paging import next_link
from connectors.http import Limits, polite
from connectors.rest import Rest, Settings
from connectors.testing import CANARY, Answer, Case, Conformance, served
from connectors.testing.visits import logged
from connectors.testing.worlds import Server
from tests.connectors.loopback import Said, loopback
from tests.connectors.sites import rest as site

BASE = "https://learn.example"
LIST = f"{BASE}/list"
PLAIN: dict[str, Any] = {"url": LIST, "key": "id", "fields": {"title": "name", "url": "link"}}


class TestRest(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        whole, shrunk, dented = (
            served(site.answers(BASE, world)) for world in ("whole", "shrunk", "dented")
        )
        return Case(Rest, {**site.settings(BASE), "secret": CANARY}, whole, shrunk, dented)


def item(number: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "name": f"Course {number}", "link": f"/c/{number}", **more}


def asked(request: PreparedRequest) -> dict[str, str]:
    return {n: v[0] for n, v in parse_qs(urlsplit(str(request.url)).query).items()}


def run(server: Server, cursor: Any = None, **settings: Any) -> list[Event]:
    with served(server)() as scene:
        config = Settings.model_validate({**PLAIN, **settings})
        return list(Rest(config, scene.http).pull(json.loads(json.dumps(cursor or {}))))


def keys(events: list[Event]) -> list[str]:
    return [e.key for e in events if isinstance(e, Found)]


def last(events: list[Event]) -> Checkpoint:
    assert isinstance(events[-1], Checkpoint)
    return events[-1]


def draft(payload: dict[str, Any], **settings: Any) -> Draft:
    config = Settings.model_validate({**PLAIN, **settings})
    with served(lambda _: Answer())() as scene:
        return Rest(config, scene.http).normalise(payload)


def test_items_read_by_eye() -> None:
    balance, joins, *_ = site.catalogue()
    settings = site.settings(BASE)
    read = draft(balance, **settings)
    assert (read.title, read.url) == ("Reading a balance sheet", f"{BASE}/courses/11")
    assert read.summary == "What a company owns and owes, and what the difference says."
    assert (read.duration, read.level, read.kind) == (2700, Level.BEGINNER, Kind.COURSE)
    assert (read.cost, read.currency, read.authors) == (0, "EUR", ("Ada Mensah",))
    assert read.subjects == ("Finance", "Accounting")
    assert str(read.updated) == "2026-01-01 00:00:11+00:00"
    read = draft(joins, **settings)
    assert read.duration == 5400
    assert [p.text for p in read.parts] == ["An inner join keeps rows of both.", "Outer joins"]


PAGES = [[item(1), item(2)], [item(3)], [item(4), item(5)]]


def by_number(request: PreparedRequest) -> Answer:
    number = int(asked(request).get("page", "1"))
    return Answer({"items": PAGES[number - 1] if number <= len(PAGES) else []})


def by_offset(request: PreparedRequest) -> Answer:
    flat, start = [i for page in PAGES for i in page], int(asked(request)["from"])
    return Answer({"items": flat[start : start + 2], "total": "5"})


def by_cursor(request: PreparedRequest) -> Answer:
    number = int(asked(request).get("token", "0"))
    more = str(number + 1) if number + 1 < len(PAGES) else ""
    return Answer({"items": PAGES[number], "paging": {"token": more}})


def by_next(request: PreparedRequest) -> Answer:
    number = int(asked(request).get("p", "0"))
    more = f"/list?lang=en&p={number + 1}" if number + 1 < len(PAGES) else None
    return Answer({"items": PAGES[number], "paging": {"next": more}})


def by_link(request: PreparedRequest) -> Answer:
    number = int(asked(request).get("p", "0"))
    link = f'<{LIST}?p={number + 1}>; rel="next"' if number + 1 < len(PAGES) else ""
    return Answer({"items": PAGES[number]}, headers={"Link": f'<{LIST}>; rel="first", {link}'})


KINDS: list[tuple[Server, dict[str, Any], int]] = [
    (by_number, {"kind": "page", "parameter": "page"}, 4),
    (by_offset, {"kind": "offset", "parameter": "from", "total": "total"}, 3),
    (by_cursor, {"kind": "cursor", "parameter": "token", "next": "paging.token"}, 3),
    (by_next, {"kind": "next", "next": "paging.next"}, 3),
    (by_link, {"kind": "link"}, 3),
]


@pytest.mark.parametrize(("server", "paging", "requests"), KINDS)
def test_pages(server: Server, paging: dict[str, Any], requests: int) -> None:
    with served(server)() as scene:
        config = Settings.model_validate({**PLAIN, "paging": paging, "items": "items"})
        events = list(Rest(config, scene.http).pull({}))
    assert keys(events) == ["1", "2", "3", "4", "5"]
    assert last(events).complete
    assert len(scene.wire.requests) == requests
    middle = next(e for e in events if isinstance(e, Checkpoint))
    rest = run(server, middle.cursor, paging=paging, items="items")
    assert keys(rest) == ["3", "4", "5"]
    assert not last(rest).complete


def test_a_list_without_pages() -> None:
    events = run(lambda _: Answer([item(1)]))
    assert keys(events) == ["1"]
    assert last(events).complete


@pytest.mark.parametrize(
    "paging",
    [{"kind": "page", "parameter": "ignored"}, {"kind": "next", "next": "next"}],
)
def test_a_list_in_circles_is_refused(paging: dict[str, str]) -> None:
    circle = Answer({"items": [item(1), item(2)], "next": "/list?p=1"})
    with pytest.raises(NeedsPerson, match="go in circles; check `paging`"):
        run(lambda _: circle, paging=paging, items="items")


def test_an_endless_list_is_refused() -> None:
    numbers = count(1)

    def server(_: PreparedRequest) -> Answer:
        number = next(numbers)
        return Answer({"items": [item(number)], "next": number})

    paging = {"kind": "cursor", "parameter": "c", "next": "next", "max_pages": 7}
    with pytest.raises(NeedsPerson, match=r"more than 7 pages; raise `paging\.max_pages`"):
        run(server, paging=paging, items="items")


def test_the_next_page_never_lies_at_another_site() -> None:
    away = Answer({"items": [item(1)], "next": "https://other.example/list?p=2"})
    with pytest.raises(NeedsPerson, match=r"https://other\.example/list.*another site"):
        run(lambda _: away, paging={"kind": "next", "next": "next"}, items="items")


def test_a_cursor_that_expired_begins_anew() -> None:
    def server(request: PreparedRequest) -> Answer:
        if asked(request).get("token") == "stale":
            return Answer({"error": "cursor expired"}, 400)
        return by_cursor(request)

    paging = {"kind": "cursor", "parameter": "token", "next": "paging.token"}
    (first, *_) = [
        e for e in run(server, paging=paging, items="items") if isinstance(e, Checkpoint)
    ]
    events = run(server, {**first.cursor, "start": {"at": "stale"}}, paging=paging, items="items")
    assert keys(events) == ["1", "2", "3", "4", "5"]
    assert not last(events).complete


def test_fewer_items_than_announced_are_not_all() -> None:
    events = run(
        lambda _: Answer({"items": [item(1)], "total": 2}),
        paging={"kind": "link", "total": "total"},
        items="items",
    )
    assert not last(events).complete


def test_a_signed_next_link_is_followed_but_not_kept() -> None:
    def server(request: PreparedRequest) -> Answer:
        signed = f"{LIST}?p=1&signature=abc" if "p" not in asked(request) else None
        return Answer({"items": [item(2 if signed is None else 1)], "next": signed})

    events = run(server, paging={"kind": "next", "next": "next"}, items="items")
    assert keys(events) == ["1", "2"]
    assert "abc" not in repr(events)


def test_an_item_without_its_key_fails_alone_and_nobody_is_taken_for_vanished() -> None:
    events = run(lambda _: Answer([item(1), {"name": "?"}, "no object", item(2)]))
    assert keys(events) == ["1", "2"]
    failed = [e for e in events if isinstance(e, Failed)]
    assert [f.key for f in failed] == ["nameless 1", "nameless 2"]
    assert "nothing at `id`" in str(failed[0].error)
    assert not last(events).complete


def test_what_is_withdrawn_is_gone() -> None:
    events = run(lambda _: Answer([item(1), item(2, active=False)]), deleted="active == `false`")
    assert [e for e in events if isinstance(e, Gone)] == [Gone("2")]


AUTHS: list[tuple[dict[str, Any], Callable[[PreparedRequest], bool]]] = [
    ({"kind": "bearer"}, lambda r: r.headers["Authorization"] == f"Bearer {CANARY}"),
    (
        {"kind": "basic", "user": "me"},
        lambda r: r.headers["Authorization"] == "Basic bWU6Y2FuYXJ5LThmMWM1M2Uw",
    ),
    ({"kind": "header", "name": "X-Key"}, lambda r: r.headers["X-Key"] == CANARY),
    ({"kind": "query", "name": "k"}, lambda r: asked(r)["k"] == CANARY),
]


@pytest.mark.parametrize(("auth", "shown"), AUTHS)
def test_access(auth: dict[str, Any], shown: Callable[[PreparedRequest], bool]) -> None:
    def server(request: PreparedRequest) -> Answer:
        return Answer([item(1)]) if shown(request) else Answer(status=401)

    assert keys(run(server, auth=auth, secret=CANARY)) == ["1"]


def test_a_key_in_the_query_is_never_said() -> None:
    """The service repeats its own address, key and all, in each item, in links and in errors."""

    def server(request: PreparedRequest) -> Answer:
        if "p" in asked(request):
            return Answer(f"no page at {request.url}", 400)
        again = f"{request.url}&p=2"
        return Answer({"items": [item(1, self=str(request.url))], "next": again})

    auth = {"kind": "query", "name": "k"}
    settings = {"paging": {"kind": "next", "next": "next"}, "items": "items"}
    events: list[Event] = []
    with served(server)() as scene, pytest.raises(NeedsPerson) as error:
        config = Settings.model_validate({**PLAIN, **settings, "auth": auth, "secret": CANARY})
        events.extend(Rest(config, scene.http).pull({}))
    assert CANARY in str(scene.wire.requests[1].url)
    assert CANARY not in str(error.value)
    assert CANARY not in repr(events)


def test_a_key_in_the_query_is_not_logged() -> None:
    """The library below the door would log each request's path at its lowest level."""
    with loopback() as there, logged() as lines:
        there.answers["/list"] = Said(b"[]")
        auth = {"kind": "query", "name": "k"}
        given = {**PLAIN, "url": there.url("/list"), "auth": auth, "secret": CANARY}
        http = polite(limits=Limits(spacing_s=0), allow_private=True)
        list(Rest(Settings.model_validate(given), http).pull({}))
        assert f"/list?k={CANARY}" in there.paths()
    assert CANARY not in "\n".join(lines)


def test_a_secret_that_an_answer_repeats_is_silenced() -> None:
    auth = {"kind": "bearer"}
    with pytest.raises(NeedsPerson) as error:
        run(lambda _: Answer(f"<html>{CANARY}</html>"), auth=auth, secret=CANARY)
    assert CANARY not in str(error.value)


def test_a_short_secret_does_not_spoil_the_words_of_others() -> None:
    """A password such as `data` stands in many texts; in messages it is hidden all the same."""
    (found, _) = run(lambda _: Answer([item(1, about="databases")]), auth=BASIC, secret="data")
    assert isinstance(found, Found)
    assert found.payload["about"] == "databases"
    with pytest.raises(NeedsPerson) as error:
        run(lambda _: Answer("data"), auth=BASIC, secret="data")
    assert "data" not in str(error.value)


BASIC = {"kind": "basic", "user": "me"}


def expiring(uses: int) -> Iterator[Server]:
    """Tokens open the list so many times; asking for another one always works."""
    tokens, left = count(1), dict[str, int]()

    def server(request: PreparedRequest) -> Answer:
        if str(request.url).endswith("/token"):
            token = f"t{next(tokens)}"
            left[f"Bearer {token}"] = uses
            return Answer({"access_token": token})
        shown = str(request.headers.get("Authorization"))
        left[shown] = left.get(shown, 0) - 1
        return by_number(request) if left[shown] >= 0 else Answer(status=401)

    yield server


OAUTH = {"kind": "oauth2", "user": "me", "grant_url": f"{BASE}/token"}
BY_PAGE = {"paging": {"kind": "page", "parameter": "page"}, "items": "items"}


def test_a_token_that_ran_out_is_renewed() -> None:
    (server,) = expiring(uses=2)
    assert keys(run(server, auth=OAUTH, secret=CANARY, **BY_PAGE)) == ["1", "2", "3", "4", "5"]


def test_a_token_that_never_works_is_not_renewed_for_ever() -> None:
    (server,) = expiring(uses=0)
    with served(server)() as scene, pytest.raises(NeedsPerson, match="check the credentials"):
        config = Settings.model_validate({**PLAIN, **BY_PAGE, "auth": OAUTH, "secret": CANARY})
        list(Rest(config, scene.http).pull({}))
    assert len(scene.wire.requests) == 2


def test_a_grant_without_a_token_is_told() -> None:
    with pytest.raises(NeedsPerson, match="answered without an access_token"):
        run(lambda _: Answer({"error": "x"}), auth=OAUTH, secret=CANARY)


def test_a_missing_secret_is_told() -> None:
    with pytest.raises(NeedsPerson, match="SKILLSHELF_SOURCE_<NAME>_SECRET"):
        run(lambda _: Answer([]), auth={"kind": "bearer"})


DATED = {"Date": "Mon, 05 Jan 2026 09:00:00 GMT"}


def test_changes_are_asked_for_from_the_last_walk_on() -> None:
    delta = {"parameter": "since", "every": 2}
    seen: list[str | None] = []

    def server(request: PreparedRequest) -> Answer:
        seen.append(asked(request).get("since"))
        return Answer([item(1)], headers=DATED)

    cursor: Any = {}
    complete = []
    for _ in range(5):
        checkpoint = last(run(server, cursor, delta=delta))
        cursor = checkpoint.cursor
        complete.append(checkpoint.complete)
    since = "2026-01-05T08:00:00Z"  # an hour earlier: clocks differ, lists lag
    assert seen == [None, since, since, None, since]
    assert complete == [True, False, False, True, False]


@pytest.mark.parametrize(
    ("form", "expected"),
    [("date", "2026-01-05"), ("seconds", "1767600000"), ("milliseconds", "1767600000000")],
)
def test_how_a_service_writes_times(form: str, expected: str) -> None:
    delta = {"parameter": "since", "format": form}
    first = last(run(lambda _: Answer([], headers=DATED), delta=delta))
    seen: list[dict[str, str]] = []

    def server(request: PreparedRequest) -> Answer:
        seen.append(asked(request))
        return Answer([])

    run(server, first.cursor, delta=delta)
    assert seen == [{"since": expected}]


def test_a_service_without_a_clock_is_read_whole_each_time() -> None:
    delta = {"parameter": "since"}
    first = last(run(lambda _: Answer([item(1)]), delta=delta))
    assert last(run(lambda _: Answer([item(1)]), first.cursor, delta=delta)).complete


def test_other_settings_read_everything_again() -> None:
    delta = {"parameter": "since"}
    first = last(run(lambda _: Answer([item(1)], headers=DATED), delta=delta))
    again = run(lambda _: Answer([item(1)]), first.cursor, delta=delta, params={"lang": "de"})
    assert last(again).complete


def test_what_no_setting_reads_is_shown() -> None:
    with served(lambda _: Answer())() as scene:
        config = Settings.model_validate(site.settings(BASE) | {"secret": CANARY})
        left = Rest(config, scene.http).left(site.catalogue()[0])
    assert left == ("rating",)


@pytest.mark.parametrize(
    ("expression", "fields"),
    [
        ("a.b[].c", {"a"}),
        ("a || b.c", {"a", "b"}),
        ("join(' ', [a, b.c])", {"a", "b"}),
        ("a[?b=='x'].c | [0]", {"a"}),
        ("{x: a, y: b}.x", {"a", "b"}),
        ("@", {"@"}),
        ("", set()),
    ],
)
def test_which_fields_an_expression_reads(expression: str, fields: set[str]) -> None:
    assert reads(expression) == fields


@pytest.mark.parametrize(
    ("header", "link"),
    [
        ('<https://a/?p=2>; rel="next"', "https://a/?p=2"),
        ("</x>; title=a; rel=next, </y>; rel=last", "/x"),
        ('<https://a/?a=1,2>; rel="prev next"', "https://a/?a=1,2"),
        ('<https://a/>; rel="last"', ""),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_link_headers(header: str, link: str) -> None:
    assert next_link(header) == link


@pytest.mark.parametrize(
    ("payload", "fields", "says"),
    [
        ({"id": 1, "link": "/c"}, {}, "no title at `name`"),
        ({"id": 1, "name": "x"}, {}, "no url at `link`"),
        ({"id": 1, "name": "x", "link": "javascript:alert(1)"}, {}, "no web address"),
        ({"id": 1, "name": "x", "link": "http://[bad"}, {}, "no address"),
        ({"id": 1, "name": {"de": "x"}, "link": "/c"}, {}, "name one of its fields: de"),
        ({"id": 1, "name": "x", "link": "/c"}, {"level": "join('', id)"}, "fields.level: `join"),
    ],
)
def test_items_that_cannot_be_read(
    payload: dict[str, Any], fields: dict[str, str], says: str
) -> None:
    with pytest.raises(BadItem, match=says):
        draft(payload, fields={**PLAIN["fields"], **fields})


def test_words_are_mapped_and_what_is_not_known_is_kept() -> None:
    fields = {**PLAIN["fields"], "level": "grade", "kind": "type"}
    values = {"level": {"G7": "advanced"}}
    read = draft(item(1, grade="G7", type="Wunderding"), fields=fields, values=values)
    assert (read.level, read.kind) == (Level.ADVANCED, Kind.COURSE)
    assert read.unmapped == (("kind", "Wunderding"),)


def test_a_picture_that_cannot_be_shown_is_left_out() -> None:
    fields = {**PLAIN["fields"], "image": "cover"}
    assert draft(item(1, cover="data:image/png;base64,AA"), fields=fields).image == ""
    assert draft(item(1, cover={"src": "/a.png"}), fields=fields).image == ""
    assert draft(item(1, cover="/a.png"), fields=fields).image == f"{BASE}/a.png"


def test_texts_may_be_plain() -> None:
    read = draft(item(1, name="List<String> & friends"), html=False)
    assert read.title == "List<String> & friends"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"count": 1, "results": []}, "no list at `items`; .* holds: count, results"),
        ([1], "The answer holds: list"),
        ("<html>", "expected JSON"),
        ("[" * 100_000, "expected JSON"),
    ],
)
def test_answers_that_are_no_list(body: Any, says: str) -> None:
    with pytest.raises(NeedsPerson, match=says):
        run(lambda _: Answer(body), items="items")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"items": "a["}, "is no JMESPath expression"),
        ({"paging": {"kind": "cursor", "parameter": "c"}}, "cursor needs next"),
        ({"auth": {"kind": "oauth2"}}, "oauth2 needs user and grant_url"),
        ({"preset": "udemy-busness"}, 'did you mean "udemy-business"'),
        ({"url": "ftp://a/b"}, "pattern"),
    ],
)
def test_settings_that_cannot_be(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Settings.model_validate({**PLAIN, **settings})
