"""A Slack workspace that talks of databases and ropes: its Web API, and an export of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from requests import PreparedRequest

from connectors.testing import CANARY, Answer

SECRETS = ("token",)
WORKSPACE = "https://school.slack.example"
PER_PAGE = 3
ANN, BO, CEM, BOT = "U01ANN", "U02BO", "U03CEM", "B09BOT"
USERS = {ANN: "Ann Amsel", BO: "Bo Berg", CEM: "Cem Can"}
INDEXES = "https://docs.example/indexes"
JOINS = "https://video.example/joins"

Raw = dict[str, Any]


def said(ts: str, user: str, text: str, **more: Any) -> Raw:
    return {"type": "message", "user": user, "text": text, "ts": ts, **more}


def thread(*messages: Raw) -> list[Raw]:
    """A thread in Slack's shape: its beginning tells of its replies, and they of it."""
    first, *replies = messages
    about = {"thread_ts": first["ts"], "reply_count": len(replies)}
    begun = {**first, **about, "latest_reply": replies[-1]["ts"]}
    return [begun, *({**r, "thread_ts": first["ts"], "parent_user_id": ANN} for r in replies)]


def system(ts: str, subtype: str, text: str) -> Raw:
    return said(ts, BO, text, subtype=subtype)


PREVIEW = {
    "from_url": INDEXES,
    "original_url": f"{INDEXES}?utm_source=slack",
    "title": "Use the index &amp; rest",
    "text": "How a B-tree finds a row without reading the table.",
}
DATABASES = [
    [system("1767600000.000100", "channel_join", f"<@{BO}> has joined the channel")],
    thread(
        said("1767600100.000200", ANN, f"Hi <@{BO}> :wave: How do I find out why a query is slow?"),
        said(
            "1767600160.000300",
            BO,
            "Put `EXPLAIN ANALYZE` before it and look for *sequential scans* of large tables. "
            f"Then read <{INDEXES}|docs.example/indexes>.",
        ),
        said("1767600200.000400", ANN, "That was it, thank you!"),
    ),
    thread(
        said("1767700000.000100", CEM, "What is the difference between a left and an inner join?"),
        said(
            "1767700060.000200",
            ANN,
            "An inner join keeps rows that match on both sides. A left join keeps *every* row of "
            f"the first table. <{JOINS}|Joins in ten minutes> shows both.",
        ),
    ),
    [
        said(
            "1767800000.000100",
            BO,
            f"Worth an hour of your time: <{INDEXES}?utm_source=slack>",
            attachments=[PREVIEW],
        )
    ],
    thread(
        said("1767900000.000100", ANN, "Where are the backups kept, and how do I restore one?"),
        said("1767900060.000200", CEM, "In the vault. `pg_restore -d shop backup.dump` does it."),
    ),
    [said("1767950000.000100", CEM, "Lunch?")],
]
HELP = [
    thread(
        said("1767600500.000100", BO, "Which knot holds a rope on a slippery post?"),
        said("1767600560.000200", ANN, "A _constrictor hitch_ &gt; a clove hitch. It never slips."),
        said("1767600600.000300", CEM, "Seconded.", subtype="thread_broadcast"),
    ),
    thread(
        said("1767700500.000100", ANN, "How long may a splice be before it gets stiff?"),
        said(
            "1767700560.000200", BO, f"Five tucks for nylon. See <{INDEXES}> for an index of them."
        ),
    ),
    [
        {
            "type": "message",
            "subtype": "tombstone",
            "user": "USLACKBOT",
            "text": "This message was deleted.",
            "ts": "1767750000.000100",
            "thread_ts": "1767750000.000100",
        }
    ],
]
LEADS = [
    thread(
        said("1767600900.000100", CEM, "How do we tell people about the move?"),
        said("1767600960.000200", BO, "Together, on Monday, before the mail goes out."),
    ),
]
RANDOM = [[said("1767600000.000900", ANN, "How was your weekend? <https://cats.example>")]]
CHANNELS = {
    "C0DATA": ("databases", False, DATABASES),
    "C0HELP": ("help", False, HELP),
    "C0LEAD": ("leads", True, LEADS),
    "C0RAND": ("random", False, RANDOM),
}
SPLICE = "1767700500.000100"


def channels(world: str) -> dict[str, tuple[str, bool, list[list[Raw]]]]:
    """`shrunk` lacks the thread on splices."""
    return {
        number: (
            name,
            closed,
            [one for one in threads if world != "shrunk" or one[0]["ts"] != SPLICE],
        )
        for number, (name, closed, threads) in CHANNELS.items()
    }


def settings(base: str) -> dict[str, object]:
    return {"api": f"{base}/api", "channels": ["databases", "#help", "C0LEAD"]}


def answers(base: str, world: str = "whole") -> Callable[[PreparedRequest], Answer]:
    """The API below `base`/api. In `dented` the thread on splices cannot be opened.

    The first time that replies are asked for, it has had enough for a second.
    """
    waits = ["1"]
    known = channels(world)

    def answer(request: PreparedRequest) -> Answer:
        if request.headers.get("Authorization") != f"Bearer {CANARY}":
            return Answer({"ok": False, "error": "invalid_auth"})
        parts = urlsplit(str(request.url))
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        method = parts.path.rpartition("/")[2]
        if method == "conversations.replies" and waits:
            return Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": waits.pop()})
        if world == "dented" and asked.get("ts") == SPLICE:
            return Answer({"ok": False, "error": "thread_not_found"})
        return Answer({"ok": True, **_api(method, asked, known)})

    return answer


def _api(method: str, asked: dict[str, str], known: dict[str, Any]) -> Raw:
    if method == "auth.test":
        return {"url": f"{WORKSPACE}/", "team": "School", "user": "reader"}
    if method == "users.list":
        return _page("members", users(), asked)
    if method == "conversations.list":
        closed = asked["types"] == "private_channel"
        listed = [
            {"id": number, "name": name, "is_private": private, "is_archived": False}
            for number, (name, private, _) in known.items()
            if private == closed
        ]
        return _page("channels", listed, asked)
    threads = known[asked["channel"]][2]
    if method == "conversations.replies":
        return _page("messages", next(t for t in threads if t[0]["ts"] == asked["ts"]), asked)
    spread = [m for t in threads for m in t if m.get("subtype") == "thread_broadcast"]
    latest = sorted([*spread, *(t[0] for t in threads)], key=lambda m: str(m["ts"]), reverse=True)
    return {**_page("messages", latest, asked), "is_limited": False}


def _page(name: str, things: list[Raw], asked: dict[str, str]) -> Raw:
    start = int(asked.get("cursor", 0))
    later = start + PER_PAGE
    more = {"next_cursor": str(later)} if later < len(things) else {"next_cursor": ""}
    shown = things[start:later]
    return {name: shown, "has_more": later < len(things), "response_metadata": more}


def users() -> list[Raw]:
    return [
        {"id": number, "name": name.lower(), "profile": {"real_name": name, "display_name": ""}}
        for number, name in USERS.items()
    ]


def export(folder: Path, world: str = "whole") -> dict[str, object]:
    """The same workspace as an export. In `dented` the day of the splices is cut off."""
    known = channels(world)
    for closed, name in ((False, "channels.json"), (True, "groups.json")):
        listed = [{"id": n, "name": c[0]} for n, c in known.items() if c[1] == closed]
        write(folder / name, listed)
    write(folder / "users.json", users())
    for name, _, threads in known.values():
        for number, one in enumerate(threads):
            write(folder / name / f"2026-01-{number + 1:02}.json", one)
    if world == "dented":
        (folder / "help" / "2026-01-02.json").write_text('[{"type": "message", "ts": ')
    asked = {name: value for name, value in settings("").items() if name != "api"}
    return {**asked, "path": folder, "workspace": WORKSPACE}


def write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))
