"""A course catalogue behind OAuth2 client credentials, its list paged by cursors."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from requests import PreparedRequest

from connectors.testing import CANARY, Answer

SECRETS = ("secret",)
GRANTED = "granted-4711"  # what the service hands out for the secret
PAGE = 2


def settings(base: str) -> dict[str, object]:
    return {
        "url": f"{base}/api/courses?expand=skills",
        "auth": {
            "kind": "oauth2",
            "user": "skillshelf",
            "grant_url": f"{base}/oauth/token",
            "scope": "catalogue.read",
        },
        "paging": {
            "kind": "cursor",
            "parameter": "after",
            "next": "meta.next",
            "total": "meta.total",
        },
        "items": "data",
        "key": "id",
        "deleted": "state == 'withdrawn'",
        "duration_unit": 60,
        "fields": {
            "title": "title",
            "url": "links.web",
            "kind": "type",
            "summary": "about",
            "language": "lang",
            "authors": "teachers[].name",
            "published": "published_at",
            "updated": "changed_at",
            "duration": "minutes",
            "level": "difficulty",
            "cost": "price.amount",
            "currency": "price.currency",
            "subjects": "topics",
            "skills": "skills[].label",
            "text": "chapters[].text",
        },
    }


def course(number: int, title: str, about: str, **more: Any) -> dict[str, Any]:
    dates = {"published_at": "2025-03-01T08:00:00Z", "changed_at": 1767225600 + number}
    shown = {"state": "listed", "type": "course", "lang": "en", "difficulty": "Beginner"}
    web = {"links": {"web": f"/courses/{number}"}, "rating": 4.5}
    return {"id": number, "title": title, "about": about, **shown, **dates, **web, **more}


def catalogue() -> list[dict[str, Any]]:
    return [
        course(
            11,
            "Reading a balance sheet",
            "<p>What a company <b>owns</b> and owes, and what the difference says.</p>",
            minutes=45,
            topics=["Finance", "Accounting"],
            skills=[{"label": "analyse financial statements"}],
            teachers=[{"name": "Ada Mensah"}],
            price={"amount": 0, "currency": "EUR"},
        ),
        course(
            12,
            "SQL joins without fear",
            "Inner, outer and cross joins on tables you know.",
            minutes="1 h 30 min",
            topics=["Databases"],
            skills=[{"label": "SQL"}],
            chapters=[
                {"text": "<p>An inner join keeps rows of both.</p>"},
                {"text": "Outer joins"},
            ],
        ),
        course(13, "Erste Hilfe im Betrieb", "Verbände, Notruf, Schock.", lang="de", minutes=120),
        course(14, "Talking about risk", "Probabilities in plain words.", difficulty="Advanced"),
        course(15, "Old safety rules", "Replaced in 2024.", state="withdrawn"),
        course(16, "Writing minutes", "What was decided, by whom, until when.", type="article"),
    ]


def _shown(world: str) -> list[dict[str, Any]]:
    courses = catalogue()
    if world == "shrunk":
        return [c for c in courses if c["id"] != 13]
    if world == "dented":
        courses = [c for c in courses if c["state"] == "listed"]
        return [{**c, "title": None} if c["id"] == 12 else c for c in courses]
    return courses


def answers(base: str, world: str = "whole") -> Callable[[PreparedRequest], Answer]:
    courses = _shown(world)
    root = urlsplit(base).path

    def server(request: PreparedRequest) -> Answer:
        parts = urlsplit(str(request.url))
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == f"{root}/oauth/token":
            return _grant(str(request.body))
        if request.headers.get("Authorization") != f"Bearer {GRANTED}":
            return Answer({"error": "unauthorized"}, 401)
        start = int(query.get("after", "c0")[1:])
        more = f"c{start + PAGE}" if start + PAGE < len(courses) else None
        meta = {"next": more, "total": len(courses)}
        return Answer({"data": courses[start : start + PAGE], "meta": meta})

    return server


def _grant(body: str) -> Answer:
    form = {name: values[0] for name, values in parse_qs(body).items()}
    known = (form.get("client_id"), form.get("client_secret")) == ("skillshelf", CANARY)
    if form.get("grant_type") != "client_credentials" or not known:
        return Answer({"error": "invalid_client"}, 401)
    return Answer({"access_token": GRANTED, "token_type": "Bearer", "expires_in": 1800})
