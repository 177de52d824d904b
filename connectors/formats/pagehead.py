"""What the head of a web page says: title, Open Graph, canonical address, wishes to crawlers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from connectors.extract.document import line
from connectors.formats.links import web_address
from connectors.http.door import PRODUCT

_KEPT = re.compile(
    r"(og|article|book|video|music|dc|dcterms|citation)[:._].+|twitter:(title|description|image)"
    r"|description|keywords|author|(learning|course)[:._-].+",
    re.IGNORECASE,
)
_MOST, _LONGEST = 200, 5_000  # statements of a page, characters of one


@dataclass(frozen=True, slots=True)
class Head:
    """`base` is what the page's links are relative to; `canonical` is empty where it names none.

    `meta` holds lists of statements by their names in lower case.
    """

    title: str
    canonical: str
    base: str
    language: str
    noindex: bool
    meta: dict[str, list[str]]


def head(root: Any, url: str, robots: str = "") -> Head:
    """The head of the page at `url`; `robots` is what the server's X-Robots-Tag says."""
    base = web_address(url, next(iter(root.xpath("//base/@href")), "")) or url
    meta = _meta(root)
    links = root.xpath(
        "//link[contains(concat(' ', normalize-space(@rel), ' '), ' canonical ')]/@href"
    )
    language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    return Head(
        title=title(root, meta),
        canonical=web_address(base, links[0]) if links else "",
        base=base,
        language=language.strip(),
        noindex=_noindex(root, robots),
        meta=meta,
    )


def title(root: Any, meta: dict[str, list[str]]) -> str:
    """og:title, else the first heading where the title repeats it beside the site's name."""
    written = line(root.findtext(".//head/title") or root.findtext(".//title") or "")
    heading = next(filter(None, (line("".join(h.itertext())) for h in root.iter("h1"))), "")
    shared = line(next(iter(meta.get("og:title", ())), ""))
    return shared or (heading if heading and heading in written else written) or heading


def _meta(root: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in root.xpath("//meta[@content][@name or @property]")[: 5 * _MOST]:
        names = f"{element.get('property') or ''} {element.get('name') or ''}".lower().split()
        said = element.get("content").strip()[:_LONGEST]
        for name in names:
            if said and _KEPT.fullmatch(name) and len(found) < _MOST:
                found.setdefault(name, []).append(said)
    return {name: list(dict.fromkeys(said)) for name, said in found.items()}


def _noindex(root: Any, header: str) -> bool:
    """Whether the page, or its server for it, asks robots such as this one not to list it."""
    us = PRODUCT.lower()
    ours = root.xpath("//meta[@content][@name]")
    said = [m.get("content") for m in ours if m.get("name").strip().lower() in ("robots", us)]
    words = {word for text in said for word in re.split(r"[\s,]+", text.lower())}
    return bool({"noindex", "none"} & (words | set(_header_words(header, us))))


def _header_words(header: str, us: str) -> Iterator[str]:
    """The words of an X-Robots-Tag for all robots or this one: `noindex`, `bot: noindex`."""
    agent = ""
    for word in header.lower().split(","):
        name, colon, rest = word.strip().partition(":")
        if colon and not name.startswith("unavailable_after") and not name.startswith("max-"):
            agent, word = name.strip(), rest
        if agent in ("", us):
            yield word.strip()
