"""A web page as payloads, by schema.org where it has some, else by its head and its text."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from catalogue.errors import BadItem
from catalogue.model import Draft, Json, Kind, Locator, Part, Payload, Place
from connectors.extract import plain
from connectors.extract.document import line, tidy, words
from connectors.extract.slug import Slugs
from connectors.extract.text import decode
from connectors.formats import schemaorg
from connectors.formats.article import article
from connectors.formats.links import web_address
from connectors.formats.pagehead import Head, head
from connectors.vocabulary import Vocabulary

HTML = ("", "text/html", "application/xhtml+xml")
_LARGEST = 8 * 2**20  # bytes; the largest page of 130 recorded ones has 1.6 million
_SUMMARY = 1_000  # characters
_KINDS = {"video": Kind.VIDEO, "book": Kind.BOOK}
_FILLED = (
    *("title", "summary", "language", "provider", "authors", "published", "updated", "duration"),
    *("image", "subjects", "licence"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page read. `address` is the one it calls its own; `items` are payloads by key.

    `left_out` says why it has none.
    """

    address: str
    items: Mapping[str, Payload]
    left_out: str = ""


def read_page(body: bytes, url: str, content_type: str = "", robots: str = "") -> Page:
    """Read what came from `url`; `content_type` and `robots` are its server's headers.

    Raises BadItem for a page that cannot be read, or says nothing without its scripts.
    """
    root = _parsed(body, content_type)
    top = head(root, url, robots)
    address = own_address(url, top.canonical)
    if top.noindex:
        return Page(address, {}, "asks not to be listed")
    found = schemaorg.described(root, address, top.base, top.title)
    if found.left_out:
        return Page(address, {}, found.left_out)
    common: dict[str, Any] = {"url": address, "head": _kept(top), "faults": list(found.faults)}
    if len(found.things) > 1:
        keys = _keys(address, found.things)
        items = zip(keys, found.things, strict=True)
        return Page(address, {key: {**common, "url": key, "thing": t} for key, t in items})
    sections = article(body, url, content_type.partition(";")[0].strip().lower())
    thing = found.things[0] if found.things else None
    if not (thing or sections or _meta(common["head"], "description", "og:description")):
        raise BadItem(f"{url} says nothing without its scripts")
    return Page(address, {address: {**common, "thing": thing, "sections": sections}})


def own_address(url: str, canonical: str) -> str:
    """The address a page is known by: the canonical one it names, unless that cannot be meant.

    A page of another site cannot be, nor the site's front page: templates often name that.
    """
    bare = url.partition("#")[0]
    there, here = urlsplit(canonical), urlsplit(bare)
    elsewhere = there.netloc.removeprefix("www.") != here.netloc.removeprefix("www.")
    front = there.path in ("", "/") and not there.query and here.path not in ("", "/")
    usable = there.scheme in ("http", "https") and not elsewhere and not front
    return canonical.partition("#")[0] if usable else bare


def _parsed(body: bytes, content_type: str) -> Any:
    from lxml import etree, html

    if len(body) > _LARGEST:
        raise BadItem(f"is a page of more than {_LARGEST:,} bytes")
    declared = re.search(r"""charset\s*=\s*["']?([\w-]+)""", content_type.lower())
    start = body[:2048].decode("ascii", "ignore").lower()
    named = declared or re.search(r"""(?:charset|encoding)\s*=\s*["']?([\w-]+)""", start)
    text = decode(body, named[1] if named else None)
    try:
        parser = html.HTMLParser(no_network=True, encoding="utf-8")
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise BadItem(f"is no page ({error})") from error


def _kept(top: Head) -> dict[str, Any]:
    kept = {name: value for name, value in asdict(top).items() if value}
    return {name: value for name, value in kept.items() if name not in ("canonical", "noindex")}


def _keys(address: str, found: tuple[schemaorg.Thing, ...]) -> list[str]:
    """A key for each of several things on one page: the page's address and the thing's name."""
    slugs = Slugs()
    return [f"{address}#{slugs.next(str(thing['name'][0]))}" for thing in found]


def draft(payload: Payload) -> Draft:
    """Raises BadItem for a page that has nothing to call it by."""
    said = Vocabulary()
    url, thing = payload["url"], payload.get("thing")
    by_head = _by_head(payload, said)
    if thing:
        base = payload["head"].get("base", url)
        own = schemaorg.draft(thing, base, said)
        more = {n: getattr(by_head, n) for n in _FILLED if not getattr(own, n)}
        more |= {"title": title} if (title := _title(thing, payload["head"])) else {}
        by_head = replace(own, url=url, parts=_merged(own.parts, by_head.parts), **more)
    if not by_head.title:
        raise BadItem(f"{url} has no title")
    faults = tuple(("JSON-LD", fault) for fault in payload.get("faults", ()))
    return replace(by_head, unmapped=said.unmapped + faults)


def _title(thing: schemaorg.Thing, top: Json) -> str:
    """Of a headline and a name, the one that the page's title has as well."""
    named = [line(plain(str(name))) for key in ("headline", "name") for name in thing.get(key, ())]
    return next((name for name in named if name and name in top.get("title", "")), "")


def _merged(own: tuple[Part, ...], page: tuple[Part, ...]) -> tuple[Part, ...]:
    """What has a place of its own, and the page's text, of which the rest is a copy."""
    placed = tuple(part for part in own if part.locator)
    return placed + page if page else own


def _by_head(payload: Payload, said: Vocabulary) -> Draft:
    top, hints = payload["head"], payload.get("hints", {})
    kind = hints.get("kind") or _KINDS.get(_meta(top, "og:type").partition(".")[0], Kind.ARTICLE)
    names = ("og:description", "description", "dc.description", "twitter:description")
    language = hints.get("language") or top.get("language") or _meta(top, "og:locale")
    return Draft(
        title=hints.get("title") or top.get("title", ""),
        url=payload["url"],
        kind=Kind(kind),
        summary=tidy(plain(hints.get("summary") or _meta(top, *names)))[:_SUMMARY],
        language=said.language(language),
        provider=hints.get("provider") or line(plain(_meta(top, "og:site_name", "dc.publisher"))),
        authors=_people(top),
        published=said.moment(hints.get("published") or _meta(top, *_dates("published_time"))),
        updated=said.moment(_meta(top, "article:modified_time", "og:updated_time")),
        duration=said.seconds(hints.get("duration") or _meta(top, "video:duration")),
        image=_image(payload, hints.get("image") or _meta(top, "og:image", "twitter:image")),
        subjects=_subjects(top, hints),
        parts=tuple(_part(section, payload["url"]) for section in payload.get("sections") or ()),
    )


def _dates(name: str) -> tuple[str, ...]:
    return (f"article:{name}", "dc.date", "dcterms.created", "citation_publication_date")


def _people(top: Json) -> tuple[str, ...]:
    """Names; article:author is an address of a profile more often than not."""
    said = [
        name
        for key in ("author", "article:author", "dc.creator", "citation_author")
        for name in top.get("meta", {}).get(key, ())
    ]
    return tuple(dict.fromkeys(line(plain(name)) for name in said if "://" not in name))


def _subjects(top: Json, hints: Json) -> tuple[str, ...]:
    meta = top.get("meta", {})
    tags = [*meta.get("article:tag", ()), *meta.get("article:section", ())]
    return words([*hints.get("subjects", ()), *meta.get("keywords", ()), *tags])


def _image(payload: Payload, place: str) -> str:
    return web_address(payload["head"].get("base", payload["url"]), place)


def _part(section: Mapping[str, str], url: str) -> Part:
    anchor = section.get("anchor")
    place = Locator(Place.ANCHOR, anchor, f"{url}#{anchor}") if anchor else None
    heading = re.sub(r"\s[#¶§]$", "", section.get("heading", ""))  # a link to the heading itself
    return Part(section["text"], place, heading)


def _meta(top: Json, *names: str) -> str:
    said = (top.get("meta", {}).get(name) for name in names)
    return next((str(values[0]) for values in said if values), "")
