"""A Canvas site with five courses for its students, one of them public, and two that are not."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from requests import PreparedRequest

from connectors.testing import CANARY, Answer
from tests.connectors import document_makers as make

SECRETS = ("token",)
DATE = {"Date": "Mon, 05 Jan 2026 09:00:00 GMT"}
PER_PAGE = 3  # Canvas caps what is asked for
REFUSED = {"status": "unauthorized", "errors": [{"message": "user not authorized"}]}
UNKNOWN = {"errors": [{"message": "The specified resource does not exist."}]}

_TEXTS = {
    11: (
        "Working safely at height",
        "<p>Choosing, checking and using ladders, scaffolds and harnesses.</p>",
        "<h2>Before you climb</h2><p>Avoid work at height where you can. Otherwise inspect the "
        "ladder's feet, rungs and stiles, and set it one out for every four up.</p>"
        "<h2>Fall arrest</h2><p>A harness is the last measure, not the first: guard rails protect "
        "everybody, a lanyard only the one who wears it. Plan the rescue beforehand.</p>",
    ),
    12: (
        "SQL joins in practice",
        "<p>Inner, outer and anti joins on a shop's own tables.</p>",
        "<p>An inner join keeps the rows that match on both sides. A left join keeps every row of "
        "the first table and fills the gaps with NULL.</p><h3>Anti joins</h3><p>Customers without "
        "an order: <code>LEFT JOIN … WHERE orders.id IS NULL</code>, or NOT EXISTS.</p>",
    ),
    13: (
        "Gespräche mit schwierigen Kunden",
        "<p>Ruhig bleiben, zuhören, Lösungen anbieten.</p>",
        "<h2>Aktiv zuhören</h2><p>Fassen Sie die Beschwerde in eigenen Worten zusammen, bevor Sie "
        "antworten. So fühlt sich die Kundin verstanden, und Missverständnisse zeigen sich.</p>",
    ),
    14: (
        "Project planning with dependencies",
        "<p>From a list of tasks to a critical path.</p>",
        "<p>Write down for each task what must be finished before it can start. The longest chain "
        "is the critical path: a day lost there is a day lost for the project.</p>",
    ),
    15: (
        "First aid for the workshop",
        "<p>Bleeding, burns, eyes and unconscious people.</p>",
        "<h2>Severe bleeding</h2><p>Press firmly with a clean cloth, raise the limb, call the "
        "emergency number. Do not remove an object stuck in the wound.</p>",
    ),
}


def settings(base: str) -> dict[str, object]:
    return {"url": base, "account": "self", "enrolled": ["staff"]}


def answers(base: str, world: str = "whole") -> Callable[[PreparedRequest], Answer]:
    """The site as it answers below `base`. `shrunk` lacks course 13, of `dented` 13 is closed."""
    numbers = [n for n in _TEXTS if not (world == "shrunk" and n == 13)]

    def answer(request: PreparedRequest) -> Answer:
        url = str(request.url)
        path = urlsplit(url).path.removeprefix(urlsplit(base).path)
        if path.startswith("/files/"):
            return _file(request, path)
        if request.headers.get("Authorization") != f"Bearer {CANARY}":
            refused = {"errors": [{"message": "Invalid access token."}]}
            return Answer(refused, 401, {"WWW-Authenticate": 'Bearer realm="canvas-lms"'})
        return _api(base, path.removeprefix("/api/v1/"), url, numbers, world)

    return answer


def _api(base: str, path: str, url: str, numbers: list[int], world: str) -> Answer:
    if path == "users/self":
        return Answer({"id": 1, "name": "Reader"}, headers=DATE)
    if path in ("courses", "accounts/self/courses"):
        return _paged([_course(n) for n in numbers] + _CLOSED, url)
    number, _, rest = path.removeprefix("courses/").partition("/")
    if world == "dented" and number == "13":
        return Answer(REFUSED, 401)
    listed = _listed(base, int(number), "include%5B%5D=body" in url).get(rest)
    return Answer(UNKNOWN, 404) if listed is None else _paged(listed, url)


def _paged(entries: list[dict[str, Any]], url: str) -> Answer:
    page = int(parse_qs(urlsplit(url).query).get("page", ["1"])[0])
    shown = entries[(page - 1) * PER_PAGE : page * PER_PAGE]
    plain = url.replace(f"&page={page}", "")
    links = [f'<{plain}&page={page}>; rel="current"', f'<{plain}&page=1>; rel="first"']
    links += [f'<{plain}&page={page + 1}>; rel="next"'] if page * PER_PAGE < len(entries) else []
    return Answer(shown, headers={**DATE, "Link": ",".join(links)})


_CLOSED: list[dict[str, Any]] = [
    {"id": 16, "name": "Not finished", "workflow_state": "unpublished"},
    {"id": 17, "access_restricted_by_date": True},
]


def _course(number: int) -> dict[str, Any]:
    name, description, _ = _TEXTS[number]
    return {
        "id": number,
        "name": name,
        "course_code": f"C{number}",
        "workflow_state": "available",
        "public_description": description,
        "syllabus_body": "<p>Two hours, one test.</p>" if number == 11 else None,
        "locale": "de" if number == 13 else None,
        "license": "cc_by_sa" if number == 12 else "private",
        "course_format": "on_campus" if number == 15 else "online",
        "start_at": "2026-03-02T09:00:00Z",
        "end_at": "2026-03-02T16:00:00Z",
        "created_at": "2025-06-01T08:00:00Z",
        "is_public": number == 12,
        "is_public_to_auth_users": number in (12, 14),
        "teachers": [{"id": 5, "display_name": "Rosa Berg"}],
    }


def _listed(base: str, course: int, bodies: bool) -> dict[str, list[dict[str, Any]]]:
    place = f"{base}/courses/{course}"
    return {
        "tabs": _tabs(course),
        "modules": _modules(base, course),
        "pages": [_page(place, course, n, bodies) for n in (1, 2, 3)],
        "files": [_about_file(base, course, n) for n in (1, 2)],
        "discussion_topics": [_topic(place, course)],
    }


def _tabs(course: int) -> list[dict[str, Any]]:
    names = ("home", "syllabus", "modules", "pages", "discussions", "files", "people")
    tabs = [{"id": name, "type": "internal", "visibility": "public"} for name in names]
    return [t | ({"hidden": True} if t["id"] == "files" and course == 14 else {}) for t in tabs]


def _modules(base: str, course: int) -> list[dict[str, Any]]:
    api, place = f"{base}/api/v1/courses/{course}", f"{base}/courses/{course}"
    heading = {"id": 1, "type": "SubHeader", "title": "Read first", "published": True}
    page = {
        "id": 2,
        "type": "Page",
        "title": _TEXTS[course][0],
        "page_url": "main-text",
        "html_url": f"{place}/modules/items/2",
        "url": f"{api}/pages/main-text",
        "published": True,
    }
    file = {"id": 3, "type": "File", "title": "Checklist", "content_id": course * 10 + 1}
    draft = {"id": 4, "type": "Quiz", "title": "Unfinished quiz", "published": False}
    later = {"id": 5, "name": "Next year", "unlock_at": "2027-01-01T00:00:00Z", "published": True}
    return [
        {"id": 4, "name": "Essentials", "published": True, "items": [heading, page, file, draft]},
        {**later, "items": [{**page, "page_url": "answers", "title": "Answers"}]},
    ]


def _page(place: str, course: int, number: int, bodies: bool) -> dict[str, Any]:
    slug = {1: "main-text", 2: "answers", 3: "further-reading"}[number]
    page = {
        "page_id": course * 10 + number,
        "url": slug,
        "title": slug.replace("-", " ").capitalize(),
        "updated_at": "2025-10-01T08:00:00Z",
        "published": number != 2,
        "html_url": f"{place}/pages/{slug}",
    }
    body = _TEXTS[course][2] if number == 1 else "<p>Ask your library.</p>"
    return page | ({"body": body} if bodies else {})


def _about_file(base: str, course: int, number: int) -> dict[str, Any]:
    file = course * 10 + number
    return {
        "id": file,
        "display_name": "checklist.pdf" if number == 1 else "solutions.pdf",
        "content-type": "application/pdf",
        "size": 900,
        "updated_at": "2025-10-01T08:00:00Z",
        "locked": number == 2,
        "hidden": False,
        "url": f"{base}/files/{file}/download?download_frd=1&verifier={CANARY}",
    }


def _file(request: PreparedRequest, path: str) -> Answer:
    """Canvas sends its files from a signed address, on to a store of their own."""
    if f"verifier={CANARY}" not in str(request.url):
        return Answer("sign in", 401)
    course = int(path.split("/")[2]) // 10
    return Answer(make.pdf([f"Checklist of {_TEXTS[course][0]}", "Signed and dated"]))


def _topic(place: str, course: int) -> dict[str, Any]:
    return {
        "id": course * 100,
        "title": "Your own example",
        "message": "<p>Describe a case from your own work and what you would do now.</p>",
        "html_url": f"{place}/discussion_topics/{course * 100}",
        "posted_at": "2025-11-01T08:00:00Z",
        "published": True,
        "author": {"display_name": "Rosa Berg"},
    }
