"""An Open Library with six works, a reading list of three and a search that finds two."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from requests import PreparedRequest

from connectors.testing import Answer

SECRETS: tuple[str, ...] = ()
LIST = "people/trainer/lists/OL77L"


def settings(base: str) -> dict[str, object]:
    return {"url": base, "lists": [LIST], "subjects": ["Carpentry"]}


def work(number: int, title: str, about: Any, **more: Any) -> dict[str, Any]:
    known = {"author_name": ["Robin Ash"], "first_publish_year": 1990 + number, "language": ["eng"]}
    return {"key": f"/works/OL{number}W", "title": title, **known, **more, "description": about}


WORKS = [
    work(1, "Joinery by hand", "Mortise, tenon, and patience.", subject=["Carpentry", "carpentry"]),
    work(
        2,
        "Sharp enough",
        {"type": "/type/text", "value": "Stones, angles and strops."},
        subtitle="Keeping edges",
        subject=["Tools", "Carpentry", "series:workshop"],
        cover_i=991,
        ebook_access="public",
    ),
    work(3, "Timber and weather", "Why boards cup.", subject=["Wood"], language=["ger", "eng"]),
    work(4, "Estimating a job", None, subject=["Carpentry", "Cost control"]),
    work(5, "The quiet workshop", "Noise, dust and how to be rid of both.", subject=["Safety"]),
]
SEEDS = [
    {"url": "/works/OL1W", "type": "work", "title": "Joinery by hand"},
    {"url": "/books/OL30M", "type": "edition", "title": "Timber and weather"},
    {"url": "/works/OL5W", "type": "work", "title": "The quiet workshop"},
    {"url": "/authors/OL9A", "type": "author", "title": "Robin Ash"},
    {"url": "/subjects/carpentry", "type": "subject", "title": "Carpentry"},
]
PER_PAGE = 3


def answers(base: str, world: str = "whole") -> Callable[[PreparedRequest], Answer]:
    works = [w for w in WORKS if world != "shrunk" or w["key"] != "/works/OL5W"]
    if world == "dented":
        works = [{**w, "title": None} if w["key"] == "/works/OL4W" else w for w in works]
    root = urlsplit(base).path

    def server(request: PreparedRequest) -> Answer:
        parts = urlsplit(str(request.url))
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        path = parts.path.removeprefix(root)
        start = int(query.get("offset", 0))
        if path == f"/{LIST}/seeds.json":
            entries = SEEDS[start : start + PER_PAGE]
            return Answer({"entries": entries, "size": len(SEEDS), "links": {"self": path}})
        if path == "/search.json":
            found = [_doc(w, query["fields"]) for w in works if _found(w, query["q"])]
            page = found[start : start + PER_PAGE]
            return Answer({"numFound": len(found), "start": start, "docs": page, "q": query["q"]})
        named = [w for w in works if f"{w['key']}.json" == path]
        if not named:
            return Answer({"error": "notfound"}, 404)
        return Answer({"key": named[0]["key"], "description": named[0]["description"]})

    return server


def _doc(found: dict[str, Any], fields: str) -> dict[str, Any]:
    return {name: found[name] for name in fields.split(",") if name in found}


def _found(found: dict[str, Any], query: str) -> bool:
    editions = {"OL30M": "/works/OL3W"}
    keys = re.findall(r'key:"(/works/OL\d+W)"', query)
    keys += [editions[e] for e in re.findall(r"edition_key:(OL\d+M)", query)]
    subject = re.fullmatch(r'subject:"(.*)"', query)
    return found["key"] in keys or bool(subject and subject[1] in found.get("subject", ()))
