"""One feed of an OPDS catalogue, whichever version it is in."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag, urljoin

from catalogue.errors import BadItem
from catalogue.model import Payload
from connectors.formats.xml import parse
from connectors.http.addresses import HIDDEN, shown

OPDS = "http://opds-spec.org/"
ACQUISITION = f"{OPDS}acquisition"
CRAWLABLE = f"{OPDS}crawlable"
# Selections of what the catalogue lists anyway, or lists of one reader.
SELECTIONS = frozenset(
    f"{OPDS}{name}"
    for name in ("featured", "recommended", "shelf", "subscriptions", "sort/new", "sort/popular")
)


@dataclass(frozen=True, slots=True)
class Feed:
    """`following` are further pages and feeds; `whole` is the feed of everything, where there is
    one; `nameless` counts entries without an identifier.
    """

    entries: list[Payload] = field(default_factory=list)
    following: list[str] = field(default_factory=list)
    whole: str = ""
    nameless: int = 0


def read_feed(data: bytes, url: str) -> Feed:
    """Raises BadItem for what is no OPDS feed; the text goes behind the feed's name."""
    from connectors.formats.opds import atom, version2

    if data.lstrip(b" \t\r\n\xef\xbb\xbf")[:1] == b"{":
        try:
            read = json.loads(data)
        except (ValueError, RecursionError):
            raise BadItem("is no well-formed JSON") from None
        return version2.feed(read, url)
    return atom.feed(parse(data), url)


def link(base: str, href: Any, rels: Iterable[str], kind: Any, **more: Any) -> dict[str, Any]:
    """A link as both versions give it, its address complete; without one if that is a template."""
    given = {"rel": sorted(set(rels)), "href": whole(base, href), "type": str(kind or "")}
    return {**given, **{name: value for name, value in more.items() if value}}


def shareable(links: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Links as a payload keeps them: without addresses that hold something secret, or pass away."""
    return [
        {**one, "href": one["href"] if HIDDEN not in shown(one["href"]) else ""} for one in links
    ]


def whole(base: str, href: Any) -> str:
    text = str(href or "").strip()
    if not text or "{" in text:
        return ""
    try:
        return urldefrag(urljoin(base, text)).url
    except ValueError:
        return ""
