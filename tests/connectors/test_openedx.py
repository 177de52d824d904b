"""Open edX: the contract over both of its lists, what changed, and what a course says."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from requests import PreparedRequest

from catalogue.errors import BadItem, NeedsPerson
from catalogue.model import Delivery, Draft, Level
from connectors.base import Checkpoint, Event, Failed, Found, Gone, Unchanged
from connectors.formats.openedxcourse import discovery_draft, lms_draft, published_runs
from connectors.formats.openedxlists import due
from connectors.openedx import Openedx, Settings
from connectors.testing import CANARY, Answer, Case, Conformance, served
from tests.connectors.sites import openedx as site

BASE = "https://discovery.example"
WORLDS = ("whole", "shrunk", "dented")
Server = Callable[[PreparedRequest], Answer]


class TestDiscovery(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        settings = {**site.settings(BASE), "client_secret": CANARY}
        whole, shrunk, dented = (served(site.answers(BASE, world)) for world in WORLDS)
        return Case(Openedx, settings, whole, shrunk, dented)


class TestLms(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        settings = {**site.lms_settings(BASE), "client_secret": CANARY}
        whole, shrunk, dented = (served(site.answers(BASE, world)) for world in WORLDS)
        return Case(Openedx, settings, whole, shrunk, dented)


def run(
    server: Server, cursor: Any = None, kind: str = "discovery", **more: Any
) -> tuple[list[Event], list[str]]:
    """The events of a pull, and what was asked for."""
    made = site.settings(BASE) if kind == "discovery" else site.lms_settings(BASE)
    with served(server)() as scene:
        config = Settings.model_validate({**made, "client_secret": CANARY, **more})
        events = list(Openedx(config, scene.http).pull(json.loads(json.dumps(cursor or {}))))
        return events, [str(request.url) for request in scene.wire.requests]


def cursor_of(events: list[Event]) -> dict[str, Any]:
    assert isinstance(events[-1], Checkpoint)
    return dict(events[-1].cursor)


def found(events: list[Event]) -> dict[str, Any]:
    return {e.key: e.payload for e in events if isinstance(e, Found)}


def test_a_course_of_discovery_read_by_eye() -> None:
    events, _ = run(site.answers(BASE))
    read = discovery_draft(found(events)["ShelfX+PY201"]["course"], BASE)
    assert (read.title, read.provider) == ("Data analysis with Python", "Shelf Academy")
    assert read.url == "https://www.shelf.example/course/1"
    assert read.skills == ("Python (Programming Language)", "Pandas", "Data visualisation")
    assert (read.level, read.language) == (Level.INTERMEDIATE, "en-US")
    assert (read.delivery, read.sessions) == (Delivery.SELF_PACED, ())
    assert read.duration == 6 * 3 * 3600
    assert (read.cost, read.currency) == (0.0, "USD")
    assert read.authors == ("Ana Lund",)
    assert read.prerequisites == ("Some months on the job.",)
    assert read.updated == datetime(2025, 12, 1, 8, tzinfo=UTC)
    assert read.licence == "All rights reserved"
    assert [(p.heading, p.text) for p in read.parts] == [
        ("", "Read tables with pandas, clean them, group and plot them."),
        ("How you work", "Two hours a week, with a project."),
        ("Outcome", "Apply it at work the week after."),
        ("Syllabus", "Week 1: basics. Week 2: practice."),
    ]


def test_runs_by_a_timetable_are_sessions() -> None:
    events, _ = run(site.answers(BASE))
    read = discovery_draft(found(events)["ShelfX+NET300"]["course"], BASE)
    assert [s.start.year for s in read.sessions] == [2025, 2026]
    assert read.licence == "CC BY-SA 4.0"
    assert read.unmapped == (("delivery", "instructor paced"),)


def test_unpublished_courses_are_not_found() -> None:
    events, _ = run(site.answers(BASE))
    assert len(found(events)) == 5
    assert not [e for e in events if isinstance(e, Gone)]
    assert cursor_of(events)["since"] == "2025-12-01T07:00:00+00:00"


def test_what_changed_is_asked_for_alone_and_a_withdrawn_course_is_gone() -> None:
    first, _ = run(site.answers(BASE))
    later = {**cursor_of(first), "since": "2026-01-01T00:00:00+00:00"}
    events, asked = run(site.answers(BASE, "shrunk"), later)
    assert [e for e in events if not isinstance(e, Checkpoint)] == [Gone("ShelfX+NEG110")]
    assert not any(isinstance(e, Checkpoint) and e.complete for e in events)
    assert len([url for url in asked if "timestamp=2026-01-01" in url]) == 1
    assert cursor_of(events)["since"] == "2026-01-04T11:00:00+00:00"


def test_after_some_days_everything_is_listed() -> None:
    cursor = {**cursor_of(run(site.answers(BASE))[0]), "whole": "2025-12-20T00:00:00+00:00"}
    events, _ = run(site.answers(BASE), cursor)
    assert len(found(events)) == 5
    assert cursor_of(events)["whole"] == "2026-01-05T09:00:00+00:00"


@pytest.mark.parametrize(
    ("whole", "now", "is_due"),
    [
        ("", datetime(2026, 1, 5, tzinfo=UTC), True),
        ("2026-01-01T00:00:00+00:00", datetime(2026, 1, 5, tzinfo=UTC), False),
        ("2026-01-01T00:00:00+00:00", datetime(2026, 1, 8, tzinfo=UTC), True),
        ("2026-01-01T00:00:00+00:00", None, True),
    ],
)
def test_when_everything_is_read_anew(whole: str, now: datetime | None, is_due: bool) -> None:
    assert due({"whole": whole}, now, 7) is is_due


def test_a_list_that_shifted_while_it_was_read_is_not_complete() -> None:
    inner = site.answers(BASE)

    def server(request: PreparedRequest) -> Answer:
        answer = inner(request)
        if "/api/v1/courses/" in str(request.url):
            answer.body["count"] = 7
        return answer

    events, _ = run(server)
    assert not any(isinstance(e, Checkpoint) and e.complete for e in events)
    assert "since" not in cursor_of(events)


def test_links_with_a_proxy_s_inner_address_are_followed_at_the_site() -> None:
    inner = site.answers(BASE)

    def server(request: PreparedRequest) -> Answer:
        assert str(request.url).startswith(BASE)
        answer = inner(request)
        if "/api/v1/courses/" in str(request.url) and answer.body["next"]:
            answer.body["next"] = answer.body["next"].replace(BASE, "http://discovery:8381")
        return answer

    assert len(found(run(server)[0])) == 5


def test_access_that_ran_out_is_asked_for_again() -> None:
    inner, told = site.answers(BASE), list[str]()

    def server(request: PreparedRequest) -> Answer:
        told.append(str(request.url))
        return Answer({"detail": "expired"}, 401) if len(told) == 3 else inner(request)

    events, asked = run(server)
    assert len(found(events)) == 5
    assert len([url for url in asked if url.endswith("/access_token")]) == 2


def test_wrong_credentials_need_a_person() -> None:
    with pytest.raises(NeedsPerson, match="check the credentials"):
        run(site.answers(BASE), client_id="somebody")


def test_half_a_client_is_none() -> None:
    with pytest.raises(ValidationError, match="give both"):
        Settings.model_validate({"url": BASE, "client_id": "skillshelf"})


@pytest.mark.parametrize("body", ["<html>sign in</html>", "[]", '{"results": 3}'])
def test_something_else_than_open_edx_needs_a_person(body: str) -> None:
    with pytest.raises(NeedsPerson):
        run(lambda r: site.answers(BASE)(r) if r.method == "POST" else Answer(body))


def test_a_list_without_end_is_given_up() -> None:
    page = {"results": [], "next": f"{BASE}/?page=2"}
    with pytest.raises(NeedsPerson, match="without end"):
        run(lambda r: site.answers(BASE)(r) if r.method == "POST" else Answer(page))


def test_an_lms_course_read_by_eye() -> None:
    events, _ = run(site.answers(BASE), kind="courses")
    payload = found(events)["course-v1:ShelfX+PY201+2026"]
    read = lms_draft(payload["course"], payload["overview"], BASE)
    assert read.url == f"{BASE}/courses/course-v1:ShelfX+PY201+2026/about"
    assert (read.provider, read.delivery) == ("ShelfX", Delivery.SELF_PACED)
    assert read.image == f"{BASE}/asset-v1:ShelfX+PY201+type@asset+block@cover.jpg"
    assert [(p.heading, p.text) for p in read.parts] == [
        ("About this course", "Read tables with pandas, clean them, group and plot them.")
    ]


def test_hidden_courses_of_an_lms_are_left_out() -> None:
    events, _ = run(site.answers(BASE), kind="courses")
    assert len(found(events)) == 5
    assert not any("DRAFT" in key for key in found(events))


def test_descriptions_are_fetched_of_changed_courses_until_all_is_due() -> None:
    cursor = cursor_of(run(site.answers(BASE), kind="courses")[0])
    events, asked = run(site.answers(BASE, "dented"), cursor, "courses")
    assert len([e for e in events if isinstance(e, Unchanged)]) == 4
    assert len([url for url in asked if "NEG110" in url]) == 1
    assert len(asked) == 1 + 3 + 1
    events, _ = run(site.answers(BASE), {**cursor, "whole": "2025-12-20"}, "courses")
    assert len(found(events)) == 5


def test_one_description_that_cannot_be_had_fails_alone() -> None:
    inner = site.answers(BASE)

    def server(request: PreparedRequest) -> Answer:
        gone = str(request.url).endswith("PY201+2026")
        return Answer({"detail": "Not found."}, 404) if gone else inner(request)

    events, _ = run(server, kind="courses")
    (failed,) = [e for e in events if isinstance(e, Failed)]
    assert failed.key == "course-v1:ShelfX+PY201+2026"
    assert isinstance(failed.error, BadItem)
    assert isinstance(events[-1], Checkpoint)
    assert events[-1].complete


@pytest.mark.parametrize(
    "hostile",
    [
        {"course_runs": [None, 3, {"status": "published"}], "owners": "me", "skills": [3]},
        {"course_runs": [{"status": "published", "weeks_to_complete": "six"}], "skill_names": {}},
        {"course_runs": [{"status": "published", "seats": [{"price": "free for all"}]}]},
        {"course_runs": [{"status": "published", "min_effort": -3, "weeks_to_complete": 1e300}]},
    ],
)
def test_fields_of_unexpected_shape_are_no_reason_to_fail(hostile: dict[str, Any]) -> None:
    course = {"key": "a+b", "title": "A", **hostile}
    assert published_runs(course)
    read: Draft = discovery_draft(course, BASE)
    assert (read.title, read.duration, read.skills) == ("A", None, ())


@pytest.mark.shared_data
def test_recorded_answers(shared_data: Path) -> None:
    page = json.loads(
        (shared_data / "wire/openedx-courses-api/kmooc_courses_page.json").read_text()
    )
    (course,) = page["results"]
    read = lms_draft(course, "", "http://www.kmooc.kr")
    assert (read.title, read.provider, read.summary) == ("강좌생성테스트", "FUNMOOC", "")
    assert read.url == "http://www.kmooc.kr/courses/course-v1:FUNMOOC+test1+test1/about"
    assert [(s.start.year, s.end and s.end.year) for s in read.sessions] == [(2030, 2031)]
    assert read.image.startswith("http://www.kmooc.kr/asset-v1:FUNMOOC+test1+test1+type@asset")

    def server(request: PreparedRequest) -> Answer:
        if "page=2" in str(request.url):
            return Answer({"pagination": {**page["pagination"], "next": None}, "results": []})
        if str(request.url).endswith("test1+test1+test1"):
            return Answer({**course, "overview": ""})
        return Answer(page if "?" in str(request.url) else {**course, "overview": "<p>x</p>"})

    events, _ = run(server, kind="courses", client_id="", client_secret=None)
    assert list(found(events)) == ["course-v1:FUNMOOC+test1+test1"]
    assert isinstance(events[-1], Checkpoint)
    assert not events[-1].complete  # 1,333 are promised
