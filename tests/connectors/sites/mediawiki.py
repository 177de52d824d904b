"""A private wiki's Action API, as MediaWiki 1.39 answers; written after a real one's answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from requests import PreparedRequest

from connectors.testing import CANARY, Answer

SECRETS = ("password",)
USER = "Ann@skillshelf"
AT_ONCE = 3  # pages in one answer


@dataclass(frozen=True)
class Page:
    number: int
    title: str
    html: str
    revision: int
    written: str = "2026-01-02T10:00:00Z"
    categories: tuple[str, ...] = ("Knots",)
    namespace: int = 0
    redirect: bool = False


def text(lead: str, **sections: str) -> str:
    heads = "".join(
        f'<h2><span class="mw-headline" id="{name}">{name}</span></h2>\n<p>{said}</p>\n'
        for name, said in sections.items()
    )
    return f'<div class="mw-parser-output"><p>{lead}</p>\n{heads}</div>'


BOWLINE = text(
    'A fixed loop at the end of a rope.<sup id="r1" class="reference">[1]</sup>',
    Tying="Make a small loop, pass the end up through it, round the standing part and back.",
    Uses="To tie a boat to a ring, or a line round one's own chest.",
)
PAGES = (
    Page(1, "Main Page", text("Everything on ropework."), 101, categories=()),
    Page(4, "Bowline", BOWLINE, 104, "2026-01-03T08:30:00Z"),
    Page(5, "Sheet bend", text("Joins two ropes of different thickness."), 105),
    Page(6, "Loop knot", "", 106, redirect=True),
    Page(7, "Eye splice", text("A loop made by tucking strands.", Steps="Five tucks."), 107),
    Page(8, "Chafe", text("Wear by rubbing, and how to prevent it."), 108, categories=("Care",)),
    Page(9, "Clove hitch", text("Two half hitches round a post."), 109),
    Page(12, "Bowline", text("Talk about it."), 110, namespace=1),
)


@dataclass(frozen=True)
class State:
    """A wiki at one moment. `changed` and `deleted` are pages with the times of their changes."""

    pages: tuple[Page, ...] = PAGES
    clock: str = "2026-01-05T09:00:00Z"
    oldest: str = "2025-12-01T00:00:00Z"
    changed: Mapping[int, str] = field(default_factory=dict)
    deleted: Mapping[int, str] = field(default_factory=dict)
    broken: tuple[int, ...] = ()
    errors: Mapping[str, tuple[str, str]] = field(default_factory=dict)


_LATER = State(clock="2026-01-06T09:00:00Z")
WORLDS = {
    "whole": State(),
    "shrunk": replace(
        _LATER,
        pages=tuple(p for p in PAGES if p.number != 9),
        deleted={9: "2026-01-05T12:00:00Z"},
    ),
    "dented": replace(_LATER, broken=(7,)),
}


def settings(base: str) -> dict[str, object]:
    return {"url": f"{base}/w/api.php", "user": USER}


def answers(base: str, world: str = "whole") -> Callable[[PreparedRequest], Answer]:
    return wiki(base, WORLDS[world])


def wiki(base: str, state: State) -> Callable[[PreparedRequest], Answer]:
    welcome: set[str] = set()

    def server(request: PreparedRequest) -> Answer:
        body = request.body.decode() if isinstance(request.body, bytes) else request.body
        query = urlsplit(str(request.url)).query if request.method == "GET" else str(body)
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        if asked.get("action") == "login":
            return Answer({"login": _login(asked, welcome)})
        if asked.get("meta") == "tokens":
            return Answer({"query": {"tokens": {"logintoken": "t0+\\"}}})
        if not welcome:
            return _error("readapidenied", "You need read permission to use this module.")
        what = asked.get("list") or asked.get("generator") or asked.get("meta") or asked["action"]
        if what in state.errors:
            return _error(*state.errors[what])
        return _ANSWERS[what](base, state, asked)

    return server


def _login(asked: Mapping[str, str], welcome: set[str]) -> dict[str, Any]:
    given = (asked.get("lgname"), asked.get("lgpassword"), asked.get("lgtoken"))
    if given != (USER, CANARY, "t0+\\"):
        return {"result": "Failed", "reason": "Incorrect username or password entered."}
    welcome.add(USER)
    return {"result": "Success", "lguserid": 2, "lgusername": "Ann"}


def _error(code: str, info: str) -> Answer:
    headers = {"Retry-After": "5"} if code == "maxlag" else {}
    return Answer({"error": {"code": code, "info": info}}, 200, headers)


def _about(base: str, state: State, _: Mapping[str, str]) -> Answer:
    rights = {"url": "https://creativecommons.org/licenses/by-sa/4.0/", "text": "CC BY-SA"}
    general = {"sitename": "Ropes", "generator": "MediaWiki 1.39.17", "lang": "en"}
    query = {"general": general, "rightsinfo": rights}
    return Answer({"batchcomplete": True, "curtimestamp": state.clock, "query": query})


def _every(base: str, state: State, asked: Mapping[str, str]) -> Answer:
    number = int(asked["gapnamespace"])
    kept = [p for p in state.pages if p.namespace == number and not p.redirect]
    return _paged(base, kept, asked, "gapcontinue")


def _members(base: str, state: State, asked: Mapping[str, str]) -> Answer:
    numbers = {int(n) for n in asked["gcmnamespace"].split("|")}
    name = asked["gcmtitle"].partition(":")[2]
    kept = [p for p in state.pages if name in p.categories and p.namespace in numbers]
    return _paged(base, kept, asked, "gcmcontinue")


def _paged(base: str, pages: list[Page], asked: Mapping[str, str], mark: str) -> Answer:
    start = int(asked.get(mark, "0|0").partition("|")[0])
    shown = [_info(base, p, asked) for p in pages[start : start + AT_ONCE]]
    left = len(pages) > start + AT_ONCE
    more = {"continue": {mark: f"{start + AT_ONCE}|x", "continue": f"{mark}||"}} if left else {}
    return Answer({"batchcomplete": True, **more, "query": {"pages": shown}})


def _info(base: str, page: Page, asked: Mapping[str, str]) -> dict[str, Any]:
    url = f"{base}/wiki/{quote(page.title.replace(' ', '_'))}"
    looked = {
        c for c in page.categories if f"Category:{c}" in asked.get("clcategories", "").split("|")
    }
    return {
        "pageid": page.number,
        "ns": page.namespace,
        "title": page.title,
        "contentmodel": "wikitext",
        "pagelanguage": "en",
        "pagelanguagehtmlcode": "en",
        "lastrevid": page.revision,
        "canonicalurl": url,
        "fullurl": url,
        "revisions": [{"revid": page.revision, "parentid": 0, "timestamp": page.written}],
        **({"redirect": True} if page.redirect else {}),
        **(
            {"categories": [{"ns": 14, "title": f"Category:{c}"} for c in looked]} if looked else {}
        ),
    }


def _recent(base: str, state: State, asked: Mapping[str, str]) -> Answer:
    if asked.get("rclimit") == "1":
        return Answer({"query": {"recentchanges": [{"type": "new", "timestamp": state.oldest}]}})
    told = [
        {"type": "edit", "pageid": number, "revid": 1, "old_revid": 0, "rcid": 1}
        for number, time in state.changed.items()
        if time >= asked["rcstart"]
    ]
    told += [{"type": "log", "pageid": 0, "revid": 0, "logtype": "delete"} for _ in state.deleted]
    return Answer({"batchcomplete": True, "query": {"recentchanges": told}})


def _log(base: str, state: State, asked: Mapping[str, str]) -> Answer:
    told = [
        {"logid": 1, "pageid": 0, "logpage": number, "type": "delete", "action": "delete"}
        for number, time in state.deleted.items()
        if time >= asked["lestart"]
    ]
    return Answer({"batchcomplete": True, "query": {"logevents": told}})


def _named(base: str, state: State, asked: Mapping[str, str]) -> Answer:
    known = {p.number: p for p in state.pages}
    numbers = [int(n) for n in asked["pageids"].split("|")]
    shown = [
        _info(base, known[n], asked) if n in known else {"pageid": n, "missing": True}
        for n in numbers
    ]
    return Answer({"batchcomplete": True, "query": {"pages": shown}})


def _parse(base: str, state: State, asked: Mapping[str, str]) -> Answer:
    number = int(asked["pageid"])
    page = next((p for p in state.pages if p.number == number), None)
    if page is None:
        return _error("nosuchpageid", f"There is no page with ID {number}.")
    if number in state.broken:
        return _error("internal_api_error_MWException", "[x1] Caught exception of type MWException")
    listed = [{"sortkey": "", "category": c.replace(" ", "_")} for c in page.categories]
    hidden = {"sortkey": "", "category": "Pages_with_errors", "hidden": True}
    told = {"title": page.title, "pageid": number, "revid": page.revision}
    return Answer({"parse": {**told, "text": page.html, "categories": [*listed, hidden]}})


_ANSWERS = {
    "siteinfo": _about,
    "allpages": _every,
    "categorymembers": _members,
    "recentchanges": _recent,
    "logevents": _log,
    "query": _named,
    "parse": _parse,
}
