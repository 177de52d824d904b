"""schema.org in RDFa: the processing rules of RDFa Core 1.1, section 7.5, as HTML adapts them.

https://www.w3.org/TR/rdfa-core/#s_sequence. Lists (`inlist`) and XML literals are not read: no page
describes learning content with them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, NamedTuple

from connectors.formats.links import joined
from connectors.formats.schemaorg.markup import text_of
from connectors.formats.schemaorg.things import Thing, local

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
# Those of the RDFa Core initial context that stand beside schema.org on pages about learning.
_PREFIXES = {
    "schema": "http://schema.org/",
    "dc": "http://purl.org/dc/terms/",
    "dcterms": "http://purl.org/dc/terms/",
    "dc11": "http://purl.org/dc/elements/1.1/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "og": "http://ogp.me/ns#",
    "cc": "http://creativecommons.org/ns#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "v": "http://rdf.data-vocabulary.org/#",
}
_TERMS = {
    "license": "http://www.w3.org/1999/xhtml/vocab#license",
    "describedby": "http://www.w3.org/2007/05/powder-s#describedby",
    "role": "http://www.w3.org/1999/xhtml/vocab#role",
}
_RESOURCE = ("resource", "href", "src")


class Ref(NamedTuple):
    """A thing by its name, as opposed to a text."""

    name: str


Triple = tuple[str, str, str | Ref]


@dataclass(frozen=True, slots=True)
class _Context:
    """The evaluation context that an element hands to those in it."""

    subject: str
    object: str
    prefixes: Mapping[str, str] = field(default_factory=lambda: _PREFIXES)
    vocabulary: str = ""
    hanging: tuple[
        tuple[str, bool], ...
    ] = ()  # predicates of `rel` (True) and `rev` without an end


class _Element:
    """The attributes of one element, read in its context."""

    def __init__(self, element: Any, context: _Context, base: str) -> None:
        self.node, self._base = element, base
        self.prefixes = {**context.prefixes, **_declared(element)}
        vocab = element.get("vocab")
        self.vocabulary = context.vocabulary if vocab is None else vocab.strip()
        self.property = self._names("property")
        linking = element.get("property") is not None
        self.rel = self._names("rel", curies_only=linking)
        self.rev = self._names("rev", curies_only=linking)
        # In HTML, rel="nofollow" beside a property is no relation (HTML+RDFa 1.1, 3.1, rule 7).
        self.related = bool(self.rel or self.rev) if linking else _has(element, "rel", "rev")
        self.typeof = self._names("typeof")
        self.typed = element.get("typeof") is not None
        self.about = self._place("about")
        self.resource = next(filter(None, map(self._place, _RESOURCE)), None)
        self.is_root = element.getparent() is None

    def _names(self, attribute: str, curies_only: bool = False) -> list[str]:
        words = (self.node.get(attribute) or "").split()
        named = (self._name(word) for word in words if ":" in word or not curies_only)
        return [name for name in named if name]

    def _name(self, word: str) -> str:
        prefix, colon, rest = word.partition(":")
        if not colon:
            return self.vocabulary + word if self.vocabulary else _TERMS.get(word.lower(), "")
        known = None if rest.startswith("//") else self.prefixes.get(prefix.lower())
        return known + rest if known else word

    def _place(self, attribute: str) -> str | None:
        if self.node.get(attribute) is None:
            return None
        said = str(self.node.get(attribute)).strip()
        if attribute in ("about", "resource"):
            if said.startswith("[") and said.endswith("]"):
                return self._name(said[1:-1]) if ":" in said else None
            if said.startswith("_:") or said.partition(":")[0].lower() in self.prefixes:
                return said if said.startswith("_:") else self._name(said)
        return joined(self._base, said)

    def value(self, own: str | None) -> str | Ref:
        """What its property is: a text, a place, or `own`, the thing that the element is about."""
        content = self.node.get("content", self.node.get("datetime"))
        if content is not None:
            return str(content).strip()
        if self.node.get("datatype") is None:
            if self.resource and not self.related:
                return Ref(self.resource)
            if own and self.typed and not self.about:
                return Ref(own)
        return text_of(self.node)


def triples(root: Any, base: str) -> Iterator[Triple]:
    """What the page says, as subject, predicate and object; `base` is the page's address."""
    blanks = (f"_:{number}" for number in count(1))
    waiting = [(root, _Context(base, base))]
    while waiting:
        node, context = waiting.pop()
        element = _Element(node, context, base)
        subject, object_, typed = _bound(element, context, base, blanks)
        yield from ((typed, TYPE, Ref(kind)) for kind in element.typeof if typed)
        hanging: tuple[tuple[str, bool], ...] = ()
        ends = [(name, True) for name in element.rel] + [(name, False) for name in element.rev]
        if object_ and element.related:
            yield from (_joined(subject or base, end, object_) for end in ends)
        elif ends:
            hanging, object_ = tuple(ends), next(blanks)
        value = element.value(typed) if element.property else ""
        yield from ((subject or base, p, value) for p in element.property if value)
        if subject and context.hanging:
            yield from (_joined(context.subject, end, subject) for end in context.hanging)
        inner = replace(context, prefixes=element.prefixes, vocabulary=element.vocabulary)
        if subject:
            inner = replace(inner, subject=subject, object=object_ or subject, hanging=hanging)
        waiting.extend((child, inner) for child in reversed(node) if isinstance(child.tag, str))


def _bound(
    element: _Element, context: _Context, base: str, blanks: Iterator[str]
) -> tuple[str | None, str | None, str | None]:
    """The element's subject, its object, and which of them its type is of.

    Without a subject the element says nothing itself and hands on what it was handed.
    """
    about = element.about or (base if element.is_root else None)
    place = element.resource
    if element.related:
        own = place or (next(blanks) if element.typed and not element.about else None)
        return about or context.object, own, element.about if element.about else own
    plain = not _has(element.node, "content", "datatype")
    if element.node.get("property") is not None and plain:
        thing = about or place or next(blanks) if element.typed else None
        return about or context.object, thing, thing
    subject = about or place or (next(blanks) if element.typed else None)
    if subject is None and element.node.get("property") is not None:
        subject = context.object
    return subject, None, subject if element.typed else None


def _joined(subject: str, end: tuple[str, bool], object_: str) -> Triple:
    name, forward = end
    return (subject, name, Ref(object_)) if forward else (object_, name, Ref(subject))


def _declared(element: Any) -> dict[str, str]:
    words = (element.get("prefix") or "").split()
    pairs = zip(words[::2], words[1::2], strict=False)
    found = {name[:-1].lower(): place for name, place in pairs if name.endswith(":")}
    spaces = {n[6:].lower(): v for n, v in element.attrib.items() if n.startswith("xmlns:")}
    return {**spaces, **found}


def _has(element: Any, *names: str) -> bool:
    return any(element.get(name) is not None for name in names)


def read(root: Any, base: str) -> list[Thing]:
    """The typed things of a page that are no property of another one."""
    if not root.xpath("boolean(//@typeof)"):  # most pages; to walk one takes 13 ms
        return []
    said: dict[str, list[tuple[str, str | Ref]]] = {}
    for subject, name, value in triples(root, base):
        said.setdefault(subject, []).append((name, value))
    typed = [name for name, about in said.items() if any(p == TYPE for p, _ in about)]
    held = {
        value.name
        for name in typed
        for p, value in said[name]
        if isinstance(value, Ref) and p != TYPE and value.name != name
    }
    told: set[str] = set()
    roots = [name for name in typed if name not in held] or typed[:1]
    return [_thing(name, said, told, 0) for name in roots]


def _thing(
    name: str, said: Mapping[str, list[tuple[str, str | Ref]]], told: set[str], depth: int
) -> Thing:
    """The thing with those it refers to in it, each told of once."""
    told.add(name)
    thing: Thing = {"@type": [], **({} if name.startswith("_:") else {"@id": name})}
    for prop, value in said[name]:
        if prop == TYPE and isinstance(value, Ref):
            thing["@type"].append(local(value.name))
        elif isinstance(value, str):
            thing.setdefault(local(prop), []).append(value)
        elif value.name in said and value.name not in told and depth < 12:
            thing.setdefault(local(prop), []).append(_thing(value.name, said, told, depth + 1))
        elif not value.name.startswith("_:"):
            thing.setdefault(local(prop), []).append(value.name)
    return thing
