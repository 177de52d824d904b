"""Moodle's web services: the contract, recorded answers, and what Moodle's own errors lead to."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from requests import PreparedRequest

from catalogue.errors import BadItem, NeedsPerson, SkillshelfError, TryLater
from catalogue.model import Draft, Kind
from config.secrets import secret
from connectors.base import Checkpoint, Event, Failed, Found, Unchanged
from connectors.http import Limits, polite
from connectors.moodle import Moodle, Settings
from connectors.moodlecourse import draft, outline
from connectors.moodlesite import restricted
from connectors.testing import CANARY, Answer, Case, Conformance, served
from tests.connectors import document_makers as make
from tests.connectors.sites import moodle as campus
from verbs.sample_site import environment, serve_sample

SITE = "https://learn.example/moodle"
FILES = f"{SITE}/webservice/pluginfile.php"
ALLOWED = (
    "core_webservice_get_site_info",
    "core_course_get_courses",
    "core_course_get_categories",
    "core_course_get_contents",
)
CATEGORIES = [
    {"id": 1, "name": "Technology", "parent": 0, "path": "/1"},
    {"id": 2, "name": "Databases", "parent": 1, "path": "/1/2"},
]
Server = Callable[[PreparedRequest], Answer]


def course(number: int, **more: Any) -> dict[str, Any]:
    about = {"fullname": f"Course {number} &amp; more", "summary": f"<p>About {number}</p>"}
    dates = {"timecreated": 1700000000, "timemodified": 1700000001}
    return {"id": number, "categoryid": 2, "visible": 1, "lang": "de_at", **about, **dates, **more}


def file(name: str, modified: int = 1, **more: Any) -> dict[str, Any]:
    place = {"fileurl": f"{FILES}/9/mod_x/content/1/{name}?forcedownload=1", "filepath": "/"}
    return {"type": "file", "filename": name, "timemodified": modified, **place, **more}


def module(number: int, kind: str, name: str, **more: Any) -> dict[str, Any]:
    url = f"{SITE}/mod/{kind}/view.php?id={number}"
    return {"id": number, "modname": kind, "name": name, "url": url, "visible": 1, **more}


def sections(number: int) -> list[dict[str, Any]]:
    label = module(10, "label", "Welcome to...", description="<p>Welcome <b>all</b></p>")
    del label["url"]
    page = module(11, "page", "Joins", contents=[file("index.html"), file("picture.png")])
    manual = module(12, "resource", "Manual", contents=[file("manual.pdf")])
    scan = module(16, "resource", "Scan", contents=[file("scan.pdf")])
    elsewhere = {
        **file("x.pdf"),
        "fileurl": "https://other.example/webservice/pluginfile.php/x.pdf",
    }
    hidden = module(13, "page", "Answers", visible=0, contents=[file("index.html")])
    forum = module(14, "forum", "News", description="<p>chatter</p>")
    quiz = module(15, "quiz", "Final test", contents=[elsewhere])
    all_modules = [label, None, page, manual, scan, hidden, forum, quiz]
    return [
        {"id": 1, "section": 0, "name": "General", "summary": "", "visible": 1, "modules": []},
        {
            "id": 2,
            "section": 1,
            "name": f"Week {number}",
            "summary": "<p>Goals</p>",
            "visible": 1,
            "modules": all_modules,
        },
        {"id": 3, "section": 2, "name": "Draft", "summary": "x", "visible": 0, "modules": []},
    ]


BODIES = {
    "index.html": b"<html><body><h3 id='inner'>Inner joins</h3><p>Rows of both.</p></body></html>",
    "manual.pdf": make.pdf(["Page one", "Page two"]),
    "scan.pdf": make.pdf([""]),
}


def refusal(code: str, message: str = "no") -> Answer:
    return Answer({"exception": "moodle_exception", "errorcode": code, "message": message})


def moodle(
    courses: list[dict[str, Any]],
    allowed: tuple[str, ...] = ALLOWED,
    refused: dict[str, str] | None = None,
    contents: Callable[[int], Any] = sections,
) -> Server:
    """A site with these courses. `refused` maps functions, or courses' numbers, to error codes."""
    refused = refused or {}

    def server(request: PreparedRequest) -> Answer:
        assert CANARY not in str(request.url), "the token stands in an address"
        form = {name: values[0] for name, values in parse_qs(str(request.body)).items()}
        if "/pluginfile.php/" in str(request.url):
            assert form == {"token": CANARY}
            return Answer(BODIES[str(request.url).rpartition("/")[2]])
        if form.get("wstoken") != CANARY:
            return refusal("invalidtoken", "Invalid token - token not found")
        name, number = form["wsfunction"], form.get("courseid", "")
        if code := refused.get(name) or refused.get(number):
            return refusal(code)
        answers: dict[str, Callable[[], Any]] = {
            "core_webservice_get_site_info": lambda: {"functions": [{"name": n} for n in allowed]},
            "core_course_get_courses": lambda: [course(1, fullname="Front page"), *courses],
            "core_course_get_courses_by_field": lambda: {"courses": courses, "warnings": []},
            "core_course_get_categories": lambda: CATEGORIES,
            "core_course_get_contents": lambda: contents(int(number)),
        }
        return Answer(answers[name]())

    return server


WHOLE = [course(2), course(3), course(4), course(5, visible=0)]


class TestMoodle(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        whole, shrunk, dented = (
            served(campus.answers(SITE, world)) for world in ("whole", "shrunk", "dented")
        )
        # Reading files takes a process; the suite visits each world dozens of times.
        settings = {**campus.settings(SITE), "token": CANARY, "files": False}
        return Case(Moodle, settings, whole, shrunk, dented, max_requests=60)


def run(server: Server, cursor: Any = None, **settings: Any) -> list[Event]:
    with served(server)() as scene:
        config = Settings.model_validate({"url": SITE, "token": CANARY, **settings})
        return list(Moodle(config, scene.http).pull(json.loads(json.dumps(cursor or {}))))


def cursor_of(events: list[Event]) -> dict[str, Any]:
    assert isinstance(events[-1], Checkpoint)
    return dict(events[-1].cursor)


def first_draft(events: list[Event]) -> Draft:
    return next(draft(e.payload, SITE) for e in events if isinstance(e, Found))


def test_a_course_read_by_eye() -> None:
    read = first_draft(run(moodle(WHOLE)))
    assert (read.title, read.kind, read.language) == ("Course 2 & more", Kind.COURSE, "de-AT")
    assert (read.summary, read.subjects) == ("About 2", ("Technology", "Databases"))
    assert read.url == f"{SITE}/course/view.php?id=2"
    assert [(str(p.locator), p.heading, p.text) for p in read.parts] == [
        ("unit section-1", "Week 2", "Goals"),
        ("unit 10", "Week 2", "Welcome all"),
        ("unit 11", "Joins: Inner joins", "Rows of both."),
        ("unit 12", "Manual: page 1", "Page one"),
        ("unit 12", "Manual: page 2", "Page two"),
        ("unit 16", "Scan", "Scan"),
        ("unit 15", "Final test", "Final test"),
    ]
    urls = [p.locator.url for p in read.parts if p.locator]
    assert urls[0] == f"{SITE}/course/view.php?id=2#section-1"
    assert urls[1] == f"{SITE}/course/view.php?id=2#module-10"
    assert urls[2] == f"{SITE}/mod/page/view.php?id=11"


def test_an_unread_file_is_noted_with_its_reason() -> None:
    found = next(e for e in run(moodle(WHOLE)) if isinstance(e, Found))
    texts = [t for m in found.payload["sections"][1]["modules"] for t in m["texts"]]
    reasons = {t["name"]: t["unread"] for t in texts if "unread" in t}
    assert reasons.keys() == {"scan.pdf", "x.pdf"}
    assert "needs OCR" in reasons["scan.pdf"]
    assert "lies outside the site" in reasons["x.pdf"]


def test_files_are_left_alone_when_so_set() -> None:
    read = first_draft(run(moodle(WHOLE), files=False))
    assert [p.text for p in read.parts][2:] == ["Joins", "Manual", "Scan", "Final test"]


def test_an_unchanged_course_is_listed_but_its_files_are_not_fetched() -> None:
    cursor = cursor_of(run(moodle(WHOLE)))

    def changed(number: int) -> Any:
        listed = sections(number)
        if number == 3:
            listed[1]["modules"][3]["contents"] = [file("manual.pdf", modified=2)]
        return listed

    with served(moodle(WHOLE, contents=changed))() as scene:
        config = Settings.model_validate({"url": SITE, "token": CANARY})
        events = list(Moodle(config, scene.http).pull(cursor))
        fetched = [r.url for r in scene.wire.requests if "/pluginfile.php/" in str(r.url)]
    assert [e.key for e in events if isinstance(e, Unchanged)] == ["2", "4"]
    assert [e.key for e in events if isinstance(e, Found)] == ["3"]
    assert len(fetched) == 3


def test_an_outage_at_a_file_is_one_of_the_source() -> None:
    inner = campus.answers(SITE)
    with pytest.raises(TryLater):
        run(lambda r: Answer("down", 503) if str(r.url).endswith("pdf") else inner(r))


def test_a_token_with_only_the_other_listing_function_will_do() -> None:
    allowed = ("core_course_get_courses_by_field", "core_course_get_contents")
    events = run(moodle([course(2)], allowed))
    assert first_draft(events).subjects == ()


def test_a_service_without_a_needed_function_is_told_which() -> None:
    with pytest.raises(NeedsPerson, match="add core_course_get_contents to the token's service"):
        run(moodle(WHOLE, ("core_course_get_courses",)))


@pytest.mark.parametrize(
    ("refused", "error", "message"),
    [
        ({"core_webservice_get_site_info": "accessexception"}, NeedsPerson, "add the function"),
        ({"core_course_get_courses": "nopermissions"}, NeedsPerson, "nopermissions"),
        ({"core_course_get_courses": "sitemaintenance"}, TryLater, "sitemaintenance"),
        ({"3": "invalidtoken"}, NeedsPerson, "make a new token"),
    ],
)
def test_moodles_errors(
    refused: dict[str, str], error: type[SkillshelfError], message: str
) -> None:
    with pytest.raises(error, match=message):
        run(moodle(WHOLE, refused=refused))


def test_a_wrong_token_needs_a_person() -> None:
    with pytest.raises(NeedsPerson, match="make a new token"):
        run(moodle(WHOLE), token="wrong")


def test_one_course_that_cannot_be_opened_fails_alone() -> None:
    events = run(moodle(WHOLE, refused={"3": "requireloginerror"}))
    (failed,) = [e for e in events if isinstance(e, Failed)]
    assert failed.key == "3"
    assert isinstance(failed.error, BadItem)
    assert "3" not in cursor_of(events)["courses"]


@pytest.mark.parametrize("body", ["<html>sign in</html>", "null", "3"])
def test_something_else_than_moodle_needs_a_person(body: str) -> None:
    with pytest.raises(NeedsPerson):
        run(lambda _: Answer(body))


def test_competencies_become_skills_and_stand_where_they_are_taught() -> None:
    found = {e.key: e.payload for e in run(campus.answers(SITE)) if isinstance(e, Found)}
    read = draft(found["3"], SITE)
    assert read.skills == ("Work in teams", campus.TEAMWORK)
    assert next(p.text for p in read.parts if str(p.locator) == "unit 32") == "Work in teams"
    assert not [p for p in draft(found["2"], SITE).parts if "Work in teams" in p.text]
    assert draft(found["2"], SITE).skills == ()


def test_competencies_switched_off_cost_no_course() -> None:
    allowed = (*ALLOWED, "core_competency_list_course_competencies")
    refused = {"core_competency_list_course_competencies": "competenciesarenotenabled"}
    assert first_draft(run(moodle(WHOLE, allowed, refused))).skills == ()


def test_a_meeting_that_opens_and_closes_is_a_session() -> None:
    found = {e.key: e.payload for e in run(campus.answers(SITE)) if isinstance(e, Found)}
    (session,) = draft(found["3"], SITE).sessions
    assert session.start == datetime(2026, 4, 1, 8, tzinfo=UTC)
    assert session.end == datetime(2026, 4, 1, 9, tzinfo=UTC)
    assert draft(found["2"], SITE).sessions == ()


def test_what_is_for_some_only_is_left_out() -> None:
    found = {e.key: e.payload for e in run(campus.answers(SITE)) if isinstance(e, Found)}
    assert "night shift" not in json.dumps(found)


@pytest.mark.parametrize(
    ("availability", "hidden"),
    [
        (None, False),
        ("", False),
        ("null", False),
        ('{"op":"&","c":[],"showc":[]}', False),
        ('{"op":"&","c":[{"type":"completion","cm":3,"e":1}]}', False),
        ('{"op":"&","c":[{"type":"date","d":">=","t":1700000000}]}', False),
        ('{"op":"&","c":[{"type":"date","d":">=","t":1900000000}]}', True),
        ('{"op":"&","c":[{"type":"date","d":"<","t":1700000000}]}', True),
        ('{"op":"|","c":[{"type":"group","id":3},{"type":"grade","id":1}]}', False),
        ('{"op":"&","c":[{"type":"group","id":3},{"type":"grade","id":1}]}', True),
        ('{"op":"|","c":[{"op":"&","c":[{"type":"profile","sf":"email"}]}]}', True),
        ("{broken", True),
        ("[" * 100_000, True),
        ('{"c":[' * 900 + "]}" * 900, True),
    ],
)
def test_for_whom_a_restriction_lets_in(availability: str | None, hidden: bool) -> None:
    assert restricted(availability, datetime(2026, 1, 5, tzinfo=UTC)) is hidden


def test_an_activity_that_is_only_linked_to_is_left_out() -> None:
    stealth = module(11, "page", "Linked", visibleoncoursepage=0)
    listed = [{"section": 1, "name": "S", "visible": 1, "modules": [stealth]}]
    assert not first_draft(run(moodle([course(2)], contents=lambda _: listed))).parts


def test_a_course_read_by_an_earlier_version_is_still_read() -> None:
    found = next(e for e in run(moodle(WHOLE)) if isinstance(e, Found))
    old = {name: value for name, value in found.payload.items() if name != "skills"}
    assert draft(old, SITE) == draft(found.payload, SITE)


def test_the_sample_site_over_a_real_connection() -> None:
    token = secret("campus", "token", environment())
    http = polite(limits=Limits(spacing_s=0), allow_private=True)
    with serve_sample(0) as address:
        settings = Settings.model_validate({"url": f"{address}/moodle", "token": token})
        events = list(Moodle(settings, http).pull({}))
    found = [draft(e.payload, settings.url) for e in events if isinstance(e, Found)]
    assert len(found) == 10
    assert not [e for e in events if isinstance(e, Failed)]
    fire = next(read for read in found if "Fire safety" in read.title)
    assert fire.subjects == ("Safety",)
    assert all(p.locator and p.locator.url for p in fire.parts)
    assert "extinguisher" in " ".join(p.text for p in fire.parts)


@pytest.mark.shared_data
@pytest.mark.parametrize("recording", ["moodle-dl", "ntust"])
def test_recorded_answers(shared_data: Path, recording: str) -> None:
    folder = shared_data / "wire/moodle/moodle-ws"
    listed = json.loads((folder / f"core_course_get_contents.{recording}.json").read_text())
    (about,) = json.loads((folder / "core_enrol_get_users_courses.moodle-dl.json").read_text())
    payload = outline(about, [s for s in listed if s], [], ("Security",), None)
    read = draft(json.loads(json.dumps(payload)), "https://moodle.uni.de")
    assert read.title == "Normaly same as shortname"
    texts = {p.text: str(p.locator) for p in read.parts}
    expected = {"HTML Description": "unit 949513", "Dateiabgabe: Aufgabe 3": "unit 1002989"}
    assert texts == (expected if recording == "moodle-dl" else {})  # the other is a forum and null
