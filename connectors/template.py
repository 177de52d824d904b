"""A new connector that passes the conformance suite before its author changes a line."""

import json
import keyword
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

from catalogue.errors import BadConfig
from connectors.registry import HERE

_CONNECTOR = Template('''"""Courses of a $title site, as its course list shows them."""

from collections.abc import Iterator

from pydantic import Field, SecretStr

from catalogue.errors import BadItem
from catalogue.model import Cursor, Draft, Kind, Payload
from connectors.base import Checkpoint, Config, Connector, Event, Found


class Settings(Config):
    url: str = Field(description="Address of the course list.")
    token: SecretStr = Field(description="Token that the site issued for reading it.")


class $class_name(Connector[Settings]):
    """Courses of a $title site."""

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        token = self.config.token.get_secret_value()
        headers = {"Authorization": f"Bearer {token}"}
        # An interface we hold a token for is no crawling, so robots.txt does not apply.
        courses = self.http.get(self.config.url, headers=headers, robots=False).json()["courses"]
        for course in courses:
            yield Found(str(course["id"]), course)
        # The list shows every course there is: what is not in it has vanished.
        yield Checkpoint({}, complete=True)

    def normalise(self, payload: Payload) -> Draft:
        if not payload.get("name"):
            raise BadItem(f"course {payload['id']} has no name")
        return Draft(
            title=payload["name"],
            url=payload["url"],
            kind=Kind.COURSE,
            summary=payload.get("summary", ""),
        )
''')

_SITE = Template('''"""A $title site's course list, from recorded answers."""

from collections.abc import Callable
from pathlib import Path

from requests import PreparedRequest

from connectors.testing import CANARY, Answer

SECRETS = ("token",)
RECORDED = Path(__file__).parents[1] / "recorded" / "$name"


def settings(base: str) -> dict[str, object]:
    """The settings, secrets apart, that lead to the site below `base`."""
    return {"url": f"{base}/courses"}


def answers(base: str, world: str = "whole") -> Callable[[PreparedRequest], Answer]:
    """The site `whole`, `shrunk` by a course, or with one `dented`."""
    recorded = (RECORDED / f"{world}.json").read_bytes()

    def answer(request: PreparedRequest) -> Answer:
        if request.headers.get("Authorization") != f"Bearer {CANARY}":
            return Answer("who are you?", 401)
        return Answer(recorded)

    return answer
''')

_TEST = Template('''"""The conformance suite over a $title site."""

import pytest

from connectors.$name import $class_name
from connectors.testing import CANARY, Case, Conformance, served
from tests.connectors.sites import $name as site

BASE = "https://$host.example"


class Test$class_name(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        settings = {**site.settings(BASE), "token": CANARY}
        whole, shrunk, dented = (
            served(site.answers(BASE, world)) for world in ("whole", "shrunk", "dented")
        )
        return Case($class_name, settings, whole, shrunk, dented)
''')


def render(name: str, folder: Path) -> list[Path]:
    """Write the connector `name`, its test and its recorded answers below a checkout.

    Raises BadConfig for a name that cannot be one, or where a file is in the way.
    """
    if not (name.isidentifier() and name.isascii() and name.islower()) or keyword.iskeyword(name):
        raise BadConfig(f'"{name}" cannot name a connector; use lower-case letters, digits and _')
    files = {folder / path: text for path, text in _files(name).items()}
    taken = [path for path in [*files, HERE / f"{name}.py", HERE / name] if path.exists()]
    if taken:
        raise BadConfig(f"{taken[0]} exists already; choose another name")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(files)


def _files(name: str) -> Mapping[str, str]:
    words = name.split("_")
    known = {
        "name": name,
        "title": " ".join(words).capitalize(),
        "class_name": "".join(word.capitalize() for word in words),
        "host": name.replace("_", "-").strip("-") or "site",
    }
    return {
        f"connectors/{name}.py": _CONNECTOR.substitute(known),
        f"tests/connectors/test_{name}.py": _TEST.substitute(known),
        f"tests/connectors/sites/{name}.py": _SITE.substitute(known),
        **{f"tests/connectors/recorded/{name}/{w}.json": text for w, text in _recorded().items()},
    }


def _recorded() -> Mapping[str, str]:
    whole = [_course(number) for number in (1, 2, 3, 4, 5)]
    dented = [*whole[:1], {**whole[1], "name": ""}, *whole[2:]]
    worlds = {"whole": whole, "shrunk": whole[:4], "dented": dented}
    return {name: json.dumps({"courses": w}, indent=2) + "\n" for name, w in worlds.items()}


def _course(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "name": f"Course {number}",
        "url": f"https://site.example/courses/{number}",
        "summary": f"What course {number} teaches.",
    }
