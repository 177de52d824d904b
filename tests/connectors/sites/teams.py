"""Two teams that talk of safety and spreadsheets: Microsoft Graph, and an export of them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from requests import PreparedRequest

from connectors.testing import CANARY, Answer

SECRETS = ("client_secret",)
GRANTED = f"granted-for-{CANARY}"
TENANT, CLIENT = "school.example", "5f0c0c52-0000-4000-8000-000000000009"
PER_PAGE = 2
GUIDE = "https://docs.example/safety/ladders"
Raw = dict[str, Any]

ANN = {"id": "u-ann", "displayName": "Ann Amsel", "userIdentityType": "aadUser"}
BO = {"id": "u-bo", "displayName": "Bo Berg", "userIdentityType": "aadUser"}
SYSTEM: Raw = {
    "id": "1767600000000",
    "messageType": "unknownFutureValue",
    "createdDateTime": "2026-01-05T08:00:00Z",
    "from": None,
    "body": {"contentType": "html", "content": "<systemEventMessage/>"},
    "eventDetail": {"initiator": {"user": {"id": "u-ann", "displayName": None}}},
}


def said(number: int, user: Raw | None, content: str, subject: str = "", **more: Any) -> Raw:
    return {
        "id": str(1767600000000 + number * 60_000),
        "messageType": "message",
        "createdDateTime": f"2026-01-{5 + number // 24:02}T{number % 24:02}:01:00.5Z",
        "lastModifiedDateTime": "2026-01-20T10:00:00Z",
        "deletedDateTime": None,
        "subject": subject or None,
        "locale": "en-us",
        "from": {"application": None, "device": None, "user": user} if user else None,
        "body": {"contentType": "html", "content": content},
        "attachments": [],
        "eventDetail": None,
        **more,
    }


def thread(first: Raw, *replies: Raw) -> Raw:
    return {**first, "replies": [{**one, "replyToId": first["id"]} for one in replies]}


GENERAL = [
    SYSTEM,
    thread(
        said(
            1, ANN, '<p>Hello <at id="0">Bo Berg</at>, who checks the ladders, and how often?</p>'
        ),
        said(
            2,
            BO,
            "<p>Whoever uses one looks at its feet and rungs each time; the yard inspects all of "
            f'them twice a year.</p><p>See <a href="{GUIDE}?utm_source=teams">the guide</a>.</p>',
        ),
        said(3, ANN, "<p>Thanks&nbsp;🙂</p>"),
    ),
    thread(
        said(4, None, f'<p>New: <a href="{GUIDE}">{GUIDE}</a></p>'),
    ),
    thread(
        said(5, BO, "<div>It says the harness expires. Is that so?</div>", "Date on my harness"),
        said(6, None, "<p>Ten years after it was made, or at once after a fall.</p>"),
        said(7, ANN, "", deletedDateTime="2026-01-05T12:00:00Z"),
    ),
    thread(
        said(8, ANN, "", deletedDateTime="2026-01-06T12:00:00Z"),
        said(9, BO, "<p>Answered in the other thread already.</p>"),
    ),
    thread(said(10, BO, "<p>The canteen is closed today.</p>")),
]
SHEETS = [
    thread(
        said(11, ANN, "<p>How do I look up a price in another sheet?</p>"),
        said(12, BO, "<pre><code>=XLOOKUP(A2, Prices!A:A, Prices!B:B)</code></pre>"),
    ),
    thread(
        said(13, BO, "<p>What is a pivot table good for?</p>"),
        said(14, ANN, "<p>It sums rows by what they have in common, without a formula.</p>"),
    ),
    thread(
        said(15, BO, "")
        | {"body": {"contentType": "text", "content": "Wie sperre ich <eine> Zelle?"}},
        said(16, ANN, "<p>Zelle formatieren, Schutz, dann das Blatt schützen.</p>"),
    ),
]
BOARD = [
    thread(
        said(17, ANN, "<p>Where do we meet on Friday?</p>"),
        said(18, BO, "<p>In the small room, at nine.</p>"),
    )
]
PIVOT = said(13, None, "")["id"]
TEAMS: dict[str, Raw] = {
    "5f0c0c52-0000-4000-8000-000000000001": {"name": "School", "visibility": "public"},
    "5f0c0c52-0000-4000-8000-000000000002": {"name": "Board", "visibility": "private"},
}
CHANNELS = {
    "19:general@thread.tacv2": (0, "General", "standard", GENERAL),
    "19:sheets@thread.tacv2": (0, "Spreadsheets / tips", "standard", SHEETS),
    "19:quiet@thread.tacv2": (0, "Coffee", "private", GENERAL[:2]),
    "19:board@thread.tacv2": (1, "General", "standard", BOARD),
}


def threads(channel: str, world: str) -> list[Raw]:
    """`shrunk` lacks the thread on pivot tables."""
    return [one for one in CHANNELS[channel][3] if world != "shrunk" or one["id"] != PIVOT]


def settings(base: str) -> dict[str, object]:
    return {
        "graph": f"{base}/graph/v1.0",
        "login": f"{base}/login",
        "tenant": TENANT,
        "client": CLIENT,
        "channels": [
            "School/General",
            "School/Spreadsheets / tips",
            "5f0c0c52-0000-4000-8000-000000000002/General",
        ],
    }


def answers(base: str, world: str = "whole") -> Callable[[PreparedRequest], Answer]:
    """Graph and its login below `base`. In `dented` the replies on pivot tables are not found.

    The first list of messages is throttled for a second.
    """
    waits = ["1"]

    def answer(request: PreparedRequest) -> Answer:
        parts = urlsplit(str(request.url))
        path = unquote(parts.path.removeprefix(urlsplit(base).path))
        if path.startswith("/login/"):
            return _login(request, path)
        if request.headers.get("Authorization") != f"Bearer {GRANTED}":
            return _refusal(401, "InvalidAuthenticationToken")
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if "/messages" in path and waits:
            return _refusal(429, "TooManyRequests", {"Retry-After": waits.pop()})
        return _graph(base, path.removeprefix("/graph/v1.0/"), asked, world)

    return answer


def _login(request: PreparedRequest, path: str) -> Answer:
    form = {name: values[0] for name, values in parse_qs(str(request.body)).items()}
    known = form.get("client_id") == CLIENT and form.get("client_secret") == CANARY
    if path != f"/login/{TENANT}/oauth2/v2.0/token" or not known:
        return Answer({"error": "invalid_client", "error_description": "AADSTS7000215"}, 401)
    assert form["scope"].endswith("/graph/.default")
    return Answer({"token_type": "Bearer", "expires_in": 3599, "access_token": GRANTED})


def _refusal(status: int, code: str, headers: dict[str, str] | None = None) -> Answer:
    return Answer({"error": {"code": code, "message": "…"}}, status, headers or {})


def _graph(base: str, path: str, asked: dict[str, str], world: str) -> Answer:
    address = f"{base}/graph/v1.0/{path}"
    team, _, rest = path.removeprefix("teams").lstrip("/").partition("/")
    if not team:
        name = asked["$filter"].removeprefix("displayName eq '").removesuffix("'")
        return Answer({"value": [{"id": n} for n, t in TEAMS.items() if t["name"] == name]})
    if team not in TEAMS:
        return _refusal(404, "NotFound")
    if not rest:
        about = TEAMS[team]
        told = {"displayName": about["name"], "visibility": about["visibility"]}
        return Answer({"id": team, **told})
    if rest == "channels":
        return Answer({"value": channels(team)})
    channel, _, message = rest.removeprefix("channels/").partition("/messages")
    if message:
        return _replies(channel, message.removesuffix("/replies").lstrip("/"), world)
    return Answer(_page(address, threads(channel, world), asked))


def channels(team: str) -> list[Raw]:
    return [
        {"id": number, "displayName": name, "membershipType": kind, "tenantId": "t-1"}
        for number, (owner, name, kind, _) in CHANNELS.items()
        if list(TEAMS)[owner] == team
    ]


def _replies(channel: str, message: str, world: str) -> Answer:
    if world == "dented" and message == PIVOT:
        return _refusal(404, "NotFound")
    [found] = [one for one in threads(channel, world) if one["id"] == message]
    return Answer({"value": found["replies"][1:]})


def _page(address: str, things: list[Raw], asked: dict[str, str]) -> Raw:
    """A page of threads. Of the replies it has the first; where the others are is said."""
    assert (asked["$expand"], asked["$top"]) == ("replies", "50")
    start = int(asked.get("$skiptoken", 0))
    shown = []
    for one in things[start : start + PER_PAGE]:
        replies = one.get("replies", [])
        more = {"replies@odata.nextLink": f"{address}/{one['id']}/replies"}
        rest = more if len(replies) > 1 or one["id"] == PIVOT else {}
        shown.append({**one, "replies": replies[:1], **rest})
    later = f"{address}?$expand=replies&$top=50&$skiptoken={start + PER_PAGE}"
    following = {"@odata.nextLink": later} if start + PER_PAGE < len(things) else {}
    return {"value": shown, **following}


def export(folder: Path, world: str = "whole") -> dict[str, object]:
    """The same as PowerShell exports it. In `dented` nobody knows when one question was put."""
    listed = [
        {"Name": t["name"], "Privacy": t["visibility"].title(), "GroupsId": n, "Owners": None}
        for n, t in TEAMS.items()
    ]
    write(folder / "teamsList.json", listed)
    for team in TEAMS:
        known = channels(team)
        write(folder / f"channels_{team}.json", pascal(known))
        messages = [m for c in known for one in threads(c["id"], world) for m in flat(one, c["id"])]
        broken = {"createdDateTime": None} if world == "dented" else {}
        dented = [{**m, **broken} if m["id"] == PIVOT else m for m in messages]
        write(folder / f"messages_{team}.json", pascal(dented))
    asked = {name: value for name, value in settings("").items() if name == "channels"}
    return {**asked, "path": folder}


def flat(one: Raw, channel: str) -> list[Raw]:
    """A thread as its messages, the latest first, each with its channel."""
    first = {name: value for name, value in one.items() if name != "replies"}
    where = {"channelIdentity": {"channelId": channel}}
    return [m | where for m in [*reversed(one.get("replies", [])), first]]


def pascal(value: Any) -> Any:
    if isinstance(value, dict):
        return {name[:1].upper() + name[1:]: pascal(inner) for name, inner in value.items()}
    return [pascal(inner) for inner in value] if isinstance(value, list) else value


def write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))
