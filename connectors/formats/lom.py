"""Learning Object Metadata, as IEEE 1484.12.3, IMS MD 1.2 and Common Cartridge write it.

They differ in namespace, in case (`typicalLearningTime`, `typicallearningtime`) and in how they
wrap text (`string`, `langstring`), so elements are found by their names in lower case alone.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

_NAME = re.compile(r"\bFN(?:;[^:\n]*)?:\s*(.+?)\s*(?:\n|\s[A-Z][A-Z-]*[;:]|$)")
_ORGANISATION = re.compile(r"\bORG(?:;[^:\n]*)?:\s*(.+?)\s*(?:\n|\s[A-Z][A-Z-]*[;:]|$)")
_AUTHORS = {"author", "instructional designer", "subject matter expert", "script writer"}
_WRAPPED = ("langstring", "string")


def read_lom(lom: Any) -> dict[str, Any]:
    """What a `lom` element says, in its own words; what it leaves out is not there.

    Texts: title, description, duration, difficulty, copyright, restricted ("yes" or "no"),
    published, publisher, kind, level. Lists: languages, keywords, authors, audience, subjects,
    skills.
    """
    said = {
        "title": _first(lom, "general", "title"),
        "description": _first(lom, "general", "description"),
        "languages": [t for t in _all(lom, "general", "language") if t.lower() != "none"],
        "keywords": [*_all(lom, "general", "keyword"), *_all(lom, "general", "keywords")],
        "duration": _duration(lom),
        "difficulty": _first(lom, "educational", "difficulty"),
        "kind": _first(lom, "educational", "learningresourcetype"),
        "audience": _all(lom, "educational", "intendedenduserrole"),
        "copyright": _first(lom, "rights", "description"),
        "restricted": _first(lom, "rights", "copyrightandotherrestrictions").lower(),
        "authors": [name for role, name, _ in _contributions(lom) if role in _AUTHORS],
        "publisher": next((n for role, n, _ in _contributions(lom) if role == "publisher"), ""),
        "published": next((date for _, _, date in _contributions(lom) if date), ""),
        **_classified(lom),
    }
    return {name: value for name, value in said.items() if value}


def local(element: Any) -> str:
    """An element's name in lower case, without its namespace."""
    return str(element.tag).rpartition("}")[2].lower()


def below(element: Any, *path: str) -> Iterator[Any]:
    """The elements at a path of lower-case names."""
    if not path:
        yield element
        return
    for child in element:
        if local(child) == path[0]:
            yield from below(child, *path[1:])


def _all(lom: Any, *path: str) -> list[str]:
    found = (text for element in below(lom, *path) for text in _texts(element))
    return list(dict.fromkeys(text for text in found if text))


def _first(lom: Any, *path: str) -> str:
    return next(iter(_all(lom, *path)), "")


def _texts(element: Any) -> Iterator[str]:
    """A vocabulary's value (not its source), or the text in each of its languages."""
    values = list(below(element, "value"))
    if values:
        yield from (text for value in values for text in _texts(value))
        return
    strings = [child for child in element if local(child) in _WRAPPED]
    for string in strings or [element]:
        yield " ".join("".join(string.itertext()).split())


def _duration(lom: Any) -> str:
    for category in (("educational", "typicallearningtime"), ("technical", "duration")):
        for form in ("duration", "datetime"):
            found = _first(lom, *category, form)
            if found:
                return found
    return ""


def _contributions(lom: Any) -> Iterator[tuple[str, str, str]]:
    """Role, name and date of each contribution."""
    for entry in below(lom, "lifecycle", "contribute"):
        role, date = _first(entry, "role").lower(), _first(entry, "date", "datetime")
        cards = [*below(entry, "entity"), *below(entry, "centity", "vcard")]
        for card in cards or [None]:
            yield role, "" if card is None else _person("".join(card.itertext())), date


def _person(card: str) -> str:
    """The name in a vCard (RFC 2426), or the text that stands in its place."""
    found = _NAME.search(card) or _ORGANISATION.search(card)
    name = found[1] if found else "" if "BEGIN:VCARD" in card.upper() else card
    return " ".join(re.sub(r"\\([,;\\])", r"\1", name).split())


def _classified(lom: Any) -> dict[str, Any]:
    purposes: dict[str, list[str]] = {}
    for entry in below(lom, "classification"):
        taxa = [*below(entry, "taxonpath", "taxon", "entry")]
        words = [text for taxon in taxa[-1:] for text in _texts(taxon)]
        purposes.setdefault(_first(entry, "purpose").lower(), []).extend(words)
    return {
        "subjects": _unique([*purposes.get("discipline", ()), *purposes.get("idea", ())]),
        "skills": _unique(purposes.get("competency", ())),
        "level": next(iter(purposes.get("skill level", ())), ""),
    }


def _unique(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, words)))
