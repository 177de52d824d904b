"""Reading a feed: RSS and Atom through feedparser, JSON Feed by its own small parser.

An entry becomes plain JSON values, text still as the feed has it; `entries.py` reads those.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from time import struct_time
from typing import Any
from urllib.parse import urljoin, urlsplit

from catalogue.errors import BadItem
from catalogue.model import Payload
from connectors.formats.transcripts import with_recordings

_GLOBAL = ("http:", "https:", "tag:", "urn:")
_LONGEST_KEY = 300
_CDF = re.compile(
    rb"<channel\b", re.IGNORECASE
)  # feedparser reads this format, but does not name it


@dataclass(frozen=True, slots=True)
class FeedText:
    """What a feed says of itself, and its entries, in the same words for every format."""

    about: dict[str, Any]
    entries: list[dict[str, Any]]


def read_feed(data: bytes, name: str, base: str = "", content_type: str = "") -> list[Payload]:
    """The feed's entries, each with a `key` of its own; `name` is what the feed is always called.

    See `feed_name` and `parse_feed`.
    """
    return _keyed(parse_feed(data, base, content_type).entries, name)


def parse_feed(data: bytes, base: str = "", content_type: str = "") -> FeedText:
    """The feed with only what it fills in; links are relative to `base`.

    Raises BadItem, saying what came instead, for what is no feed at all.
    """
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    feed = _json_feed(data, base) if start[:1] == b"{" else _xml_feed(data, base, content_type)
    return FeedText(_filled(feed.about), [_filled(entry) for entry in feed.entries])


def _filled(thing: Mapping[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in thing.items() if value}


def feed_name(address: str) -> str:
    """A feed's address without scheme and query, so that no token shows in a key."""
    parts = urlsplit(address)
    query = f"~{_digest(parts.query)}" if parts.query else ""
    return parts.netloc.rpartition("@")[2] + parts.path + query


def _xml_feed(data: bytes, base: str, content_type: str) -> FeedText:
    import feedparser

    headers = {"content-location": base, "content-type": content_type or "application/xml"}
    feed = feedparser.parse(BytesIO(data), response_headers=headers)
    told = feed.get("version") or any(map(_says_something, feed.entries))
    if not told and not _CDF.search(data[:4096]):
        raise BadItem(f"is no feed but {_what(data, content_type)}{_hint(data, base)}")
    about = _about(feed.feed)
    entries = [_entry(about, entry) for entry in feed.entries]
    return FeedText(about, with_recordings(entries, data, base))


def _says_something(entry: Mapping[str, Any]) -> bool:
    return bool(entry.get("title") or entry.get("link"))


def _about(feed: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": feed.get("title"),
        "link": feed.get("link"),
        "summary": feed.get("subtitle") or feed.get("summary"),
        "published": _moment(feed.get("published_parsed") or feed.get("created_parsed")),
        "updated": _moment(dict(feed).get("updated_parsed")),
        "language": feed.get("language"),
        "licence": feed.get("rights"),
        "image": _image(feed),
    }


def _entry(feed: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    enclosures = [e for e in entry.get("enclosures", ()) if e.get("href")]
    contents = [c.get("value", "") for c in entry.get("content", ())]
    people = [p["name"] for p in entry.get("authors", ()) if p.get("name")]
    return {
        "id": entry.get("id"),
        "title": entry.get("title"),
        "link": entry.get("link"),
        "summary": entry.get("summary") or entry.get("subtitle"),
        "content": max(contents, key=len, default=""),
        "authors": [name for name in people or [entry.get("author")] if name],
        "published": _moment(entry.get("published_parsed") or entry.get("created_parsed")),
        # Asked itself, feedparser answers with the date of publication, and warns.
        "updated": _moment(dict(entry).get("updated_parsed")),
        "subjects": [t["term"] for t in entry.get("tags") or () if t.get("term")],
        "language": _language(entry) or feed["language"],
        "licence": entry.get("rights") or feed["licence"],
        "image": _image(entry) or feed["image"],
        "series": feed["title"],
        "media": enclosures[0]["href"] if enclosures else "",
        "media_type": enclosures[0].get("type") if enclosures else "",
        "video": entry.get("yt_videoid"),
        "duration": entry.get("itunes_duration"),
        "episode": entry.get("itunes_episode"),
        "explicit": entry.get("itunes_explicit"),
    }


def _language(entry: Mapping[str, Any]) -> str | None:
    details = [*entry.get("content", ()), entry.get("title_detail") or {}]
    return next((d["language"] for d in details if d.get("language")), None)


def _image(thing: Mapping[str, Any]) -> str:
    thumbnails = [t.get("url") for t in thing.get("media_thumbnail", ())]
    return (thing.get("image") or {}).get("href") or next(filter(None, thumbnails), "")


def _moment(parsed: struct_time | None) -> str | None:
    """feedparser gives UTC; what it makes of nonsense may lie outside the calendar."""
    try:
        return datetime(*parsed[:6], tzinfo=UTC).isoformat() if parsed else None
    except ValueError:
        return None


def _json_feed(data: bytes, base: str) -> FeedText:
    try:
        feed = json.loads(data)
    except (ValueError, RecursionError):
        raise BadItem("begins like JSON but is not; ask the site to mend its feed") from None
    items = feed.get("items")
    if "jsonfeed.org/version" not in str(feed.get("version")) or not isinstance(items, list):
        raise BadItem(f"is JSON but no JSON Feed; its fields are {', '.join(list(feed)[:8])}")
    return FeedText(_json_about(feed), [_json_entry(feed, i, base) for i in _dicts(feed, "items")])


def _json_about(feed: Mapping[str, Any]) -> dict[str, Any]:
    names = {"title": "title", "link": "home_page_url", "summary": "description"}
    stated = {**names, "language": "language"}
    return {ours: str(feed[theirs]) for ours, theirs in stated.items() if feed.get(theirs)}


def _dicts(thing: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    value = thing.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _json_entry(feed: Mapping[str, Any], item: Mapping[str, Any], base: str) -> dict[str, Any]:
    def text(name: str) -> str:
        value = item.get(name)
        return str(value) if isinstance(value, str | int | float) else ""

    def address(value: str) -> str:
        return urljoin(base, value) if value else ""

    people = _dicts(item, "authors") or _dicts({"a": [item.get("author")]}, "a")
    attached = _dicts(item, "attachments")[:1] or [{}]
    subjects = item.get("tags")
    return {
        "id": text("id"),
        "title": text("title"),
        "link": address(text("url") or text("external_url")),
        "summary": text("summary"),
        "content": text("content_html") or text("content_text").replace("<", "&lt;"),
        "authors": [str(p["name"]) for p in people if p.get("name")],
        "published": text("date_published"),
        "updated": text("date_modified"),
        "subjects": [str(s) for s in subjects] if isinstance(subjects, list) else [],
        "language": text("language") or str(feed.get("language") or ""),
        "image": address(text("image") or text("banner_image")),
        "series": str(feed.get("title") or ""),
        "media": address(str(attached[0].get("url") or "")),
        "media_type": str(attached[0].get("mime_type") or ""),
        "duration": attached[0].get("duration_in_seconds"),
    }


def _keyed(entries: list[dict[str, Any]], feed: str) -> list[Payload]:
    """Entries under names that stay theirs, whatever else the feed shows.

    An id that several entries share names none of them. One that is only unique within its feed is
    put behind the feed's address, so that a second feed in the same source cannot collide.
    """
    ids = Counter(str(entry.get("id") or "").strip() for entry in entries)
    keyed: dict[str, Payload] = {}
    for entry in entries:
        own = str(entry.get("id") or "").strip()
        name = own if own and ids[own] == 1 else str(entry.get("link") or "").strip()
        if not name:
            told = [entry.get("title"), entry.get("summary"), entry.get("published")]
            name = _digest(json.dumps(told))
        key = name if name.startswith(_GLOBAL) else f"{feed}#{name}"
        key = key if len(key) <= _LONGEST_KEY else f"{key[:80]}~{_digest(key)}"
        keyed.setdefault(key, {**entry, "key": key})
    return list(keyed.values())


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _what(data: bytes, content_type: str) -> str:
    words = " ".join(data[:300].decode("utf-8", "replace").split())[:60]
    kind = content_type.partition(";")[0].strip() or "a file"
    return f"{kind} beginning {words!r}" if words else f"{kind} without content"


def _hint(data: bytes, base: str) -> str:
    """Web pages name their feeds in their head."""
    if b"<html" not in data[:4096].lower():
        return ""
    from bs4 import BeautifulSoup

    page = BeautifulSoup(data[: 512 * 1024], "lxml")
    for link in page.find_all("link", rel="alternate", href=True):
        if "rss" in str(link.get("type")) or "atom" in str(link.get("type")):
            return f"; the page names its feed: {urljoin(base, str(link['href']))}"
    return "; use the address of its feed, not of the page"
