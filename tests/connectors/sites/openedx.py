"""An Open edX site: course-discovery and the LMS's own list, over the same six courses."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from requests import PreparedRequest

from connectors.testing import CANARY, Answer

SECRETS = ("client_secret",)
DATE = {"Date": "Mon, 05 Jan 2026 09:00:00 GMT"}
PER_PAGE = 2
GRANTED = f"granted-{CANARY}"
CHANGED = "2026-01-04T12:00:00Z"

_COURSES = [
    (
        "ShelfX+RISK101",
        "Risk assessment for team leads",
        "Introductory",
        ["Risk assessment", "Occupational safety"],
        "<p>Find hazards, weigh how likely and how bad they are, and agree on measures.</p>",
    ),
    (
        "ShelfX+PY201",
        "Data analysis with Python",
        "Intermediate",
        ["Python (Programming Language)", "Pandas", "Data visualisation"],
        "<p>Read tables with pandas, clean them, group and plot them.</p>",
    ),
    (
        "ShelfX+NEG110",
        "Negotiating with suppliers",
        "Introductory",
        ["Negotiation", "Procurement"],
        "<p>Prepare your alternatives, know your limit, trade instead of giving in.</p>",
    ),
    (
        "ShelfX+NET300",
        "Segmenting industrial networks",
        "Advanced",
        ["Network security", "Industrial control systems"],
        "<p>Zones and conduits after IEC 62443, firewalls between them, remote maintenance.</p>",
    ),
    (
        "ShelfX+WRITE1",
        "Schreiben, das verstanden wird",
        "Introductory",
        ["Technical writing"],
        "<p>Kurze Sätze, ein Gedanke je Satz, Verben statt Nominalstil.</p>",
    ),
    ("ShelfX+DRAFT9", "Not reviewed yet", "Introductory", [], "<p>To be written.</p>"),
]


def settings(base: str) -> dict[str, object]:
    return {"url": base, "api": "discovery", "client_id": "skillshelf"}


def lms_settings(base: str) -> dict[str, object]:
    return {"url": base, "api": "courses", "client_id": "skillshelf"}


def answers(base: str, world: str = "whole") -> Callable[[PreparedRequest], Answer]:
    """`shrunk` has withdrawn the third course, in `dented` it has lost its name."""

    def answer(request: PreparedRequest) -> Answer:
        parts = urlsplit(str(request.url))
        path = parts.path.removeprefix(urlsplit(base).path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if path == "/oauth2/access_token":
            return _grant(request)
        if request.headers.get("Authorization") != f"JWT {GRANTED}":
            return Answer({"detail": "Authentication credentials were not provided."}, 401)
        if path == "/api/v1/courses/":
            return _discovered(base, world, query)
        if path == "/api/courses/v1/courses/":
            return _listed(base, world, query)
        return _detail(world, unquote(path.removeprefix("/api/courses/v1/courses/")))

    return answer


def _grant(request: PreparedRequest) -> Answer:
    form = {name: values[0] for name, values in parse_qs(str(request.body)).items()}
    known = ("client_credentials", "jwt", "skillshelf", CANARY)
    names = ("grant_type", "token_type", "client_id", "client_secret")
    if tuple(form.get(name) for name in names) != known:
        return Answer({"error": "invalid_client"}, 401)
    return Answer({"access_token": GRANTED, "expires_in": 3600, "token_type": "JWT", "scope": ""})


def _discovered(base: str, world: str, query: dict[str, str]) -> Answer:
    courses = [_course(n, world) for n in range(len(_COURSES))]
    since = query.get("timestamp", "").replace("+00:00", "Z")
    courses = [c for c in courses if c["data_modified_timestamp"] >= since]
    shown, following = _page(courses, f"{base}/api/v1/courses/", query)
    body = {"count": len(courses), "next": following, "previous": None, "results": shown}
    return Answer(body, headers=DATE)


def _listed(base: str, world: str, query: dict[str, str]) -> Answer:
    courses = [_lms_course(n, world) for n in range(len(_COURSES))]
    courses = [c for n, c in enumerate(courses) if not (world == "shrunk" and n == 2)]
    shown, following = _page(courses, f"{base}/api/courses/v1/courses/", query)
    paging = {"next": following, "previous": None, "count": len(courses), "num_pages": 3}
    return Answer({"results": shown, "pagination": paging}, headers=DATE)


def _page(
    courses: list[dict[str, Any]], url: str, query: dict[str, str]
) -> tuple[list[dict[str, Any]], str | None]:
    page = int(query.get("page", 1))
    more = page * PER_PAGE < len(courses)
    following = f"{url}?{urlencode({**query, 'page': page + 1})}" if more else None
    return courses[(page - 1) * PER_PAGE : page * PER_PAGE], following


def _course(number: int, world: str) -> dict[str, Any]:
    key, title, level, skills, text = _COURSES[number]
    withdrawn = number == 5 or (world == "shrunk" and number == 2)
    changed = CHANGED if number == 2 and world != "whole" else "2025-12-01T08:00:00Z"
    return {
        "key": key,
        "uuid": f"00000000-0000-4000-8000-00000000000{number}",
        "title": "" if world == "dented" and number == 2 else title,
        "course_runs": [_run(key, number, year, withdrawn) for year in (2025, 2026)],
        "entitlements": [{"mode": "verified", "price": "149.00", "currency": "USD", "sku": "A"}],
        "owners": [{"key": "ShelfX", "name": "Shelf Academy"}],
        "image": {"src": f"https://cdn.example/{number}.jpg", "height": None},
        "short_description": text,
        "full_description": f"{text}<h3>How you work</h3><p>Two hours a week, with a project.</p>",
        "outcome": "<ul><li>Apply it at work the week after.</li></ul>",
        "syllabus_raw": "<p>Week 1: basics. Week 2: practice.</p>",
        "prerequisites_raw": "<p>Some months on the job.</p>" if number == 1 else "",
        "level_type": level,
        "subjects": [{"name": "Business & Management", "slug": "business"}],
        "skill_names": skills,
        "skills": [{"name": skill, "description": f"About {skill}"} for skill in skills[:1]],
        "marketing_url": f"https://www.shelf.example/course/{number}",
        "modified": changed,
        "data_modified_timestamp": changed,
        "canonical_course_run_key": f"course-v1:{key}+2026",
        "editors": [],
    }


def _run(key: str, number: int, year: int, withdrawn: bool) -> dict[str, Any]:
    return {
        "key": f"course-v1:{key}+{year}",
        "status": "unpublished" if withdrawn else "published",
        "hidden": False,
        "start": f"{year}-02-01T00:00:00Z",
        "end": f"{year}-03-15T00:00:00Z",
        "pacing_type": "self_paced" if number == 1 else "instructor_paced",
        "content_language": "de-de" if number == 4 else "en-us",
        "weeks_to_complete": 6,
        "min_effort": 2,
        "max_effort": 4,
        "staff": [{"given_name": "Ana", "family_name": "Lund"}],
        "seats": [
            {"type": "audit", "price": "0.00", "currency": "USD"},
            {"type": "verified", "price": "149.00", "currency": "USD"},
        ],
        "license": "creative-commons: ver=4.0 BY SA" if number == 3 else "all-rights-reserved",
    }


def _lms_course(number: int, world: str) -> dict[str, Any]:
    key, title, _, _, text = _COURSES[number]
    name = f"course-v1:{key}+2026"
    return {
        "id": name,
        "course_id": name,
        "blocks_url": f"https://lms.example/api/courses/v1/blocks/?course_id={name}",
        "name": "" if world == "dented" and number == 2 else title,
        "number": key.partition("+")[2],
        "org": "ShelfX",
        "short_description": text.replace("<p>", "").replace("</p>", ""),
        "media": {"image": {"raw": f"/asset-v1:{key}+type@asset+block@cover.jpg"}},
        "start": "2026-02-01T00:00:00Z",
        "end": None,
        "pacing": "self" if number == 1 else "instructor",
        "hidden": number == 5,
        "invitation_only": False,
    }


def _detail(world: str, name: str) -> Answer:
    for number, (key, *_, text) in enumerate(_COURSES):
        if name == f"course-v1:{key}+2026":
            overview = f"<section class='about'><h2>About this course</h2>{text}</section>"
            return Answer({**_lms_course(number, world), "overview": overview}, headers=DATE)
    return Answer({"detail": "Not found."}, 404)
