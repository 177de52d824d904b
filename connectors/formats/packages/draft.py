"""A package as a learning resource, each unit a part that opens at its own place."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from catalogue.model import Delivery, Draft, Json, Kind, Locator, Part, Payload, Place
from connectors.extract import from_json, plain
from connectors.extract.document import line, tidy
from connectors.formats.packages.sniff import is_manifest
from connectors.formats.units import unit_parts
from connectors.vocabulary import Vocabulary

_LINKED = re.compile(r"\s+-\s+(https?://\S+)$")  # Canvas: "Public Domain - http://…"
_ALONE = ("SCORM", "AICC", "cmi5", "xAPI")  # formats that a learner goes through without a teacher


def package_draft(payload: Payload, kind: Kind | None) -> Draft:
    """`kind` is what the packages are, if that is known. Pure."""
    package, root = payload["package"], payload.get("root", "")
    about, said = package.get("about", {}), Vocabulary()
    alone = package["form"].startswith(_ALONE)
    modified = payload.get("modified")
    return Draft(
        title=line(plain(package.get("title") or about.get("title", ""))) or _name(payload["path"]),
        url=payload["url"],
        kind=kind or _kind(package["form"]),
        summary=tidy(plain(about.get("description", ""))),
        language=said.language(_language(package, about)),
        provider=about.get("publisher", ""),
        authors=tuple(about.get("authors", ())),
        published=said.moment(about.get("published")),
        updated=datetime.fromisoformat(modified) if modified else None,
        duration=said.seconds(about.get("duration")),
        level=said.level(about.get("difficulty") or about.get("level")),
        delivery=Delivery.SELF_PACED if alone else None,
        licence=said.licence(_licence(about)),
        subjects=_unique([*about.get("keywords", ()), *about.get("subjects", ())]),
        skills=tuple(about.get("skills", ())),
        audience=", ".join(a for a in about.get("audience", ()) if a.lower() != "learner"),
        parts=tuple(_parts(package, root)),
        unmapped=said.unmapped,
    )


def _name(path: str) -> str:
    """A title for the package that has none: its file's name, or its folder's."""
    file = PurePosixPath(path.partition("~")[0])
    bare = file.parent.name if is_manifest(file.name) else file.stem
    return re.sub(r"[_\s-]+", " ", bare).strip() or file.name


def _kind(form: str) -> Kind:
    return Kind.VIDEO if form.endswith("InteractiveVideo") else Kind.COURSE


def _language(package: Json, about: Json) -> str:
    """The one it names first, else that of most of its pages."""
    if about.get("languages"):
        return str(about["languages"][0])
    named = Counter(d["language"] for d in _documents(package) if d.get("language"))
    return named.most_common(1)[0][0] if named else ""


def _documents(node: Json) -> Iterator[Json]:
    yield from node.get("documents", ())
    for unit in node.get("units", ()):
        yield from _documents(unit)


def _licence(about: Json) -> str:
    text = str(about.get("copyright", ""))
    linked = _LINKED.search(text)
    if linked is None:
        return text
    return linked[1] if "creativecommons.org" in linked[1] else text[: linked.start()]


def _unique(words: list[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (line(str(word)) for word in words))))


def _parts(package: Json, root: str) -> Iterator[Part]:
    for document in package.get("documents", ()):
        for part in from_json(document).parts:
            yield Part(part.text, None, part.heading or document.get("title", ""))
    for unit in package.get("units", ()):
        yield from _unit(unit, root)


def _unit(unit: Json, root: str) -> Iterator[Part]:
    name, documents = line(unit.get("title", "")), unit.get("documents", [])
    place = Locator(Place.UNIT, unit.get("id") or name, _address(unit.get("href", ""), root))
    if len(documents) > 1:  # pages of one unit that only its own script leads through
        documents = [_headed(document) for document in documents]
    for part in unit_parts(place, name, tidy(unit.get("text", "")), documents):
        if part.text:
            yield part
    for inner in unit.get("units", ()):
        yield from _unit(inner, root)


def _headed(document: Json) -> Json:
    title = document.get("title", "")
    parts = [{**p, "heading": p.get("heading") or title} for p in document.get("parts", ())]
    return {**document, "parts": parts}


def _address(href: str, root: str) -> str | None:
    """Where a unit opens, if it has an address of its own; an archive's units have none."""
    scheme = urlsplit(href).scheme if ":" in href else ""
    if scheme in ("http", "https"):
        return href.partition("?")[0]  # what follows may sign the learner in
    if scheme or not (href and root) or href.startswith("/"):
        return None
    joined = urljoin(root, quote(href, safe="/?=&#%;,+@~!$'()*"))
    return joined if joined.startswith(root) else None
