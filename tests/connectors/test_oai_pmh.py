"""OAI-PMH: the contract in three formats, and what repositories do to those who harvest them."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from requests import PreparedRequest

from catalogue.errors import BadItem, NeedsPerson, TryLater
from catalogue.model import Draft, Kind, Level
from connectors.base import Checkpoint, Event, Failed, Found, Gone
from connectors.formats.oai import read_answer
from connectors.formats.oairecords import draft
from connectors.oai_pmh import OaiPmh, Settings
from connectors.testing import Answer, Case, Conformance, served
from connectors.testing.worlds import Server
from tests.connectors.sites import oai_pmh as site

BASE = "https://repository.example"


class TestOaiPmh(Conformance):
    @pytest.fixture(params=["oai_dc", "lom", "oai_lrmi"])
    def case(self, request: pytest.FixtureRequest) -> Case:
        settings = {**site.settings(BASE), "format": request.param}
        whole, shrunk, dented = (
            served(site.answers(BASE, world)) for world in ("whole", "shrunk", "dented")
        )
        return Case(OaiPmh, settings, whole, shrunk, dented)


class Heard:
    """A server that remembers what it was asked."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.asked: list[dict[str, str]] = []

    def __call__(self, request: PreparedRequest) -> Answer:
        query = parse_qs(urlsplit(request.url or "").query)
        self.asked.append({name: values[0] for name, values in query.items()})
        return self.server(request)


def run(server: Server, cursor: Any = None, **more: Any) -> list[Event]:
    with served(server)() as scene:
        config = Settings.model_validate({**site.settings(BASE), **more})
        return list(OaiPmh(config, scene.http).pull(json.loads(json.dumps(cursor or {}))))


def last(events: list[Event]) -> Checkpoint:
    assert isinstance(events[-1], Checkpoint)
    return events[-1]


def keys(events: list[Event], kind: type[Event]) -> list[str]:
    found = [e for e in events if isinstance(e, kind) and not isinstance(e, Checkpoint)]
    return [e.key.rpartition(":")[2] for e in found]


def drafts(events: list[Event]) -> list[Draft]:
    return [draft(e.payload) for e in events if isinstance(e, Found)]


def test_the_format_that_says_most_is_taken() -> None:
    for formats, taken in [
        (("oai_dc", "lom", "oai_lrmi"), "oai_lrmi"),
        (("oai_dc", "lom"), "lom"),
        (("oai_dc",), "oai_dc"),
    ]:
        heard = Heard(site.Repository(formats=formats))
        cursor = last(run(heard)).cursor
        assert (
            next(a for a in heard.asked if "from" not in a and "metadataPrefix" in a)[
                "metadataPrefix"
            ]
            == taken
        )
        heard.asked.clear()
        run(heard, cursor)
        assert "ListMetadataFormats" not in [a["verb"] for a in heard.asked]


def test_schema_org_in_xml() -> None:
    lesson = drafts(run(site.repository(), format="oai_lrmi"))[0]
    assert (lesson.title, lesson.url) == ("Reading a query plan", "https://repository.example/1")
    assert (lesson.level, lesson.duration, lesson.cost) == (Level.BEGINNER, 2700, 0.0)
    assert (lesson.subjects, lesson.skills) == (("databases", "SQL"), ("careful work",))
    assert (lesson.authors, lesson.kind) == (("Mara Lind",), Kind.COURSE)


def test_lom() -> None:
    lesson = drafts(run(site.repository(), format="lom"))[2]
    assert (lesson.title, lesson.url) == ("Einführung in Git", "https://repository.example/3")
    assert (lesson.language, lesson.duration, lesson.cost) == ("de", 2700, 0.0)
    assert (lesson.level, lesson.subjects) == (Level.BEGINNER, ("version control",))


def test_dublin_core() -> None:
    lesson = drafts(run(site.repository(), format="oai_dc"))[0]
    assert (lesson.title, lesson.url) == ("Reading a query plan", "https://repository.example/1")
    assert (lesson.authors, lesson.licence) == (("Lind, Mara",), "CC BY-SA 4.0")
    assert str(lesson.published) == "2025-10-02 00:00:00+00:00"


def test_deleted_records_are_gone() -> None:
    events = run(site.repository())
    assert keys(events, Gone) == ["6"]
    assert keys(events, Found) == ["1", "2", "3", "4", "5"]
    assert last(events).complete


@pytest.mark.parametrize(
    ("granularity", "since"),
    [("YYYY-MM-DDThh:mm:ssZ", "2026-01-03T09:00:00Z"), ("YYYY-MM-DD", "2026-01-03")],
)
def test_the_next_harvest_begins_before_the_last_one_by_the_repository_s_clock(
    granularity: str, since: str
) -> None:
    heard = Heard(replace(site.repository(), granularity=granularity))
    cursor = last(run(heard)).cursor
    heard.asked.clear()
    events = run(heard, cursor)
    assert [a["from"] for a in heard.asked if a["verb"] == "ListRecords"] == [since]
    assert keys(events, Found) == []  # noRecordsMatch is no error
    assert not last(events).complete


def test_where_deletions_are_not_kept_everything_is_listed_again_in_time() -> None:
    repository = replace(site.repository(), deleted="transient")
    cursor = last(run(repository)).cursor
    soon = run(replace(repository, now="2026-01-08T09:00:00Z"), cursor)
    assert not last(soon).complete
    fewer = replace(repository, now="2026-01-12T09:00:00Z", entries=site.ENTRIES[1:])
    later = run(fewer, last(soon).cursor)
    assert last(later).complete
    assert keys(later, Found) == ["2", "3", "4", "5"]


def interrupted(repository: site.Repository) -> Checkpoint:
    """The checkpoint of a harvest within its list."""
    return next(e for e in run(repository) if isinstance(e, Checkpoint))


def test_an_interrupted_harvest_goes_on_by_its_token() -> None:
    heard = Heard(site.repository())
    events = run(heard, interrupted(site.repository()).cursor)
    assert keys(events, Found) == ["3", "4", "5"]
    assert not last(events).complete
    assert last(events).cursor["until"] == site.NOW


def test_an_expired_token_begins_the_list_again() -> None:
    cursor = interrupted(site.repository()).cursor
    expired = frozenset({cursor["open"]["token"]})
    events = run(replace(site.repository(), now="2026-01-06T09:00:00Z"), cursor)
    assert keys(events, Found) == ["3", "4", "5"]
    again = Once(site.repository(), expired)
    events = run(again, cursor)
    assert keys(events, Found) == ["1", "2", "3", "4", "5"]
    assert last(events).complete


class Once:
    """A repository whose token is refused the first time, in one of the ways seen."""

    def __init__(self, repository: Server, expired: frozenset[str], status: int = 200) -> None:
        self.repository, self.expired, self.status = repository, set(expired), status

    def __call__(self, request: PreparedRequest) -> Answer:
        token = parse_qs(urlsplit(request.url or "").query).get("resumptionToken", [""])[0]
        if token in self.expired:
            self.expired.remove(token)
            refusal = site.error("badResumptionToken", "unknown token")
            return replace(refusal, status=self.status)
        return self.repository(request)


@pytest.mark.parametrize("status", [200, 400, 404, 410])
def test_a_token_that_expires_midway_begins_the_list_again(status: int) -> None:
    token = interrupted(site.repository()).cursor["open"]["token"]
    events = run(Once(site.repository(), frozenset({token}), status))
    assert keys(events, Found) == ["1", "2", "3", "4", "5"]
    assert last(events).complete


def test_tokens_that_never_work_are_given_up() -> None:
    token = interrupted(site.repository()).cursor["open"]["token"]
    with pytest.raises(TryLater, match="expire too soon"):
        run(replace(site.repository(), expired=frozenset({token})))


def test_sets_are_harvested_one_after_another() -> None:
    other = replace(site.ENTRIES[3], spec="security:web")
    repository = site.Repository((*site.ENTRIES[:3], other))
    heard = Heard(repository)
    events = run(heard, sets=["security", "data"])
    assert keys(events, Found) == ["4", "1", "2", "3"]
    assert last(events).complete
    middle = next(e for e in events if isinstance(e, Checkpoint))
    resumed = run(repository, middle.cursor, sets=["security", "data"])
    assert set(keys(resumed, Found)) == {"3"}


def test_a_broken_record_costs_itself_and_is_asked_for_again() -> None:
    events = run(site.repository("dented"))
    (failed,) = [e for e in events if isinstance(e, Failed)]
    assert failed.key == "oai:repository.example:4"
    assert isinstance(failed.error, BadItem)
    assert keys(events, Found) == ["1", "2", "3", "5"]
    assert keys(run(site.repository(), last(events).cursor), Found) == ["4"]


def test_a_broken_record_that_was_removed_is_gone() -> None:
    cursor = last(run(site.repository("dented"))).cursor
    without = replace(site.repository(), entries=site.ENTRIES[:3])
    assert keys(run(without, cursor), Gone) == ["4"]


@pytest.mark.parametrize(
    "spoilt",
    [
        b"<dc:title>A & B</dc:title>",
        b"<dc:title>never closed",
        b"<dc:title>\xff\xfe</dc:title>",
        b"<dc:title>&nbsp;</dc:title>",
        b"</dc></metadata></record>",
    ],
)
def test_whatever_is_wrong_with_one_record_the_others_are_read(spoilt: bytes) -> None:
    entries = site.ENTRIES[:3]
    written = [site.record(entry, "oai_dc").encode() for entry in entries]
    written[1] = written[1].replace(b"<dc:title>", spoilt + b"<dc:title>", 1)
    token = b"<resumptionToken>next &amp; more</resumptionToken>"
    body = site.answer("ListRecords", "<ListRecords>@</ListRecords>", "2026-01-05T09:00:00Z").body
    read = read_answer(body.encode().replace(b"@", b"".join(written) + token))
    assert [r.identifier for r in read.records] == [e.identifier for e in entries]
    assert [bool(r.fault) for r in read.records] == [False, True, False]
    assert (read.token, read.date) == ("next & more", "2026-01-05T09:00:00Z")


def test_control_characters_do_no_harm() -> None:
    written = site.record(site.ENTRIES[0], "oai_dc").replace("query", "que\x0bry")
    answer = site.answer("ListRecords", f"<ListRecords>{written}</ListRecords>", "")
    (record,) = read_answer(answer.encoded()).records
    assert not record.fault
    assert draft({"id": "x", "metadata": record.metadata}).title == "Reading a query plan"


def test_a_record_without_identifier_is_told_and_completeness_is_not_claimed() -> None:
    written = site.record(site.ENTRIES[0], "oai_dc")
    nameless = written.replace(site.ENTRIES[0].identifier, "")
    server = listing(f"{written}{nameless}")
    events = run(server, format="oai_dc")
    assert len(keys(events, Failed)) == 1
    assert not last(events).complete
    healed = run(listing(written), last(events).cursor, format="oai_dc")
    assert keys(healed, Gone) == ["a record without an identifier"]


def listing(records: str) -> Server:
    whole = site.repository()

    def server(request: PreparedRequest) -> Answer:
        if "ListRecords" not in str(request.url):
            return whole(request)
        return site.answer("ListRecords", f"<ListRecords>{records}</ListRecords>", whole.now)

    return server


@pytest.mark.parametrize(
    ("code", "more", "message"),
    [
        ("cannotDisseminateFormat", {}, "set `format`"),
        ("noSetHierarchy", {"sets": ["a"]}, "leave `sets` out"),
        ("badArgument", {"sets": ["a"]}, "correct `sets`"),
        ("badVerb", {}, "correct `url`"),
        ("somethingNew", {}, "ask those who run the repository"),
    ],
)
def test_errors_that_need_a_person(code: str, more: dict[str, Any], message: str) -> None:
    whole = site.repository()

    def server(request: PreparedRequest) -> Answer:
        refused = "ListRecords" in str(request.url)
        return site.error(code, "no") if refused else whole(request)

    with pytest.raises(NeedsPerson, match=message):
        run(server, **more)


def test_what_is_no_repository_needs_a_person() -> None:
    for body in ("<html><body>Hello</body></html>", "{}", "", "<rss/>"):
        with pytest.raises(NeedsPerson, match="Identify"):
            run(lambda _, body=body: Answer(body))  # type: ignore[misc]


def test_a_maintenance_page_amid_a_harvest_is_tried_later() -> None:
    whole = site.repository()

    def server(request: PreparedRequest) -> Answer:
        if "resumptionToken" in str(request.url):
            return Answer("<html><body>We are working on it</body></html>")
        return whole(request)

    with pytest.raises(TryLater, match="ListRecords"):
        run(server)


def test_one_token_for_ever_needs_a_person() -> None:
    whole = site.repository()
    token = "<resumptionToken>same</resumptionToken>"
    page = site.record(site.ENTRIES[0], "oai_lrmi") + token

    def server(request: PreparedRequest) -> Answer:
        if "ListRecords" not in str(request.url):
            return whole(request)
        return site.answer("ListRecords", f"<ListRecords>{page}</ListRecords>", whole.now)

    with pytest.raises(NeedsPerson, match="one resumption token for ever"):
        run(server)


def test_entities_are_refused() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "boom">]>'
    with pytest.raises(BadItem, match="entities"):
        read_answer(f"{bomb}<OAI-PMH>&x;</OAI-PMH>".encode())


def dublin_core(inner: str, identifier: str = "oai:r:1", link: str = "") -> Draft:
    space = "http://purl.org/dc/elements/1.1/"
    payload = {"id": identifier, "metadata": f'<dc xmlns="{space}">{inner}</dc>'}
    return draft(payload, link)


@pytest.mark.parametrize(
    ("inner", "identifier", "url"),
    [
        ("<identifier>doi:10.1000/182</identifier>", "oai:r:1", "https://doi.org/10.1000/182"),
        ("<identifier>10.1000/182</identifier>", "oai:r:1", "https://doi.org/10.1000/182"),
        ("", "hdl:1765/308", "https://hdl.handle.net/1765/308"),
        ("<identifier>978-3-16-148410-0</identifier>", "oai:r:a/7", "https://r.example/a/7"),
        (
            "<identifier>https://r.example/1.pdf</identifier>"
            "<identifier>https://r.example/1</identifier>",
            "oai:r:1",
            "https://r.example/1",
        ),
    ],
)
def test_where_a_record_leads(inner: str, identifier: str, url: str) -> None:
    read = dublin_core(f"<title>x</title>{inner}", identifier, "https://r.example/{id}")
    assert read.url == url


def test_a_record_without_title_or_address_is_a_bad_item() -> None:
    with pytest.raises(BadItem, match="no title"):
        dublin_core("<identifier>https://r.example/1</identifier>")
    with pytest.raises(BadItem, match="set `link`"):
        dublin_core("<title>x</title>")


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        ("<type>Text</type><type>info:eu-repo/semantics/article</type>", Kind.ARTICLE),
        ("<type>MovingImage</type>", Kind.VIDEO),
        ("<format>audio/mpeg</format>", Kind.PODCAST),
        ("<type>Working Paper</type>", Kind.DOCUMENT),
    ],
)
def test_kinds_of_dublin_core(types: str, kind: Kind) -> None:
    inner = f"<title>x</title><identifier>https://r.example/1</identifier>{types}"
    assert dublin_core(inner).kind is kind


def replay(folder: Path, pages: dict[str, str]) -> Server:
    """A repository that answers with recorded files, by verb."""

    def server(request: PreparedRequest) -> Answer:
        verb = parse_qs(urlsplit(request.url or "").query)["verb"][0]
        return Answer((folder / pages[verb]).read_bytes(), headers={"Content-Type": "text/xml"})

    return server


RECORDED = {
    "fake1": {
        "Identify": "00001.xml",
        "ListMetadataFormats": "00002.xml",
        "ListRecords": "00005.xml",
    },
    "fake2": {"Identify": "../fake1/00001.xml", "ListRecords": "00002.xml"},
}


@pytest.mark.shared_data
@pytest.mark.parametrize(("name", "found", "gone"), [("fake1", 16, 0), ("fake2", 79, 2)])
def test_recorded_repositories(shared_data: Path, name: str, found: int, gone: int) -> None:
    folder = shared_data / "wire/oai-pmh/pyoai" / name
    events = run(replay(folder, RECORDED[name]), format="" if name == "fake1" else "oai_dc")
    assert (len(keys(events, Found)), len(keys(events, Gone))) == (found, gone)
    assert not keys(events, Failed)
    assert last(events).complete
    assert all(d.url.startswith("http") and d.title for d in drafts(events))


@pytest.mark.shared_data
def test_a_recorded_record_read_by_eye(shared_data: Path) -> None:
    recorded = shared_data / "wire/oai-pmh/sickle/ListRecords4.xml"
    deleted, kept = read_answer(recorded.read_bytes()).records
    assert (deleted.identifier, deleted.deleted) == ("oai:test.example.com:1585310", True)
    assert draft({"id": kept.identifier, "metadata": kept.metadata}) == Draft(
        title="Sample Title",
        url="http://test.example.com/publication/1585322",
        kind=Kind.ARTICLE,
        language="en",
        provider="Sample Publisher",
        authors=("John Doe",),
        published=datetime(2010, 1, 1, tzinfo=UTC),
    )


@pytest.mark.shared_data
def test_a_recorded_refusal_of_a_token(shared_data: Path) -> None:
    refusal = (shared_data / "wire/oai-pmh/sickle/badResumptionToken.xml").read_bytes()
    assert read_answer(refusal).errors == {"badResumptionToken": "This resumptionToken is invalid"}


@pytest.mark.shared_data
@pytest.mark.parametrize(("name", "usable"), [("fake3", False), ("fake4", False), ("fake5", True)])
def test_recorded_repositories_that_are_broken(shared_data: Path, name: str, usable: bool) -> None:
    folder = shared_data / "wire/oai-pmh/pyoai" / name
    pages = {"Identify": "00001.xml", "ListRecords": "../fake1/00005.xml"}
    if usable:  # only its earliest date is no date
        assert len(keys(run(replay(folder, pages), format="oai_dc"), Found)) == 16
        return
    with pytest.raises(NeedsPerson, match="is no well-formed XML: line 1"):
        run(replay(folder, pages), format="oai_dc")
