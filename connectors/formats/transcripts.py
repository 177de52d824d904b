"""What a feed says of the recording behind an entry: transcripts, chapters, the file itself.

podcast:transcript and podcast:chapters (podcastindex.org/namespace), Podlove's psc:chapters, and
Media RSS. feedparser keeps the last of several elements of one name, so these are read here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from catalogue.errors import BadItem
from catalogue.model import Part, Payload
from connectors.extract.document import line, tidy
from connectors.extract.text import decode
from connectors.extract.web import plain
from connectors.formats import captions
from connectors.formats.captioncues import from_json, to_json
from connectors.formats.captionparts import Chapter, at_second, spoken
from connectors.formats.captionxml import seconds
from connectors.formats.xml import parse
from connectors.http import Http

_TOLD = re.compile(rb"[:<](?:transcript|chapters|subTitle|content)\b")
_MEDIA = "http://search.yahoo.com/mrss"  # with a slash behind it, or without
# The first have times; of plain text nobody knows where in the recording it is said.
_FORMS = ("json", "vtt", "srt", "subrip", "ttml", "html", "plain")
_UNTIMED = ("text/html", "text/plain")


def with_recordings(entries: list[dict[str, Any]], data: bytes, base: str) -> list[dict[str, Any]]:
    """The entries of a feed in XML with what it says of their recordings."""
    if not entries or not _TOLD.search(data):
        return entries
    try:
        items = list(parse(data, recover=True).iter("{*}item", "{*}entry"))
    except BadItem:  # feedparser reads more than libxml2 can mend
        return entries
    if len(items) != len(entries):
        return entries
    return [{**entry, **_told(i, entry, base)} for entry, i in zip(entries, items, strict=True)]


def transcribed(http: Http, entry: Payload) -> dict[str, Any]:
    """The entry's transcript, as `captions` or `transcript`, and its `chapters`, fetched.

    Raises BadItem for what is no transcript, and what the door raises.
    """
    more: dict[str, Any] = {}
    if best := min(entry.get("transcripts", ()), key=lambda one: _rank(one, entry), default=None):
        more |= _said(http.get(best["url"], item=True, max_bytes=captions.MAX_BYTES).body, best)
    if url := entry.get("chapters_url"):
        listed = http.get(url, item=True, max_bytes=captions.MAX_BYTES).json()
        more["chapters"] = _listed(listed) or entry.get("chapters", [])
    return more


def recorded(entry: Payload, link: str) -> tuple[Part, ...]:
    """What is said in the entry's recording."""
    url = entry.get("media") or link
    # The query of a subscriber's own feed may be a key to it.
    there = link if urlsplit(link).path.startswith("/watch") else url
    chapters = [Chapter(start, line(plain(title))) for start, title in entry.get("chapters", ())]

    def at(second: int) -> str | None:
        shown = there == link or not urlsplit(there).query
        return at_second(there, second) if shown and there.startswith("http") else None

    cues = from_json(entry.get("captions", {})).cues
    text = entry.get("transcript", "")
    return (*spoken(cues, at, chapters), *([Part(text)] if text else []))


def _rank(transcript: Mapping[str, str], entry: Payload) -> tuple[bool, int]:
    language = str(entry.get("language") or "").casefold()[:2]
    foreign = bool(transcript["language"]) and transcript["language"].casefold()[:2] != language
    form = (n for n, name in enumerate(_FORMS) if name in transcript["type"].casefold())
    return foreign and bool(language), next(form, len(_FORMS))


def _said(body: bytes, transcript: Mapping[str, str]) -> dict[str, Any]:
    try:
        return {"captions": to_json(captions.read(body))}
    except BadItem:
        kind = transcript["type"].partition(";")[0].strip().lower()
        if kind not in _UNTIMED:
            raise
        text = decode(body)
        return {"transcript": plain(text) if kind == "text/html" else tidy(text)}


def _listed(chapters: Any) -> list[list[Any]]:
    listed = chapters.get("chapters") if isinstance(chapters, dict) else None
    told = [one for one in (listed if isinstance(listed, list) else ()) if isinstance(one, dict)]
    return [
        [one["startTime"], str(one["title"])]
        for one in told
        if isinstance(one.get("startTime"), int | float) and one.get("title")
    ]


def _told(item: Any, entry: Mapping[str, Any], base: str) -> dict[str, Any]:
    named = dict[str, list[Any]]()
    for element in item.iterdescendants("{*}*", "*"):
        named.setdefault(_local(element), []).append(element)
    chapters = [c for c in named.get("chapters", ()) if c.get("url")]
    told = {
        "transcripts": list(_transcripts(named, base)),
        "chapters_url": _joined(base, chapters[0].get("url")) if chapters else "",
        "chapters": list(_inline(named)),
        **_media(item, entry, base),
    }
    return {name: value for name, value in told.items() if value}


def _transcripts(named: Mapping[str, list[Any]], base: str) -> Iterator[dict[str, str]]:
    for element in (*named.get("transcript", ()), *named.get("subTitle", ())):
        url = _joined(base, element.get("url") or element.get("href") or "")
        if url:
            language = element.get("language") or element.get("lang") or ""
            yield {"url": url, "type": element.get("type") or "", "language": language}


def _inline(named: Mapping[str, list[Any]]) -> Iterator[list[Any]]:
    """Podlove's chapters; of several lists in one entry the first."""
    lists = [c for c in named.get("chapters", ()) if not c.get("url")]
    for element in lists[0].iterchildren() if lists else ():
        start = seconds(element.get("start"))
        if start is not None and element.get("title"):
            yield [start, element.get("title")]


def _media(item: Any, entry: Mapping[str, Any], base: str) -> dict[str, Any]:
    """The recording by Media RSS: of several the default one, else the first."""
    found = item.iterdescendants(f"{{{_MEDIA}/}}content", f"{{{_MEDIA}}}content")
    recordings = [c for c in found if _is_recording(c)]
    best = next((c for c in recordings if c.get("isDefault") == "true"), None)
    best = recordings[0] if best is None and recordings else best
    if best is None:
        return {}
    kind = best.get("type") or f"{best.get('medium')}/*"
    address = _joined(base, best.get("url") or "")
    mine = {} if entry.get("media") else {"media": address, "media_type": kind}
    told = {"duration": best.get("duration"), "language": best.get("lang")}
    return {**mine, **{name: value for name, value in told.items() if not entry.get(name)}}


def _is_recording(content: Any) -> bool:
    kind = (content.get("type") or "").partition("/")[0] or content.get("medium")
    return kind in ("video", "audio")


def _local(element: Any) -> str:
    name: str = element.tag.rpartition("}")[2]
    return name.rpartition(":")[2]


def _joined(base: str, address: str) -> str:
    """The absolute address; "" for none, or for one that cannot be read."""
    try:
        return urljoin(base, address.strip()) if address.strip() else ""
    except ValueError:
        return ""
