"""One real HTTP server with every stand-in, each below its connector's name, and folders of files.

What a learning ecosystem looks like from outside: `sources.yaml` names one source of each connector
there is. A stand-in of this package has `answers(base, world)` or `files(folder, world)`.
"""

import filecmp
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

import yaml
from requests import PreparedRequest

from config.secrets import variable
from connectors import registry
from connectors.testing import CANARY, Answer

NOWHERE = Answer("nothing here", 404)
Server = Callable[[PreparedRequest], Answer]


@dataclass
class Ecosystem:
    """`folder` has the files, and `sources.yaml` once written. `world` is what all are in now."""

    folder: Path
    base: str = ""
    world: str = ""
    settings: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    _servers: dict[str, Server] = field(default_factory=dict)

    def turn(self, world: str) -> None:
        """Put every source into a world: whole, shrunk by one item, or one item dented."""
        self.world = world
        for name in registry.names():
            self._place(name, stand_in(name))

    def _place(self, name: str, site: Any) -> None:
        if hasattr(site, "answers"):
            base = f"{self.base}/{name}"
            self._servers[name] = site.answers(base, self.world)
            self.settings[name] = site.settings(base)
        else:
            self.settings[name] = self._write(name, site)
        self.secrets |= {variable(name, secret): CANARY for secret in getattr(site, "SECRETS", ())}

    def _write(self, name: str, site: Any) -> Mapping[str, Any]:
        """Files that stay as they are keep their times."""
        place, before = self.folder / name, self.folder / f"{name}.before"
        if place.exists():
            place.rename(before)
        place.mkdir(parents=True)
        settings: Mapping[str, Any] = site.files(place, self.world)
        for file in (f for f in place.rglob("*") if f.is_file()):
            old = before / file.relative_to(place)
            if old.is_file() and filecmp.cmp(old, file, shallow=False):
                shutil.copystat(old, file)
        shutil.rmtree(before, ignore_errors=True)
        return settings

    def describe(self, file: Path) -> None:
        """Write the sources' file."""
        sources = {
            name: {"connector": name, "allow_private": True, "settings": settings}
            for name, settings in self.settings.items()
        }
        plain = json.loads(json.dumps(sources, default=str))
        told = {"defaults": {"owner": "ann@learn.example"}, "sources": plain}
        file.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")

    def answer(self, request: PreparedRequest) -> Answer:
        name = request.path_url.split("/")[1].partition("?")[0]
        server = self._servers.get(name)
        return server(request) if server else NOWHERE


def stand_in(name: str) -> Any:
    """The module that stands in for the sources of a connector."""
    return import_module(f"tests.connectors.sites.{name}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    ecosystem: Ecosystem

    def do_GET(self) -> None:
        asked = PreparedRequest()
        asked.prepare_method(self.command)
        asked.prepare_url(self.ecosystem.base + self.path, None)
        asked.prepare_headers(dict(self.headers))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        form = "form-urlencoded" in self.headers.get("Content-Type", "")
        asked.body = body.decode() if form else body or None
        self._send(self.ecosystem.answer(asked))

    do_POST = do_GET

    def _send(self, said: Answer) -> None:
        body = said.encoded()
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        if said.status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if said.status != 304:
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Silence: a test's output is its own."""


@contextmanager
def ecosystem(folder: Path) -> Iterator[Ecosystem]:
    """Every source there is, whole, served on loopback while the block runs."""
    told = Ecosystem(folder)
    handler = type("Handler", (_Handler,), {"ecosystem": told})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        told.base = f"http://127.0.0.1:{server.server_port}"
        told.turn("whole")
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()
