"""OPDS 2: catalogues in JSON (drafts.opds.io/opds-2.0). One value may stand for a list of one."""

from collections.abc import Iterator, Mapping
from typing import Any

from catalogue.errors import BadItem
from catalogue.model import Payload
from connectors.formats.opds.feed import CRAWLABLE, SELECTIONS, Feed, link, shareable

_PEOPLE = ("author", "editor", "narrator", "contributor")
_OF_FEEDS = "application/opds+json"


def feed(read: Any, url: str) -> Feed:
    lists = ("publications", "navigation", "groups")
    if not isinstance(read, Mapping) or not any(isinstance(read.get(n), list) for n in lists):
        if isinstance(read, Mapping) and isinstance(read.get("metadata"), Mapping):
            read = {"publications": [read]}  # a catalogue may consist of one book
        else:
            raise BadItem(f"is no OPDS feed: it has no {', '.join(lists)}")
    links = list(_links(read.get("links"), url))
    following = [one["href"] for one in links if "next" in one["rel"]]
    following += _navigation(read.get("navigation"), url)
    found, nameless = _found(read.get("publications"), url)
    for group in _dicts(read.get("groups")):
        following += _navigation(group.get("navigation"), url)
        # A group shows a few of what its own feed lists.
        following += [o["href"] for o in _links(group.get("links"), url) if "self" in o["rel"]]
        more, without = _found(group.get("publications"), url)
        found, nameless = [*found, *more], nameless + without
    crawlable = next((one["href"] for one in links if CRAWLABLE in one["rel"]), "")
    return Feed(found, [href for href in following if href], crawlable, nameless)


def _navigation(value: Any, url: str) -> list[str]:
    """Links without a type are feeds too: the list is there for nothing else."""
    links = _links(value, url)
    feeds = (one for one in links if not one["type"] or one["type"].startswith(_OF_FEEDS))
    return [one["href"] for one in feeds if not SELECTIONS & set(one["rel"])]


def _found(value: Any, url: str) -> tuple[list[Payload], int]:
    read = [_payload(one, url) for one in _dicts(value)]
    return [p for p in read if p["id"]], sum(not p["id"] for p in read)


def _payload(publication: Mapping[str, Any], url: str) -> Payload:
    about = publication.get("metadata")
    about = about if isinstance(about, Mapping) else {}
    links = [*_links(publication.get("links"), url)]
    links += [{**one, "rel": ["image"]} for one in _links(publication.get("images"), url)]
    for licence in _dicts(publication.get("licenses")):
        links += _links(licence.get("links"), url, licence.get("metadata"))
    own = next((one["href"] for one in links if "self" in one["rel"]), "")
    said = {
        "title": _name(about.get("title")),
        "subtitle": _name(about.get("subtitle")),
        "summary": str(about.get("description") or ""),
        "language": next(iter(_several(about.get("language"))), ""),
        "publisher": ", ".join(filter(None, map(_name, _several(about.get("publisher"))))),
        "issued": about.get("published"),
        "updated": about.get("modified"),
        "duration": about.get("duration"),
        "rights": _name(about.get("rights") or about.get("license")),
        "kind": str(about.get("@type") or ""),
        "authors": next(filter(None, (_names(about.get(role)) for role in _PEOPLE)), []),
        "subjects": [_subject(s) for s in _several(about.get("subject"))],
    }
    kept = {name: value for name, value in said.items() if value}
    return {"id": str(about.get("identifier") or own), "links": shareable(links), **kept}


def _subject(value: Any) -> dict[str, str]:
    if isinstance(value, Mapping):
        return {
            "code": str(value.get("code") or ""),
            "name": _name(value.get("name")),
            "scheme": str(value.get("scheme") or ""),
        }
    return {"code": "", "name": str(value), "scheme": ""}


def _links(value: Any, url: str, terms: Any = None) -> Iterator[dict[str, Any]]:
    for one in _dicts(value):
        about = one.get("properties")
        about = about if isinstance(about, Mapping) else {}
        price = about.get("price") or (terms.get("price") if isinstance(terms, Mapping) else None)
        price = price if isinstance(price, Mapping) else {}
        available = about.get("availability")
        yield link(
            url,
            None if one.get("templated") else one.get("href"),
            [str(rel) for rel in _several(one.get("rel"))],
            one.get("type"),
            price=price.get("value"),
            currency=price.get("currency"),
            state=available.get("state") if isinstance(available, Mapping) else "",
        )


def _names(value: Any) -> list[str]:
    return [name for name in map(_name, _several(value)) if name]


def _name(value: Any) -> str:
    """A text; of an object its name; of a name in several languages the first."""
    if isinstance(value, Mapping):
        value = value.get("name", next(iter(value.values()), ""))
        return _name(value)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [v for v in value if isinstance(v, Mapping)] if isinstance(value, list) else []
