"""Who may see a Confluence page, and what it says."""

from collections.abc import Mapping
from typing import Any

from catalogue.errors import BadItem
from catalogue.hashing import content_hash
from catalogue.model import Draft, Json, Kind, Locator, Part, Payload, Place
from connectors.extract import format_of, from_json, plain
from connectors.extract.web import fragment
from connectors.formats.confluencesite import objects
from connectors.vocabulary import Vocabulary

Groups = frozenset[str]


def own_groups(page: Json) -> Groups | None:
    """The groups that the page itself is restricted to; None if it is not restricted.

    Empty where single persons alone may see it.
    """
    restrictions = _at(page, "restrictions", "read", "restrictions")
    groups, users = (_at(restrictions, kind) for kind in ("group", "user"))
    if not (objects(groups.get("results")) or objects(users.get("results"))):
        return None
    return frozenset(str(g["name"]) for g in objects(groups.get("results")) if g.get("name"))


def visibility(page: Json, pages: Mapping[str, Json]) -> tuple[str, ...] | None:
    """The groups that may see a page; () for everybody who sees the space, None for nobody.

    A page is seen by whom it and all above it allow. Groups allowed on each level are; where
    different ones are, their common members cannot be named, so that nobody sees it here.
    """
    above = [str(a.get("id")) for a in objects(page.get("ancestors"))]
    if any(number not in pages for number in above):
        return None  # an ancestor that is not for us: nobody can tell for whom it is
    levels = [own_groups(p) for p in (page, *(pages[number] for number in above))]
    asked = [groups for groups in levels if groups is not None]
    if not asked:
        return ()
    return tuple(sorted(frozenset.intersection(*asked))) or None


def attachments(page: Json) -> list[dict[str, Any]]:
    """The files of a page that can be read, as name, version and link."""
    listed = objects(_at(page, "children", "attachment").get("results"))
    return [
        {
            "name": str(one.get("title", "")),
            "version": _at(one, "version").get("number"),
            "link": str(_at(one, "_links").get("download", "")),
        }
        for one in listed
        if format_of(str(one.get("title", "")))
    ]


def mark(page: Json, groups: tuple[str, ...], files: list[dict[str, Any]]) -> str:
    """Changes when the page does, its files, or who may see it."""
    named = [[file["name"], file["version"]] for file in files]
    return content_hash([_at(page, "version").get("number"), page.get("title"), groups, named])[
        -16:
    ]


def payload(page: Json, groups: tuple[str, ...], texts: list[dict[str, Any]]) -> dict[str, Any]:
    labels = objects(_at(page, "metadata", "labels").get("results"))
    history = _at(page, "history")
    return {
        "id": str(page["id"]),
        "title": page.get("title", ""),
        "link": _at(page, "_links").get("webui", ""),
        "space": _at(page, "space").get("name", ""),
        "labels": [str(one["name"]) for one in labels if one.get("name")],
        "author": _at(history, "createdBy").get("displayName", ""),
        "created": history.get("createdDate", ""),
        "updated": _at(page, "version").get("when", ""),
        "groups": list(groups),
        "html": _at(page, "body", "view").get("value", ""),
        "files": texts,
    }


def draft(page: Payload, site: str, kind: Kind) -> Draft:
    said = Vocabulary()
    files = [file for file in page["files"] if "document" in file]
    parts = [p for p in fragment(page["html"]) if p.text]
    parts += [part for file in files for part in _file_parts(file, site, page["link"])]
    title = plain(page["title"])
    if not title or not parts:
        raise BadItem(f"page {page['id']} has no {'text' if title else 'title'}")
    return Draft(
        title=title,
        url=f"{site}{page['link'] or '/pages/viewpage.action?pageId=' + page['id']}",
        kind=kind,
        authors=(page["author"],) if page["author"] else (),
        published=said.moment(page["created"]),
        updated=said.moment(page["updated"]),
        subjects=tuple(page["labels"]),
        visibility=tuple(page["groups"]),
        parts=tuple(parts),
        unmapped=said.unmapped,
    )


def _file_parts(file: Json, site: str, link: str) -> list[Part]:
    name, url = file["name"], f"{site}{file['link'].partition('?')[0]}" if file["link"] else link
    read = from_json(file["document"]).parts
    return [Part(p.text, Locator(Place.UNIT, name, url), p.heading or name) for p in read]


def _at(value: Json, *names: str) -> Mapping[str, Any]:
    """The object at the end of a path; an empty one where there is none."""
    for name in names:
        found = value.get(name)
        value = found if isinstance(found, Mapping) else {}
    return value
