"""A real HTTP server on loopback whose answers a test writes down."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Said:
    """An answer. `drip` sends its body byte by byte, one in so many seconds."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    drip: float = 0.0
    length: int | None = None  # a Content-Length that may lie


@dataclass(frozen=True)
class Heard:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


Script = Callable[[Heard], Said]


@dataclass
class Loopback:
    """`answers` maps paths to answers, to lists of them (the last one stays), or to functions."""

    port: int
    answers: dict[str, Said | list[Said] | Script] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked for, robots.txt apart."""
        return [h.path for h in self.heard if h.path != "/robots.txt"]

    def answer(self, heard: Heard) -> Said:
        self.heard.append(heard)
        known = self.answers.get(heard.path.partition("?")[0], Said(status=404))
        if isinstance(known, list):
            return known.pop(0) if len(known) > 1 else known[0]
        return known if isinstance(known, Said) else known(heard)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    loopback: Loopback

    def do_GET(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        heard = Heard(self.command, self.path, dict(self.headers), self.rfile.read(size))
        said = self.loopback.answer(heard)
        try:
            self._send(said)
        except OSError:
            self.close_connection = True  # the client has had enough

    do_POST = do_GET
    do_HEAD = do_GET

    def _send(self, said: Said) -> None:
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        if said.length is not None:
            self.close_connection = True
        self.send_header(
            "Content-Length", str(len(said.body) if said.length is None else said.length)
        )
        self.end_headers()
        if self.command == "HEAD":
            return
        if not said.drip:
            self.wfile.write(said.body)
            return
        for byte in said.body:
            self.wfile.write(bytes([byte]))
            time.sleep(said.drip)

    def log_message(self, *_: Any) -> None:
        """Silence: a test's output is its own."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is what half of these tests are about."""


@contextmanager
def loopback(tls: ssl.SSLContext | None = None) -> Iterator[Loopback]:
    handler = type("Handler", (_Handler,), {})
    server = _Server(("127.0.0.1", 0), handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    told = Loopback(server.server_port)
    handler.loopback = told  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
