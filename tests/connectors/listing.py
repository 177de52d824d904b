"""A small well-behaved connector to a paged course list, and the worlds it lives in."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pydantic import Field, SecretStr
from requests import PreparedRequest

from catalogue.errors import BadItem
from catalogue.model import Cursor, Draft, Kind, Payload
from connectors import base
from connectors.testing import CANARY, Answer, Case, served
from connectors.testing.worlds import Server

URL = "https://courses.example/list"
SETTINGS = {"url": URL, "token": CANARY}


class Config(base.Config):
    url: str = Field(description="Address of the course list's first page")
    token: SecretStr = Field(description="Token the list's owner issued")


class Listing(base.Connector[Any]):
    """Courses of a paged list that shows everything it has."""

    Config = Config

    def pages(self, cursor: Cursor) -> Iterator[tuple[list[dict[str, Any]], int | None]]:
        page = cursor.get("page") or 1
        secret = self.config.token.get_secret_value()
        while page:
            reply = self.http.get(
                self.config.url,
                params={"page": page},
                headers={"Authorization": f"Bearer {secret}"},
                robots=False,
            ).json()
            yield reply["courses"], reply["next"]
            page = reply["next"]

    def pull(self, cursor: Cursor) -> Iterator[base.Event]:
        resumed = bool(cursor.get("page"))
        for courses, following in self.pages(cursor):
            for course in courses:
                yield base.Found(course["id"], course)
            complete = following is None and not resumed
            yield base.Checkpoint({"page": following} if following else {}, complete)

    def normalise(self, payload: Payload) -> Draft:
        if not payload.get("title"):
            raise BadItem(f"course {payload['id']} has no title")
        return Draft(title=payload["title"], url=f"{URL}/{payload['id']}", kind=Kind.COURSE)


def listing(ids: Sequence[str], dented: str = "", size: int = 2) -> Server:
    """A server that shows courses in pages of `size` to whoever has the token."""
    pages = [ids[start : start + size] for start in range(0, len(ids), size)]

    def course(name: str) -> dict[str, Any]:
        return {"id": name, "title": "" if name == dented else f"On {name}"}

    def server(request: PreparedRequest) -> Answer:
        if request.headers.get("Authorization") != f"Bearer {CANARY}":
            return Answer(status=401)
        number = int(parse_qs(urlsplit(request.url or "").query)["page"][0])
        following = number + 1 if number < len(pages) else None
        courses = [course(name) for name in pages[number - 1]]
        return Answer({"courses": courses, "next": following})

    return server


def listing_case(connector: type[base.Connector[Any]] = Listing) -> Case:
    names = ["knots", "splices", "whipping", "lashing", "bends"]
    return Case(
        connector,
        SETTINGS,
        served(listing(names)),
        served(listing([name for name in names if name != "whipping"])),
        served(listing(names, dented="splices")),
    )
