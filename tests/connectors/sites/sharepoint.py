"""A SharePoint site behind Microsoft Graph and its login, written after the public reference."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from requests import PreparedRequest

from connectors.testing import CANARY, Answer
from tests.connectors import document_makers as make

SECRETS = ("client_secret",)
TENANT, CLIENT = "acme.example", "app-1"
GRANTED = f"granted-{CANARY}"
SITE, DRIVE, ARCHIVE = "acme.example,s-1,w-1", "b!manuals", "b!archive"
PER_PAGE = 4
Raw = dict[str, Any]


def folder(number: str, name: str, above: str = "root") -> Raw:
    return {"id": number, "name": name, "folder": {"childCount": 1}, **_parent(above)}


def file(number: str, name: str, data: bytes, above: str = "root", content: str = "1") -> Raw:
    return {
        "id": number,
        "name": name,
        "file": {"mimeType": "application/octet-stream"},
        "cTag": f'"c:{{{number}}},{content}"',
        "size": len(data),
        "webUrl": f"https://acme.example/sites/Learning/Manuals/{number}/{name}",
        "lastModifiedDateTime": "2026-01-02T10:00:00Z",
        "data": data,
        **_parent(above),
    }


def _parent(above: str) -> Raw:
    return {"parentReference": {"driveId": DRIVE, "id": above, "driveType": "documentLibrary"}}


ROOT = {"id": "root", "name": "root", "root": {}, "folder": {"childCount": 3}}
LADDERS = b"# Ladders\n\nOne hand for the ladder, three points of contact, four up for one out.\n"
FIRE = "<h1>Fire</h1><p>Raise the alarm, leave by the stairs, meet at the oak.</p>"
ITEMS: tuple[Raw, ...] = (
    ROOT,
    folder("f1", "Safety"),
    folder("f2", "Staff only"),
    file("01", "Ladder use.md", LADDERS, "f1"),
    file("02", "Fire.html", FIRE.encode(), "f1"),
    file("03", "Forklift.pdf", make.pdf(["Check the brakes", "Look behind"]), "f1"),
    file("04", "Interviews.md", b"# Interviews\n\nAsk everybody the same questions.", "f2"),
    file("05", "My review.md", b"# Mine\n\nOf no concern to others.", "f2"),
    file("06", "Team photo.png", b"\x89PNG"),
    file("07", "First aid.md", b"# First aid\n\nCheck for breathing, call for help, press hard."),
    {"id": "08", "name": "Notebook", "package": {"type": "oneNote"}, **_parent("root")},
)
EVERYONE: Raw = {
    "roles": ["read"],
    "grantedToV2": {
        "siteUser": {"loginName": "c:0-.f|rolemanager|spo-grid-all-users/t-1", "displayName": "All"}
    },
}
MEMBERS: Raw = {"roles": ["write"], "grantedToV2": {"siteGroup": {"displayName": "HR Members"}}}
LEADS: Raw = {"roles": ["read"], "grantedToV2": {"group": {"id": "g-2", "displayName": "Leads"}}}
ANN: Raw = {"roles": ["owner"], "grantedToV2": {"user": {"displayName": "Ann"}}}
LINK: Raw = {
    "roles": ["read"],
    "link": {"scope": "organization", "type": "view"},
    "grantedToIdentitiesV2": [{"user": {"displayName": "Bo"}}],
}
PERMISSIONS = {"04": [MEMBERS, LEADS, ANN], "05": [ANN, LINK]}


def settings(base: str) -> dict[str, object]:
    return {
        "site": "https://acme.example/sites/Learning",
        "libraries": ["Manuals"],
        "tenant": TENANT,
        "client": CLIENT,
        "graph": f"{base}/graph/v1.0",
        "login": f"{base}/login",
    }


WORLDS: dict[str, tuple[Raw, ...]] = {
    "whole": ITEMS,
    "shrunk": (*ITEMS, {"id": "02", "deleted": {"state": "deleted"}, **_parent("f1")}),
    "dented": (*ITEMS, file("03", "Forklift.pdf", b"%PDF-no more", "f1", content="2")),
}


def answers(base: str, world: str = "whole") -> Callable[[PreparedRequest], Answer]:
    return sharepoint(base, WORLDS[world])


def sharepoint(
    base: str,
    items: tuple[Raw, ...],
    permissions: dict[str, list[Raw]] | None = None,
    forgotten: int = 0,
) -> Callable[[PreparedRequest], Answer]:
    """`items` are words on items in their order; links to the first `forgotten` of them are old.

    The first list of changes is throttled for a second.
    """
    allowed = {**PERMISSIONS, **(permissions or {})}
    waits = ["1"]

    def server(request: PreparedRequest) -> Answer:
        parts = urlsplit(str(request.url))
        path = unquote(parts.path.removeprefix(urlsplit(base).path))
        if path.startswith("/login/"):
            return _login(request, path)
        if path.startswith("/signed/"):
            assert "Authorization" not in request.headers, "the token went to another host"
            return Answer(_now(items)[path.removeprefix("/signed/")]["data"])
        if request.headers.get("Authorization") != f"Bearer {GRANTED}":
            return _refusal(401, "InvalidAuthenticationToken")
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if path.endswith("/delta") and waits:
            return _refusal(429, "TooManyRequests", {"Retry-After": waits.pop()})
        if path == "/graph/v1.0/$batch":
            return _batch(request, items, allowed)
        return _graph(base, path.removeprefix("/graph/v1.0/"), asked, items, forgotten)

    return server


def _login(request: PreparedRequest, path: str) -> Answer:
    body = request.body.decode() if isinstance(request.body, bytes) else request.body
    form = {name: values[0] for name, values in parse_qs(str(body)).items()}
    known = form.get("client_id") == CLIENT and form.get("client_secret") == CANARY
    if path != f"/login/{TENANT}/oauth2/v2.0/token" or not known:
        return Answer({"error": "invalid_client", "error_description": "AADSTS7000215"}, 401)
    return Answer({"token_type": "Bearer", "expires_in": 3599, "access_token": GRANTED})


def _refusal(status: int, code: str, headers: dict[str, str] | None = None) -> Answer:
    return Answer({"error": {"code": code, "message": "…"}}, status, headers or {})


def _now(items: tuple[Raw, ...]) -> dict[str, Raw]:
    found: dict[str, Raw] = {}
    for item in items:
        found[item["id"]] = item
    return {number: item for number, item in found.items() if "deleted" not in item}


def _batch(
    request: PreparedRequest, items: tuple[Raw, ...], allowed: dict[str, list[Raw]]
) -> Answer:
    asked = json.loads(request.body or b"{}")["requests"]
    assert len(asked) <= 20
    told = []
    for one in reversed(asked):  # in no particular order
        number = one["url"].removeprefix(f"/drives/{DRIVE}/items/").removesuffix("/permissions")
        there = number in _now(items)
        body: Raw = {"value": allowed.get(number, [EVERYONE])} if there else {"error": {}}
        told.append({"id": one["id"], "status": 200 if there else 404, "body": body})
    return Answer({"responses": told})


def _graph(
    base: str, path: str, asked: dict[str, str], items: tuple[Raw, ...], forgotten: int
) -> Answer:
    if path == "sites/acme.example:/sites/Learning":
        return Answer({"id": SITE})
    if path == f"sites/{SITE}/drives":
        drives = [{"id": ARCHIVE, "name": "Archive"}, {"id": DRIVE, "name": "Manuals"}]
        return Answer({"value": drives})
    if path == f"drives/{DRIVE}/root/delta":
        return _delta(f"{base}/graph/v1.0/{path}", asked, items, forgotten)
    number, _, rest = path.removeprefix(f"drives/{DRIVE}/items/").partition("/")
    item = _now(items).get(number)
    if item is None:
        return _refusal(404, "itemNotFound")
    if rest == "content":
        local = "127.0.0.1" in base  # there too the files are on another host by its name
        place = base.replace("127.0.0.1", "localhost") if local else base.replace("//", "//files.")
        return Answer(
            status=302, headers={"Location": f"{place}/signed/{number}?tempauth={CANARY}"}
        )
    signed = {"@microsoft.graph.downloadUrl": f"{base}/signed/{number}?tempauth={CANARY}"}
    return Answer({**_bare(item), **signed})


def _bare(item: Raw) -> Raw:
    return {name: value for name, value in item.items() if name != "data"}


def _delta(address: str, asked: dict[str, str], items: tuple[Raw, ...], forgotten: int) -> Answer:
    """Words on items from one on, whose number is in the token."""
    token = asked.get("token", "")
    start = int(token.rpartition("-")[2] or 0)
    if token.startswith("delta") and start <= forgotten:
        return _refusal(410, "resyncChangesApplyDifferences", {"Location": address})
    end = min(start + PER_PAGE, len(items))
    kind, name = ("next", "nextLink") if end < len(items) else ("delta", "deltaLink")
    following = {f"@odata.{name}": f"{address}?token={kind}-{end}"}
    return Answer({"value": [_bare(item) for item in items[start:end]], **following})
