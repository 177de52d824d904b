"""Canvas: the contract, what students may see, and what Canvas' own errors lead to."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from requests import PreparedRequest

from catalogue.errors import BadItem, NeedsPerson, TryLater
from catalogue.model import Delivery, Draft, Kind
from connectors.base import Checkpoint, Event, Failed, Found, Unchanged
from connectors.canvas import Canvas, Settings
from connectors.formats.canvascourse import outline
from connectors.formats.canvasdraft import draft
from connectors.formats.canvassite import Listing
from connectors.testing import CANARY, Answer, Case, Conformance, served
from tests.connectors.sites import canvas as site

BASE = "https://canvas.example/lms"
WORLDS = ("whole", "shrunk", "dented")
Server = Callable[[PreparedRequest], Answer]
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


class TestCanvas(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        # Reading files takes a process; the suite visits each world dozens of times.
        settings = {**site.settings(BASE), "token": CANARY, "files": False}
        whole, shrunk, dented = (served(site.answers(BASE, world)) for world in WORLDS)
        return Case(Canvas, settings, whole, shrunk, dented, max_requests=60)


def run(server: Server, cursor: Any = None, **more: Any) -> list[Event]:
    with served(server)() as scene:
        config = Settings.model_validate({**site.settings(BASE), "token": CANARY, **more})
        return list(Canvas(config, scene.http).pull(json.loads(json.dumps(cursor or {}))))


def drafts(events: list[Event], **more: Any) -> dict[str, Draft]:
    with served(site.answers(BASE))() as scene:
        config = Settings.model_validate({**site.settings(BASE), "token": CANARY, **more})
        connector = Canvas(config, scene.http)
        return {e.key: connector.normalise(e.payload) for e in events if isinstance(e, Found)}


def test_a_course_read_by_eye() -> None:
    read = drafts(run(site.answers(BASE)))["11"]
    assert (read.title, read.kind) == ("Working safely at height", Kind.COURSE)
    assert read.url == f"{BASE}/courses/11"
    assert read.summary == "Choosing, checking and using ladders, scaffolds and harnesses."
    assert (read.authors, read.licence) == (("Rosa Berg",), "All rights reserved")
    assert read.published == datetime(2025, 6, 1, 8, tzinfo=UTC)
    assert [(p.locator and p.locator.value, p.heading, p.text[:24]) for p in read.parts] == [
        ("syllabus", "", "Two hours, one test."),
        ("page-111", "Main text: Before you climb", "Avoid work at height whe"),
        ("page-111", "Main text: Fall arrest", "A harness is the last me"),
        ("file-111", "checklist.pdf: page 1", "Checklist of Working saf"),
        ("file-111", "checklist.pdf: page 2", "Signed and dated"),
        ("page-113", "Further reading", "Ask your library."),
        ("discussion-1100", "Your own example", "Describe a case from you"),
    ]
    assert {p.locator.url for p in read.parts if p.locator} == {
        f"{BASE}/courses/11/assignments/syllabus",
        f"{BASE}/courses/11/pages/main-text",
        f"{BASE}/courses/11/files/111",
        f"{BASE}/courses/11/pages/further-reading",
        f"{BASE}/courses/11/discussion_topics/1100",
    }


def test_who_may_see_a_course_goes_with_it() -> None:
    events = run(site.answers(BASE))
    groups = {key: read.visibility for key, read in drafts(events).items()}
    assert groups["12"] == ()
    assert groups["14"] == ("institution",)
    assert groups["11"] == ("staff",)
    assert drafts(events, enrolled=())["11"].visibility == ("course-11",)


def test_unpublished_and_restricted_courses_are_not_listed() -> None:
    assert set(drafts(run(site.answers(BASE)))) == {"11", "12", "13", "14", "15"}


def test_a_course_on_campus_has_its_run() -> None:
    read = drafts(run(site.answers(BASE)))
    assert read["15"].delivery is Delivery.INSTRUCTOR_LED
    assert [s.start.isoformat() for s in read["15"].sessions] == ["2026-03-02T09:00:00+00:00"]
    assert read["14"].sessions == ()


def test_no_signature_is_kept() -> None:
    said = json.dumps([e.payload for e in run(site.answers(BASE)) if isinstance(e, Found)])
    assert "verifier" not in said


def test_an_unchanged_course_costs_its_listing_only() -> None:
    first = run(site.answers(BASE))
    assert isinstance(first[-1], Checkpoint)
    with served(site.answers(BASE))() as scene:
        config = Settings.model_validate({**site.settings(BASE), "token": CANARY})
        events = list(Canvas(config, scene.http).pull(first[-1].cursor))
        urls = [str(r.url) for r in scene.wire.requests]
    assert sum(isinstance(e, Unchanged) for e in events) == 5
    assert not [url for url in urls if "/files/" in url or "=body" in url]


LISTING = Listing([], [], [], [], frozenset({"modules", "pages", "files", "discussions"}), NOW)
OPEN_PAGE = {"page_id": 1, "url": "a", "title": "A", "published": True}
OPEN_FILE = {"id": 1, "display_name": "a.pdf", "locked": False}
OPEN_TOPIC = {"id": 1, "title": "A", "published": True}


def units(**more: Any) -> list[str]:
    fields = {name: getattr(LISTING, name) for name in LISTING.__slots__} | more
    payload = outline({"id": 1, "name": "C"}, Listing(**fields))
    return [unit["id"] for section in payload["sections"] for unit in section["units"]]


@pytest.mark.parametrize(
    "closed",
    [
        {"published": False},
        {"visible_to_everyone": False},
        {"only_visible_to_overrides": True},
        {"publish_at": "2026-02-01T00:00:00Z"},
        {"unlock_at": "no date"},
    ],
)
def test_a_page_that_is_closed_to_some_is_left_out(closed: Mapping[str, Any]) -> None:
    assert units(pages=[OPEN_PAGE]) == ["page-1"]
    assert units(pages=[{**OPEN_PAGE, **closed}]) == []
    item = {"id": 9, "type": "Page", "page_url": "a", "title": "A"}
    module = {"id": 1, "name": "M", "items": [item]}
    assert units(modules=[module], pages=[{**OPEN_PAGE, **closed}]) == []


@pytest.mark.parametrize(
    "closed",
    [
        {"locked": True},
        {"unlock_at": "2026-02-01T00:00:00Z"},
        {"lock_at": "2026-01-01T00:00:00Z"},
        {"hidden": True},
    ],
)
def test_a_file_that_is_closed_is_left_out(closed: Mapping[str, Any]) -> None:
    still = {"unlock_at": "2026-01-01T00:00:00Z", "lock_at": "2026-02-01T00:00:00Z"}
    assert units(files=[{**OPEN_FILE, **still}]) == ["file-1"]
    assert units(files=[{**OPEN_FILE, **closed}]) == []


def test_a_hidden_file_is_seen_where_a_module_leads_to_it() -> None:
    item = {"id": 9, "type": "File", "content_id": 1, "title": "A"}
    module = {"id": 1, "name": "M", "items": [item, None]}
    assert units(modules=[module], files=[{**OPEN_FILE, "hidden": True}]) == ["file-1"]


def test_a_topic_for_one_section_is_left_out() -> None:
    assert units(topics=[OPEN_TOPIC]) == ["discussion-1"]
    assert units(topics=[{**OPEN_TOPIC, "is_section_specific": True}]) == []
    assert units(topics=[{**OPEN_TOPIC, "delayed_post_at": "2026-02-01T00:00:00Z"}]) == []


def test_without_the_site_s_own_time_what_has_a_date_is_to_come() -> None:
    dated = {**OPEN_PAGE, "publish_at": "2020-01-01T00:00:00Z"}
    assert units(pages=[dated]) == ["page-1"]
    assert units(pages=[dated], now=None) == []


def test_a_list_hidden_from_students_shows_only_what_modules_lead_to() -> None:
    item = {"id": 9, "type": "Page", "page_url": "a", "title": "A"}
    pages = [OPEN_PAGE, {**OPEN_PAGE, "page_id": 2, "url": "b"}]
    modules = [{"id": 1, "name": "M", "items": [item]}]
    assert units(modules=modules, pages=pages) == ["page-1", "page-2"]
    assert units(modules=modules, pages=pages, tabs=frozenset({"modules"})) == ["page-1"]
    assert units(modules=modules, pages=pages, tabs=frozenset()) == []


def test_items_that_canvas_leaves_out_of_a_large_module_are_asked_for() -> None:
    inner = site.answers(BASE)
    url = f"{BASE}/api/v1/courses/11/modules/4/items"

    def server(request: PreparedRequest) -> Answer:
        if "/courses/11/modules/4/items" in str(request.url):
            item = {"id": 2, "type": "ExternalUrl", "title": "Rules", "external_url": "https://x.y"}
            return Answer([item], headers=site.DATE)
        if "/courses/11/modules?" in str(request.url):
            return Answer([{"id": 4, "name": "Much", "items_count": 80, "items_url": url}])
        return inner(request)

    parts = drafts(run(server))["11"].parts
    assert ("Rules", "https://x.y") in [(p.text, p.locator and p.locator.url) for p in parts]


def test_an_outage_at_a_file_is_one_of_the_source() -> None:
    inner = site.answers(BASE)
    with pytest.raises(TryLater):
        run(lambda r: Answer("down", 503) if "/files/141/" in str(r.url) else inner(r))


def test_haste_is_tried_again() -> None:
    inner, told = site.answers(BASE), list[str]()

    def server(request: PreparedRequest) -> Answer:
        told.append(str(request.url))
        if len(told) == 4:
            return Answer("403 Forbidden (Rate Limit Exceeded)", 403)
        return inner(request)

    assert len(drafts(run(server))) == 5
    with pytest.raises(TryLater):
        run(lambda _: Answer("403 Forbidden (Rate Limit Exceeded)", 403))


def test_a_wrong_token_needs_a_person() -> None:
    with pytest.raises(NeedsPerson, match="check the credentials"):
        run(site.answers(BASE), token="wrong")


def test_a_token_revoked_midway_stops_the_source() -> None:
    inner, told = site.answers(BASE), list[str]()

    def server(request: PreparedRequest) -> Answer:
        told.append(str(request.url))
        return inner(request) if len(told) < 12 else Answer(site.REFUSED, 401)

    with pytest.raises(NeedsPerson, match="users/self"):
        run(server)


def test_one_course_that_may_not_be_read_fails_alone() -> None:
    events = run(site.answers(BASE, "dented"))
    (failed,) = [e for e in events if isinstance(e, Failed)]
    assert (failed.key, type(failed.error)) == ("13", BadItem)


def test_the_token_goes_to_no_other_site() -> None:
    def server(request: PreparedRequest) -> Answer:
        assert "canvas.example" in str(request.url)
        return Answer([], headers={"Link": '<https://evil.example/x?page=2>; rel="next"'})

    with pytest.raises(NeedsPerson, match="another site"):
        run(server)


def test_a_list_without_end_is_given_up() -> None:
    def server(request: PreparedRequest) -> Answer:
        return Answer([], headers={"Link": f'<{request.url}>; rel="next"'})

    with pytest.raises(NeedsPerson, match="more than 1000 pages"):
        run(server)


@pytest.mark.parametrize("body", ["<html>sign in</html>", "null", '{"a": 1}'])
def test_something_else_than_canvas_needs_a_person(body: str) -> None:
    with pytest.raises(NeedsPerson):
        run(lambda _: Answer(body))


@pytest.mark.shared_data
def test_recorded_answers(shared_data: Path) -> None:
    folder = shared_data / "wire/canvas"
    read = {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}
    modules = [
        {**read["course"]["list_modules"]["data"][0], "items": item["data"]}
        for item in (read["module"]["list_module_items"], read["module"]["list_module_items2"])
    ]
    pages = [read["page"]["get_page"]["data"], *read["course"]["get_pages"]["data"]]
    topics = read["course"]["get_discussion_topics"]["data"]
    files = [read["course"]["get_file"]["data"], read["file"]["get_by_id"]["data"]]
    tabs = frozenset({"modules", "pages", "files", "discussions"})
    listing = Listing(modules, pages, files, topics, tabs, None)
    payload = outline(read["course"]["get_by_id"]["data"], listing)
    found = draft(json.loads(json.dumps(payload)), "https://example.com", ())
    assert found.title == "Test Course 1234"
    assert found.visibility == ("course-1",)
    assert [(p.text, str(p.locator)) for p in found.parts] == [
        ("First Module Item", "unit assignment-1"),
        ("Second Module Item", "unit assignment-2"),
        ("Third Module Item", "unit assignment-3"),
        ("Fourth Module Item", "unit assignment-4"),
        ("Awesome Page", "unit page-my-url"),
        ("Topic 1", "unit discussion-1"),
        ("Topic 2", "unit discussion-2"),
        ("File.docx", "unit file-1"),
    ]
