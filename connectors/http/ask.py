"""A request as it goes from hop to hop, and what may go with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from catalogue.errors import NeedsPerson
from connectors.http.addresses import may_share_credentials, shown
from connectors.http.reply import Fault

MAX_HOPS = 10
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Any other header may be a credential ("PRIVATE-TOKEN", "X-Api-Key", "Authorization", "Cookie").
_HARMLESS = frozenset({"accept", "accept-language", "if-none-match", "if-modified-since"})


@dataclass(frozen=True, slots=True, repr=False)
class Ask:
    """`fault` is raised for what only a person can mend; `hops` are the redirects left."""

    method: str
    url: str
    max_bytes: int
    headers: Mapping[str, str]
    auth: tuple[str, str] | None = None
    data: Mapping[str, Any] | bytes | None = None
    json: Any = None
    robots: bool = True
    fault: Fault = NeedsPerson
    hops: int = MAX_HOPS


def checked(ask: Ask) -> Ask:
    """Raises the ask's fault unless its URL is one that can be asked."""
    try:
        parts = urlsplit(ask.url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ask.fault(f"{shown(ask.url)} is not a complete http or https address")
    return ask


def redirected(ask: Ask, location: str) -> Ask:
    """The same request at its new place. Credentials only go where they could have gone before.

    A POST is never redirected: its body may hold a credential.
    """
    target = urljoin(ask.url, location.strip())
    if ask.method not in ("GET", "HEAD"):
        raise ask.fault(
            f"{shown(ask.url)} has moved: put {shown(target)} into the source's settings"
        )
    if not ask.hops:
        raise ask.fault(f"{shown(ask.url)}: more than {MAX_HOPS} redirects")
    moved = checked(replace(ask, url=target, hops=ask.hops - 1))
    if may_share_credentials(ask.url, target):
        return moved
    harmless = {n: v for n, v in ask.headers.items() if n.lower() in _HARMLESS}
    return replace(moved, headers=harmless, auth=None)


def with_params(url: str, params: Mapping[str, str | int] | None) -> str:
    """The URL with further query parameters behind its own."""
    if not params:
        return url
    bare, _, _ = url.partition("#")
    return f"{bare}{'&' if urlsplit(bare).query else '?'}{urlencode(params)}"
