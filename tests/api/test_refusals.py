"""What a question that cannot be answered gets: a problem that says what would be right."""

from urllib.parse import quote

import pytest
from starlette.exceptions import HTTPException

from api.problems import refusal
from catalogue.errors import Busy, NotFound, TryLater, WrongIndex
from config.errors import BadConfig
from tests.api.shelf import Client

PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/api/v1/search?langauge=en", 400, 'unknown parameter "langauge"; did you mean "lang'),
        ("/api/v1/items/1?explain=true", 400, 'unknown parameter "explain"; there are none here'),
        ("/api/v1/skills?query=x", 400, 'unknown parameter "query"'),
        ("/healthz?verbose=1", 400, "unknown parameter"),
        ("/api/v1/search?level=expert", 400, "'beginner', 'intermediate' or 'advanced'"),
        ("/api/v1/search?resource_type=film", 400, "resource_type: input should be 'course'"),
        ("/api/v1/search?limit=0", 400, "limit: input should be greater than or equal to 1"),
        ("/api/v1/search?limit=101", 400, "less than or equal to 100"),
        ("/api/v1/search?offset=1000", 400, "offset"),
        ("/api/v1/search?q=x&offset=990&limit=20", 400, "cursor"),
        ("/api/v1/search?sortby=date", 400, "'relevance' or 'newest'"),
        ("/api/v1/search?sortby=relevance", 400, "needs a `q`"),
        ("/api/v1/search?sortby=newest&q=x", 400, "takes no `q`"),
        ("/api/v1/search?min_skill_confidence=0.5", 400, "needs a `skill`"),
        ("/api/v1/search?published_since=soon", 400, "ISO 8601"),
        ("/api/v1/search?max_duration=long", 400, "max_duration"),
        ("/api/v1/search?max_duration=0", 400, "max_duration"),
        ("/api/v1/search?max_duration=" + "9" * 30, 400, "max_duration"),
        ("/api/v1/search?language=%3Cb%3E", 400, "language"),
        ("/api/v1/search?source=handbok", 400, 'did you mean "handbook"?'),
        ("/api/v1/search?skill=perform+backup", 400, '"perform backups"'),
        ("/api/v1/search?skill=present", 400, '"give presentations", "weld steel"'),
        ("/api/v1/search?cursor=nonsense", 400, "cursor"),
        ("/api/v1/search?cursor=YWJj&offset=2", 400, "exclude each other"),
        ("/api/v1/search?aggregations=colour", 400, "'skill', 'resource_type'"),
        ("/api/v1/items/999", 404, "there is no item 999"),
        ("/api/v1/items/0", 400, "number"),
        ("/api/v1/items/99999999999999999999", 400, "number"),
        ("/api/v1/items/one", 400, "number"),
        ("/api/v1/runs/999", 404, "there is no run 999"),
        ("/api/v1/runs?source=nope", 400, "known are: board, handbook, web"),
        ("/api/v1/skills/nope", 404, "there is no skill"),
        ("/api/v1/skills/nope/items", 404, "there is no skill"),
        ("/api/v1/nothing", 404, "there is nothing at this address"),
    ],
)
def test_each_says_what_would_be_right(reader: Client, path: str, status: int, said: str) -> None:
    answer = reader.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    problem = answer.json()
    assert problem["status"] == status
    assert said in problem["detail"]
    assert problem["type"] == "about:blank"


def test_a_cursor_goes_with_its_own_search_only(reader: Client) -> None:
    cursor = reader.get("/api/v1/search?q=packages&limit=1").json()["cursor"]
    answer = reader.get(f"/api/v1/search?q=backups&limit=1&cursor={quote(cursor)}")
    assert answer.status_code == 400
    assert "cursor" in answer.json()["detail"]


def test_the_nearest_skills_are_named_for_programs_too(reader: Client) -> None:
    problem = reader.get("/api/v1/search?skill=software+packages").json()
    assert problem["nearest"][0]["name"] == "maintain software packages"
    assert problem["errors"] == [{"field": "skill", "message": "names no skill"}]


@pytest.mark.parametrize(
    ("error", "status", "headers"),
    [
        (TryLater("down", 12.2), 503, {"Retry-After": "13"}),
        (TryLater("down"), 503, {"Retry-After": "5"}),
        (Busy("/home/ada/index is open in process 12"), 409, {}),
        (WrongIndex("/home/ada/index was made by another encoder"), 500, {}),
        (BadConfig("/home/ada/sources.yaml:3: owner"), 500, {}),
        (NotFound("there is no item 3"), 404, {}),
        (HTTPException(405), 405, {}),
        (ValueError("/home/ada/secret"), 500, {}),
    ],
)
def test_errors_are_told_without_our_insides(
    error: Exception, status: int, headers: dict[str, str]
) -> None:
    refused, with_headers = refusal(error)
    assert refused.status == status
    assert dict(with_headers) == headers
    assert "/home" not in str(refused)
