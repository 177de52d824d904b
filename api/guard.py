"""What every request must pass and every answer carries, before any of our code runs."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Refused, problem

MOST_BODY_BYTES = 64 * 1024
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

# Pages load nothing but our own style and script; images of items may come from anywhere.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Middleware. `hosts` are the names the server answers to; None where any will do."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str] | None) -> None:
        self.app = app
        self.hosts = None if hosts is None else frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        outgoing = _guarded(send)
        refused = refuse(scope["method"], Headers(scope=scope), self.hosts)
        if refused is None:
            await self.app(scope, receive, outgoing)
        else:
            await problem(refused, {})(scope, receive, outgoing)


def refuse(method: str, headers: Mapping[str, str], hosts: frozenset[str] | None) -> Refused | None:
    """Why this request is not to be looked at, if so. Pure."""
    host = headers.get("host", "")
    if hosts is not None and host_name(host) not in hosts:
        return Refused(400, "this server does not answer to that host name; see `public_url`")
    if method in SAFE_METHODS:
        return None
    if not same_origin(headers, host):
        return Refused(403, "a page of another site may not change anything here")
    return _too_long(headers)


def same_origin(headers: Mapping[str, str], host: str) -> bool:
    """Whether no other site's page sent this. Programs send neither header; browsers always do."""
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()


def host_name(host: str) -> str:
    """The name or address in a Host header, without its port; "" where it is malformed."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _too_long(headers: Mapping[str, str]) -> Refused | None:
    length = headers.get("content-length", "" if "transfer-encoding" in headers else "0")
    if not length.isdecimal():
        return Refused(411, "a body needs a Content-Length")
    if int(length) > MOST_BODY_BYTES:
        return Refused(413, f"at most {MOST_BODY_BYTES} bytes, please")
    return None


def _guarded(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            # Answers differ by caller and change with every review.
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return sending
