"""Sitemaps: what pages a site has, when each changed, and what else they say of a page.

https://www.sitemaps.org/protocol.html, with Google's extensions for languages, news and videos.
Feeds and plain lists of addresses are sitemaps as well.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from catalogue.errors import BadItem
from catalogue.model import Json, Kind
from connectors.extract.document import line
from connectors.formats import xml

MAX_BYTES = 50 * 2**20  # unpacked, by the protocol
MAX_ADDRESSES = 50_000  # of one sitemap, by the protocol
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_AMPERSAND = re.compile(rb"&(?!#?\w+;)")
_ALTERNATE = "{http://www.w3.org/1999/xhtml}link"


@dataclass(frozen=True, slots=True)
class Listed:
    """A page as a sitemap lists it. `changed` is its `lastmod` as written; `hints` what it says of
    a video or a piece of news on the page.
    """

    url: str
    changed: str = ""
    language: str = ""
    hints: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sitemap:
    """`more` are the sitemaps it lists. `fault` says why it cannot be trusted to be whole."""

    pages: tuple[Listed, ...] = ()
    more: tuple[str, ...] = ()
    fault: str = ""


def read_sitemap(data: bytes, url: str) -> Sitemap:
    """What a sitemap lists. Raises BadItem for what is none."""
    data = _unpacked(data)
    if b"<" not in data[:1000]:
        return _plain_list(data, url)
    if re.search(rb"<!doctype html|<html\b", data[:2000], re.IGNORECASE):
        raise BadItem("is a web page, not a sitemap; look for `Sitemap:` in the site's robots.txt")
    root, fault = _parsed(data)
    pages = tuple(page for entry in _entries(root) for page in _listed(entry, url))
    more = tuple(place for e in root.iter("{*}sitemap") for place in _sitemaps(e, url))
    if not pages and not more and _name(root) not in ("urlset", "sitemapindex", "rss", "feed"):
        raise BadItem(f"is no sitemap: its root is {_name(root)!r}")
    if len(pages) > MAX_ADDRESSES:
        fault = fault or f"lists more than {MAX_ADDRESSES:,} pages"
    return Sitemap(pages[:MAX_ADDRESSES], more[:MAX_ADDRESSES], fault)


def plain_address(url: str, base: str) -> str:
    """An address as everybody writes it, without its fragment; empty for one that is none."""
    try:
        parts = urlsplit(urljoin(base, url.strip()))
        port = f":{parts.port}" if parts.port and parts.port not in (80, 443) else ""
    except ValueError:
        return ""
    if not url.strip() or parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    path = re.sub(r"[\s\x00-\x1f]", lambda c: f"%{ord(c[0]):02X}", parts.path or "/")
    return urlunsplit((parts.scheme, host + port, path, parts.query, ""))


def _unpacked(data: bytes) -> bytes:
    """The sitemap itself, whether it came as a .gz file or not."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    packed = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        found = packed.decompress(data, MAX_BYTES)
    except zlib.error as error:
        raise BadItem(f"is packed, but broken ({error})") from error
    if packed.unconsumed_tail:
        raise BadItem(f"unpacks to more than {MAX_BYTES:,} bytes")
    return found


def _parsed(data: bytes) -> tuple[Any, str]:
    """The root element, and what had to be guessed.

    Ampersands in addresses, left as they are, are the frequent slip; they can be told apart.
    """
    try:
        return xml.parse(data, MAX_BYTES), ""
    except BadItem as error:
        fault = str(error)
    mended = _AMPERSAND.sub(b"&amp;", _CONTROL.sub(b"", data))
    try:
        return xml.parse(mended, MAX_BYTES), ""
    except BadItem:
        return xml.parse(mended, MAX_BYTES, recover=True), fault


def _plain_list(data: bytes, url: str) -> Sitemap:
    lines = data.decode("utf-8-sig", "replace").split()
    pages = [Listed(place) for line_ in lines if (place := _absolute(line_))]
    if not pages:
        raise BadItem("is no sitemap: it has neither XML nor addresses")
    fault = f"lists more than {MAX_ADDRESSES:,} pages" if len(pages) > MAX_ADDRESSES else ""
    return Sitemap(tuple(pages[:MAX_ADDRESSES]), (), fault)


def _absolute(text: str) -> str:
    return plain_address(text, "") if text.startswith(("http://", "https://")) else ""


def _entries(root: Any) -> Iterator[Any]:
    for name in ("url", "item", "entry"):
        yield from root.iter(f"{{*}}{name}")


def _listed(entry: Any, base: str) -> Iterator[Listed]:
    """The page of an entry, and its versions in other languages."""
    place = plain_address(_said(entry, "loc") or _link(entry), base)
    versions = {place_: tag for tag, place_ in _alternates(entry, base)}
    if place:
        changed = _said(entry, "lastmod", "updated", "pubDate")
        yield Listed(place, changed, versions.get(place, ""), dict(_hints(entry)))
    yield from (Listed(other, "", tag) for other, tag in versions.items() if other != place)


def _alternates(entry: Any, base: str) -> Iterator[tuple[str, str]]:
    for link in entry.iter(_ALTERNATE):
        place, tag = plain_address(link.get("href", ""), base), link.get("hreflang", "")
        if place and tag.lower() != "x-default" and "alternate" in link.get("rel", ""):
            yield tag, place


def _sitemaps(entry: Any, base: str) -> Iterator[str]:
    yield from filter(None, (plain_address(_said(entry, "loc"), base),))
    yield from (place for _, place in _alternates(entry, base))


def _link(entry: Any) -> str:
    """The address of a feed's entry: RSS has it as text, Atom as an attribute."""
    for link in entry.iterchildren("{*}link"):
        if link.get("rel", "alternate") == "alternate" and link.tag != _ALTERNATE:
            return str(link.get("href") or link.text or "")
    return ""


def _hints(entry: Any) -> Iterator[tuple[str, Any]]:
    """What the news and video extensions say of the page, by the names of a draft's fields."""
    video = next(entry.iter("{*}video"), None)
    news = next(entry.iter("{*}news"), None)
    if video is not None:
        yield from _filled(video, _VIDEO)
        yield "kind", Kind.VIDEO.value
    if news is not None:
        yield from _filled(news, _NEWS)
    for name in ("tag", "keywords"):
        if said := [line(e.text or "") for e in entry.iter(f"{{*}}{name}")][:50]:
            yield "subjects", said


_VIDEO = {
    "title": "title", "description": "summary", "duration": "duration",
    "thumbnail_loc": "image", "publication_date": "published",
}  # fmt: skip
_NEWS = {
    "title": "title", "name": "provider", "language": "language", "publication_date": "published",
}  # fmt: skip


def _filled(element: Any, names: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    said = ((field_, line(_inner(element, name))) for name, field_ in names.items())
    return ((field_, text) for field_, text in said if text)


def _inner(element: Any, name: str) -> str:
    return next((e.text or "" for e in element.iter(f"{{*}}{name}")), "")


def _said(entry: Any, *names: str) -> str:
    for name in names:
        for found in entry.iterchildren(f"{{*}}{name}"):
            if (found.text or "").strip():
                return str(found.text).strip()
    return ""


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].lower()
