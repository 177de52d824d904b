"""What the record of a repository means, in whichever of its formats. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from catalogue.errors import BadItem
from catalogue.model import Draft, Kind, Payload
from connectors.extract import plain
from connectors.extract.document import line
from connectors.formats import dublincore, schemaorg, xml
from connectors.formats.lom import below, read_lom
from connectors.formats.schemaorg.things import Thing, text, texts
from connectors.vocabulary import Vocabulary

_DEEPEST = 12
# Names of Dublin Core, and of LRMI before schema.org took it in, by schema.org's own.
_ALIASES = {
    "title": "name", "subject": "about", "language": "inLanguage", "rights": "license",
    "useRightsUrl": "license", "identifier": "url", "type": "learningResourceType",
    "date": "datePublished", "issued": "datePublished", "modified": "dateModified",
    "format": "encodingFormat", "abstract": "abstract", "intendedEndUserRole": "audience",
    "educationLevel": "educationalLevel", "requires": "coursePrerequisites",
}  # fmt: skip


def draft(payload: Payload, link: str = "") -> Draft:
    """`link` is the address, with {id}, of what names none itself.

    Raises BadItem for a record that cannot be read, has no title or no address.
    """
    element = xml.parse(payload["metadata"].encode())
    said = Vocabulary()
    name = str(element.tag).rpartition("}")[2].lower()
    read = {"dc": _dublin_core, "lom": _lom}.get(name, _by_names)
    found = read(element, payload["id"], said)
    url = found.url or _linked(link, payload["id"])
    if not found.title:
        raise BadItem(f"{payload['id']} has no title")
    if not url:
        raise BadItem(f"{payload['id']} names no address; set `link` for such records")
    return replace(found, url=url, unmapped=said.unmapped)


def _linked(link: str, identifier: str) -> str:
    """With the last piece of an identifier such as oai:repository.example:123."""
    return link.replace("{id}", quote(identifier.rpartition(":")[2]))


def _dublin_core(element: Any, identifier: str, said: Vocabulary) -> Draft:
    terms = dublincore.terms(element)
    named = [*terms.get("identifier", ()), *terms.get("relation", ()), *terms.get("source", ())]
    places = dublincore.addresses([*named, identifier])
    return dublincore.draft(terms, _best(list(places)), said)


def _best(places: list[str]) -> str:
    """Of several addresses the first that is a page; files of it are named beside it."""
    pages = [p for p in places if not re.search(r"\.(pdf|docx?|zip|jpe?g|png|mp[34])$", p, re.I)]
    return next(iter(pages or places), "")


def _lom(element: Any, identifier: str, said: Vocabulary) -> Draft:
    lom = read_lom(element)
    # The entry of an identifier, or the place of the thing itself, in the spellings of LOM.
    paths = (("technical", "location"), ("general", "identifier", "entry"),
             ("general", "catalogentry", "entry"), ("general", "identifier"))  # fmt: skip
    found = [" ".join(e.itertext()).strip() for path in paths for e in below(element, *path)]
    cost = next((line(" ".join(e.itertext())) for e in below(element, "rights", "cost")), "")
    free = "no" in cost.lower().split()
    return Draft(
        title=line(plain(lom.get("title", ""))),
        url=_best(list(dublincore.addresses([*found, identifier]))),
        kind=said.kind(lom.get("kind", ""), Kind.DOCUMENT),
        summary=plain(lom.get("description", "")),
        language=said.language(lom.get("languages", [])[:1]),
        provider=lom.get("publisher", ""),
        authors=tuple(dict.fromkeys(lom.get("authors", ()))),
        published=said.moment(lom.get("published", "")),
        duration=said.seconds(lom.get("duration", "")),
        level=said.level(lom.get("level") or lom.get("difficulty", "")),
        licence=said.licence(lom.get("copyright", "")),
        cost=0.0 if free else None,
        subjects=tuple(dict.fromkeys([*lom.get("keywords", ()), *lom.get("subjects", ())])),
        skills=tuple(lom.get("skills", ())),
        audience=", ".join(lom.get("audience", ())),
    )


def _by_names(element: Any, identifier: str, said: Vocabulary) -> Draft:
    """schema.org in XML, and whatever else names its elements so."""
    thing = _thing(element, 0)
    own = [*texts(thing, "url"), *texts(thing, "sameAs"), thing.get("@id", ""), identifier]
    url = _best(list(dublincore.addresses(own)))
    found = schemaorg.draft(thing, url or "", said)
    kind = said.kind(text(thing, "learningResourceType"), found.kind)
    return replace(found, url=url, kind=kind)


def _thing(element: Any, depth: int) -> Thing:
    """An element with a capital is a type, another a property: with things in it, or a text."""
    name = str(element.tag).rpartition("}")[2]
    given = next((v for n, v in element.attrib.items() if n.endswith("}type") or n == "type"), "")
    typed = given.rpartition(":")[2] or (name if name[:1].isupper() else "LearningResource")
    thing: Thing = {"@type": [typed]}
    for attribute, value in element.attrib.items():
        if attribute.rpartition("}")[2] in ("about", "id"):
            thing["@id"] = value
    for child in element if depth < _DEEPEST else ():
        prop = str(child.tag).rpartition("}")[2]
        thing.setdefault(_ALIASES.get(prop, prop), []).extend(_values(child, depth + 1))
    return thing


def _values(element: Any, depth: int) -> Iterator[Any]:
    inner = list(element)
    if inner and all(str(e.tag).rpartition("}")[2][:1].isupper() for e in inner):
        yield from (_thing(e, depth) for e in inner)
    elif inner:
        thing = _thing(element, depth)
        yield {**thing, "@type": [t for t in thing["@type"] if t != "LearningResource"]}
    elif said := line("".join(element.itertext())) or next(iter(_referred(element)), ""):
        yield said


def _referred(element: Any) -> Iterator[str]:
    for attribute, value in element.attrib.items():
        if attribute.rpartition("}")[2] in ("resource", "href"):
            yield value
