"""States of a source to try a connector against: answers of a server, or folders of files."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse

from connectors.http import Http, Limits, polite

EPOCH = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class ManualClock:
    """A clock that only moves when somebody sleeps. `slept` lists for how long."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.offset = 0.0

    def now(self) -> float:
        return self.offset

    def utc(self) -> datetime:
        return EPOCH + timedelta(seconds=self.offset)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.offset += seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says. `body` may be anything JSON can hold, text, or bytes."""

    body: Any = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


Server = Callable[[PreparedRequest], Answer]


class Wire(BaseAdapter):
    """A network made of one function: the second implementation of the transport seam.

    `requests` lists what was asked, robots.txt apart, which is answered with 404.
    """

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.server = server
        self.requests: list[PreparedRequest] = []
        self._builder = HTTPAdapter()

    def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:
        if request.path_url == "/robots.txt":
            return self._response(request, Answer(status=404))
        self.requests.append(request)
        return self._response(request, self.server(request))

    def _response(self, request: PreparedRequest, answer: Answer) -> Response:
        raw = HTTPResponse(
            BytesIO(answer.encoded()), answer.headers, answer.status, preload_content=False
        )
        return self._builder.build_response(request, raw)

    def close(self) -> None:
        self._builder.close()


@dataclass(frozen=True, slots=True)
class Scene:
    """A world being visited: the settings that lead there, and the door to it."""

    settings: Mapping[str, Any]
    http: Http
    wire: Wire


World = Callable[[], AbstractContextManager[Scene]]


def _scene(server: Server, settings: Mapping[str, Any]) -> Scene:
    wire = Wire(server)
    http = polite("test", Limits(spacing_s=0), adapter=wire, clock=ManualClock())
    return Scene(settings, http, wire)


def served(server: Server, settings: Mapping[str, Any] | None = None) -> World:
    """A world behind HTTP: every request is answered by `server`."""

    @contextmanager
    def world() -> Iterator[Scene]:
        yield _scene(server, settings or {})

    return world


def down(_: PreparedRequest) -> Answer:
    return Answer("out of order", 503)


def denied(_: PreparedRequest) -> Answer:
    return Answer("who are you?", 401)


Build = Callable[[Path], None]


class FolderPlace:
    """One place on disk that can be in several states, at one path.

    `settings` are relative paths below `root`, handed to the connector as absolute ones:
    `{"path": "."}` for a connector that reads a folder, `{"path": "list.csv"}` for one that reads a
    file. A visit rebuilds the place only when its last visit was to another world, so that files
    keep their times from one visit to the next.
    """

    def __init__(self, root: Path, settings: Mapping[str, str]) -> None:
        self.root = root
        self.settings = {name: str(root / path) for name, path in settings.items()}
        self._built: Build | None = None

    def world(self, build: Build) -> World:
        """The place as `build` fills it, given the empty folder."""

        @contextmanager
        def world() -> Iterator[Scene]:
            if self._built is not build:
                self._clear()
                self.root.mkdir(parents=True)
                build(self.root)
                self._built = build
            yield _scene(_nobody, self.settings)

        return world

    @contextmanager
    def missing(self) -> Iterator[Scene]:
        """A world in which the place does not exist."""
        self._clear()
        yield _scene(_nobody, self.settings)

    def _clear(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        self._built = None


def _nobody(request: PreparedRequest) -> Answer:
    raise AssertionError(f"no request expected, got {request.method}")
