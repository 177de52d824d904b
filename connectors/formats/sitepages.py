"""What a site answered for one of its pages: a web page, or a document to read."""

from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from catalogue.errors import BadItem
from catalogue.model import Draft, Kind, Payload
from connectors.extract import MIME_SUFFIXES, Reader, drafted, format_of, from_json
from connectors.formats import webpages
from connectors.formats.sitemaps import Listed, plain_address
from connectors.formats.webpages import HTML, Page
from connectors.http import Reply
from connectors.http.addresses import shown

# What parsers raise over markup that nobody has tried on them.
_CONFUSED = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


def read_reply(reply: Reply, page: Listed, reader: Reader, described_only: bool) -> Page:
    """Raises BadItem, naming the page, where nothing can be read."""
    try:
        return _read(reply, page, reader, described_only)
    except _CONFUSED as error:
        raise BadItem(f"{shown(reply.url)} cannot be read as a page ({error!r})") from error


def _read(reply: Reply, page: Listed, reader: Reader, described_only: bool) -> Page:
    url = plain_address(reply.url, "") or reply.url
    if urlsplit(url).path in ("", "/") and urlsplit(page.url).path not in ("", "/"):
        return Page(page.url, {}, "leads to the front page")
    if reply.content_type not in HTML:
        return _document(reply, url, reader, described_only)
    headers = reply.headers
    read = webpages.read_page(
        reply.body, url, headers.get("content-type", ""), headers.get("x-robots-tag", "")
    )
    hints = {**page.hints, **({"language": page.language} if page.language else {})}
    items = {key: {**payload, "hints": hints} for key, payload in read.items.items()}
    if described_only and not any(p.get("thing") or hints.get("kind") for p in items.values()):
        return replace(read, items={}, left_out=read.left_out or "is not described")
    return replace(read, items=items)


def _document(reply: Reply, url: str, reader: Reader, described_only: bool) -> Page:
    """A file among the pages, such as a PDF. What has no text (a picture, a film) is left out."""
    name = unquote(PurePosixPath(urlsplit(url).path).name)
    name = name if format_of(name) else name + MIME_SUFFIXES.get(reply.content_type, "")
    if described_only or not format_of(name) or "noindex" in reply.headers.get("x-robots-tag", ""):
        return Page(url, {}, f"is of the type {reply.content_type}")
    document = reader.document(name, reply.body)
    return Page(url, {url: {"url": url, "name": name, "document": document}})


def draft(payload: Payload) -> Draft:
    if "document" not in payload:
        return webpages.draft(payload)
    form = format_of(payload["name"])
    title = PurePosixPath(payload["name"]).stem
    if not title:
        raise BadItem(f"{payload['url']} has no title")
    document = from_json(payload["document"])
    return drafted(document, title, payload["url"], form.kind if form else Kind.DOCUMENT)
