"""OPDS 1: catalogues in Atom (specs.opds.io/opds-1.2)."""

from collections.abc import Iterator
from typing import Any

from catalogue.errors import BadItem
from catalogue.model import Payload
from connectors.formats.opds.feed import CRAWLABLE, SELECTIONS, Feed, link, shareable, whole

_ATOM = "{http://www.w3.org/2005/Atom}"
_DC = ("{http://purl.org/dc/terms/}", "{http://purl.org/dc/elements/1.1/}")
_OPDS = "{http://opds-spec.org/2010/catalog}"
_SCHEMA = "{http://schema.org/}"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


def feed(root: Any, url: str) -> Feed:
    if root.tag == f"{_ATOM}entry":  # a catalogue may consist of one book
        return _sorted([root], [], root.get(_BASE) or url)
    if root.tag != f"{_ATOM}feed":
        raise BadItem(f"is no OPDS feed: its root is {str(root.tag)[:80]}")
    base = whole(url, root.get(_BASE)) or url
    links = list(_links(root, base))
    read = _sorted(root.findall(f"{_ATOM}entry"), links, base)
    crawlable = next((one["href"] for one in links if CRAWLABLE in one["rel"]), "")
    return Feed(read.entries, read.following, crawlable, read.nameless)


def _sorted(entries: list[Any], links: list[dict[str, Any]], base: str) -> Feed:
    """Publications apart from the feeds that navigation leads to."""
    following = [one["href"] for one in links if "next" in one["rel"]]
    found, nameless = list[Payload](), 0
    for entry in entries:
        own = list(_links(entry, base))
        feeds = [one for one in own if _is_feed(one)]
        if feeds and not any("acquisition" in rel for one in own for rel in one["rel"]):
            following += [one["href"] for one in feeds if not SELECTIONS & set(one["rel"])]
        elif _text(entry, f"{_ATOM}id"):
            found.append(_payload(entry, own))
        else:
            nameless += 1
    return Feed(found, [href for href in following if href], nameless=nameless)


def _is_feed(one: dict[str, Any]) -> bool:
    kind = one["type"].replace(" ", "").lower()
    catalogue = "profile=opds-catalog" in kind and "type=entry" not in kind
    return catalogue or ("subsection" in one["rel"] and kind.startswith("application/atom+xml"))


def _links(element: Any, base: str) -> Iterator[dict[str, Any]]:
    for one in element.findall(f"{_ATOM}link"):
        price = one.find(f"{_OPDS}price")
        available = one.find(f"{_OPDS}availability")
        yield link(
            base,
            one.get("href"),
            (one.get("rel") or "alternate").split(),
            one.get("type"),
            price=(price.text or "").strip() if price is not None else "",
            currency=price.get("currencycode") if price is not None else "",
            state=available.get("status") if available is not None else "",
            rights=one.get(f"{_DC[0]}rights"),
        )


def _payload(entry: Any, links: list[dict[str, Any]]) -> Payload:
    names = [f"{_ATOM}author/{_ATOM}name", f"{_ATOM}contributor/{_ATOM}name"]
    authors = [text for text in (_clean(e.text) for e in entry.findall(names[0])) if text]
    said = {
        "title": _text(entry, f"{_ATOM}title"),
        "summary": _text(entry, f"{_ATOM}content") or _text(entry, f"{_ATOM}summary"),
        "language": _dc(entry, "language"),
        "publisher": _dc(entry, "publisher"),
        "issued": _dc(entry, "issued") or _dc(entry, "date"),
        "updated": _text(entry, f"{_ATOM}updated"),
        "rights": _text(entry, f"{_ATOM}rights") or _dc(entry, "rights"),
        "kind": entry.get(f"{_SCHEMA}additionalType") or "",
        "authors": authors or [_clean(e.text) for e in entry.findall(names[1])],
        "subjects": [
            {"code": c.get("term", ""), "name": c.get("label", ""), "scheme": c.get("scheme", "")}
            for c in entry.findall(f"{_ATOM}category")
        ],
    }
    kept = {name: value for name, value in said.items() if value}
    return {"id": _text(entry, f"{_ATOM}id"), "links": shareable(links), **kept}


def _dc(entry: Any, name: str) -> str:
    return next(filter(None, (_text(entry, f"{space}{name}") for space in _DC)), "")


def _text(entry: Any, tag: str) -> str:
    """Text, markup included where it stands as elements (type="xhtml")."""
    from lxml import etree

    element = entry.find(tag)
    if element is None:
        return ""
    if len(element):
        return "".join(etree.tostring(child, encoding="unicode") for child in element).strip()
    return str(element.text or "").strip()


def _clean(text: str | None) -> str:
    return " ".join((text or "").split())
