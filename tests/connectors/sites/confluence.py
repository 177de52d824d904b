"""Two spaces of a Confluence in a data centre, written after its public reference."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from requests import PreparedRequest

from connectors.testing import CANARY, Answer
from tests.connectors import document_makers as make

SECRETS = ("token",)
AT_ONCE = 3  # pages in one answer, whatever is asked for
Raw = dict[str, Any]


def restricted(groups: tuple[str, ...] = (), users: tuple[str, ...] = ()) -> Raw:
    named = [{"type": "group", "name": name} for name in groups]
    persons = [{"type": "known", "username": name, "displayName": name} for name in users]
    lists = {"group": {"results": named, "size": len(named)}, "user": {"results": persons}}
    return {"read": {"operation": "read", "restrictions": lists}}


def page(number: int, title: str, html: str, *above: int, version: int = 1, **more: Any) -> Raw:
    return {
        "id": str(number),
        "type": "page",
        "status": "current",
        "title": title,
        "space": {"key": "OPS", "name": "Operations"},
        "version": {"number": version, "when": f"2026-01-0{version}T09:00:00.000+01:00"},
        "ancestors": [{"id": str(n), "type": "page"} for n in above],
        "restrictions": restricted(),
        "history": {
            "createdBy": {"displayName": "Ann Lee"},
            "createdDate": "2025-11-03T08:00:00.000+01:00",
        },
        "metadata": {"labels": {"results": [{"prefix": "global", "name": "how-to"}]}},
        "body": {"view": {"value": html, "representation": "view"}},
        "children": {"attachment": {"results": []}},
        "_links": {"webui": f"/spaces/OPS/pages/{number}"},
        **more,
    }


def attachment(name: str, version: int = 1) -> Raw:
    link = f"/download/attachments/11/{name}?version={version}&modificationDate=1&api=v2"
    return {"title": name, "version": {"number": version}, "_links": {"download": link}}


BACKUP = (
    '<p>Every night the database is copied to a second site.</p><h2 id="Backups-Restore">Restore'
    "</h2><p>Stop the service, restore the latest copy, replay the log, start it again.</p>"
)
FILES = {"plan.pdf": make.pdf(["Who calls whom when the database is down"]), "odd.pdf": b"no pdf"}
PAGES = (
    page(10, "Operations", "<p>How we run things here.</p>"),
    page(
        11,
        "Backups",
        BACKUP,
        10,
        version=2,
        children={
            "attachment": {"results": [attachment(n) for n in ("plan.pdf", "odd.pdf", "a.png")]}
        },
    ),
    page(12, "On call", "<p>Who is on call answers within ten minutes.</p>", 10),
    page(
        13, "Pay scales", "<p>For those who plan.</p>", 10, restrictions=restricted(("hr", "leads"))
    ),
    page(
        14, "Raises", "<p>How a raise is asked for.</p>", 10, 13, restrictions=restricted(("hr",))
    ),
    page(15, "My notes", "<p>Private.</p>", 10, restrictions=restricted(users=("ann",))),
    page(16, "Below my notes", "<p>Private too.</p>", 10, 15),
    page(17, "Incidents", "<p>Write the time line first.</p>", 10),
)
WORLDS = {
    "whole": PAGES,
    "shrunk": tuple(p for p in PAGES if p["id"] != "12"),
    "dented": tuple(
        {**p, "body": {"view": {"value": ""}}} if p["id"] == "12" else p for p in PAGES
    ),
}


def settings(base: str) -> dict[str, object]:
    return {"url": f"{base}/confluence", "spaces": ["OPS"], "files": True}


def answers(base: str, world: str = "whole") -> Callable[[PreparedRequest], Answer]:
    return confluence(base, WORLDS[world])


def confluence(base: str, pages: tuple[Raw, ...]) -> Callable[[PreparedRequest], Answer]:
    known = {p["id"]: p for p in pages}
    above = f"{urlsplit(base).path}/confluence"

    def server(request: PreparedRequest) -> Answer:
        parts = urlsplit(str(request.url))
        path = parts.path.removeprefix(above)
        if request.headers.get("Authorization") != f"Bearer {CANARY}":
            return Answer({"statusCode": 401, "message": "Unauthorized"}, 401)
        if path.startswith("/download/attachments/"):
            return Answer(FILES[path.rpartition("/")[2]])
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if path == "/rest/api/content/search":
            return _search(above, pages, asked)
        found = known.get(path.removeprefix("/rest/api/content/"))
        refusal = {"statusCode": 404, "message": "No content found with id"}
        return Answer(found) if found else Answer(refusal, 404)

    return server


def _search(above: str, pages: tuple[Raw, ...], asked: dict[str, str]) -> Answer:
    if asked["cql"].startswith("id in ("):
        wanted = asked["cql"].removeprefix("id in (").removesuffix(")").split(", ")
        return Answer({"results": [p for p in pages if p["id"] in wanted], "_links": {}})
    assert asked["cql"] == 'space = "OPS" and type = page order by created'
    start, expanded = int(asked.get("start", 0)), asked["expand"]
    shown = [
        {
            name: value
            for name, value in p.items()
            if name not in ("body", "history", "metadata")
            and (name != "children" or "children.attachment" in expanded)
        }
        for p in pages[start : start + AT_ONCE]
    ]
    links: Raw = {"context": above, "base": f"https://wiki.example{above}"}
    if len(pages) > start + AT_ONCE:
        cql = "space+%3D+%22OPS%22+and+type+%3D+page+order+by+created"
        query = f"cql={cql}&expand={expanded}&limit=200&start={start + AT_ONCE}"
        links["next"] = f"/rest/api/content/search?{query}"
    return Answer({"results": shown, "start": start, "limit": AT_ONCE, "_links": links})
