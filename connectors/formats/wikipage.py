"""A wiki's page as a payload, and the payload read."""

import re
from collections.abc import Collection
from typing import Any

from catalogue.errors import BadItem
from catalogue.model import Draft, Json, Kind, Payload
from connectors.extract import plain
from connectors.extract.web import fragment
from connectors.vocabulary import Vocabulary

# What a reader skips: marks of footnotes, boxes that lead elsewhere, notes for editors.
_ASIDE = re.compile(
    r"(^|\s)(reference|mw-editsection|navbox|vertical-navbox|metadata|ambox|noprint|hatnote|toc"
    r"|catlinks|printfooter|mw-empty-elt|sistersitebox|reflist|mw-references-wrap)(\s|$)"
)


def wanted(page: Json, namespaces: Collection[int], categories: Collection[str]) -> bool:
    """Whether a page is an item: there, no redirect, in a namespace and a category asked for."""
    there = not (page.get("missing") or page.get("invalid") or page.get("redirect"))
    return bool(
        there
        and page.get("ns") in namespaces
        and (page.get("categories") or not categories)
        and page.get("contentmodel", "wikitext") == "wikitext"
    )


def key(page: Json) -> str:
    """A page's number, which it keeps when it moves."""
    return str(page["pageid"])


def payload(page: Json, parsed: Json, licence: str) -> dict[str, Any]:
    revision: Json = next(iter(page.get("revisions") or ()), {})
    listed = parsed.get("categories") or ()
    return {
        "id": page["pageid"],
        "title": page.get("title", ""),
        "url": page.get("canonicalurl") or page.get("fullurl", ""),
        "language": page.get("pagelanguagehtmlcode") or page.get("pagelanguage", ""),
        "updated": revision.get("timestamp", ""),
        "categories": [c["category"] for c in listed if not c.get("hidden")],
        "licence": licence,
        "html": parsed.get("text", ""),
    }


def draft(page: Payload, kind: Kind) -> Draft:
    said = Vocabulary()
    parts = tuple(p for p in fragment(_reading(page["html"])) if p.text)
    if not parts:
        raise BadItem(f"page {page['title']!r} holds no text")
    return Draft(
        title=plain(page["title"]),
        url=page["url"],
        kind=kind,
        language=said.language(page["language"]),
        updated=said.moment(page["updated"]),
        licence=said.licence(page["licence"]),
        subjects=tuple(c.replace("_", " ") for c in page["categories"]),
        parts=parts,
        unmapped=said.unmapped,
    )


def _reading(markup: str) -> str:
    """The page without what a reader skips."""
    from lxml import etree, html

    if not markup.strip():
        return ""
    root = html.fragment_fromstring(
        markup.replace("\x00", ""), create_parent="div", parser=html.HTMLParser(no_network=True)
    )
    for element in [e for e in root.iter(etree.Element) if _ASIDE.search(e.get("class") or "")]:
        if element.getparent() is not None:
            element.drop_tree()
    return str(html.tostring(root, encoding="unicode"))
