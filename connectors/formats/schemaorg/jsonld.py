"""schema.org in JSON-LD. Contexts are not fetched: names are read by what they look like."""

import html
import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.formats.schemaorg.things import Thing, local

_LARGEST = 2_000_000  # characters of one block
_DEEPEST = 12  # levels of things in things; the deepest page seen has 6
_SCRIPTS = "//script[starts-with(normalize-space(@type), 'application/ld+json')]"
# As sites wrap a block against parsers of another age: <!-- -->, <![CDATA[ ]]>, behind // or /* */.
_OPENINGS, _CLOSINGS = ("<![CDATA[", "<!--"), ("]]>", "-->")
_BLANKS = " \t\r\n;\ufeff"
_STRING = r'"(?:\\.|[^"\\])*"'
_COMMENT = re.compile(rf"({_STRING})|//[^\n]*|/\*(?:.*?\*/|.*)", re.DOTALL)
_NOTE = re.compile(r"^\s*<!--.*?-->", re.DOTALL)
_BETWEEN = re.compile(r"[\s;,]*")
_COMMA = re.compile(rf"({_STRING})|,(?=\s*[}}\]])", re.DOTALL)


def read(root: Any) -> tuple[list[Thing], list[str]]:
    """The things of a page, and what is wrong with each block that could not be read."""
    found: list[Thing] = []
    faults: list[str] = []
    for number, script in enumerate(root.xpath(_SCRIPTS), 1):
        try:
            blocks = parsed("".join(script.itertext()))
        except ValueError as error:
            faults.append(f"block {number}: {str(error)[:120]}")
            continue
        for block in blocks:
            found.extend(_nodes(block, _Names(_context(block)), 0))
    return found, faults


def parsed(text: str) -> list[Any]:
    """The objects of one block, mended where it is broken in a usual way. Raises ValueError."""
    if len(text) > _LARGEST:
        raise ValueError(f"has more than {_LARGEST:,} characters")
    fault: Exception | None = None
    for mended in (_unwrapped, _without_slips, _without_note, _without_escapes):
        try:
            return [value for value in _flat(_decoded(mended(text))) if value]
        except (ValueError, RecursionError) as error:
            fault = fault or error
    raise ValueError(str(fault))


def _unwrapped(text: str) -> str:
    """Without wrappers. By steps: a pattern for all of it takes hours on a block of blanks."""
    text = text.strip(_BLANKS)
    for _ in range(3):
        inner = text[2:].lstrip() if text.startswith(("//", "/*")) else text
        opening = next((mark for mark in _OPENINGS if inner.startswith(mark)), None)
        text = inner.removeprefix(opening).lstrip().removeprefix("*/") if opening else text
        inner = text.removesuffix("*/").rstrip()
        closing = next((mark for mark in _CLOSINGS if inner.endswith(mark)), None)
        if closing:
            bare = inner.removesuffix(closing).rstrip()
            text = bare.removesuffix("//").removesuffix("/*")
        text = text.strip(_BLANKS)
    return text


def _without_note(text: str) -> str:
    return _without_slips(_NOTE.sub("", text))


def _without_slips(text: str) -> str:
    """Without comments, and without commas after the last value."""
    kept = _COMMENT.sub(lambda match: match[1] or " ", _unwrapped(text))
    return _COMMA.sub(lambda match: match[1] or "", kept).strip(" \t\r\n;")


def _without_escapes(text: str) -> str:
    """Some sites escape the whole block as if it were text: {&quot;@type&quot;: …}."""
    return _without_slips(html.unescape(text))


def _decoded(text: str) -> list[Any]:
    """One value, or several one after another."""
    decoder = json.JSONDecoder(strict=False, parse_float=_finite, parse_constant=lambda _: None)
    found, at = [], 0
    while at < len(text):
        value, end = decoder.raw_decode(text, at)
        found.append(value)
        at = end + len(_BETWEEN.match(text, end)[0])  # type: ignore[index]
    return found


def _finite(number: str) -> float | None:
    value = float(number)
    return value if math.isfinite(value) else None


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for one in value:
            yield from _flat(one)
    elif isinstance(value, dict):
        yield value


class _Names:
    """What the names in a block mean, as far as its context says so."""

    def __init__(self, context: list[Any]) -> None:
        maps = [one for one in context if isinstance(one, dict)]
        self._aliases = {name: _iri(said) for one in maps for name, said in one.items()}
        places = [one for one in context if isinstance(one, str)] + [self._aliases.get("@vocab")]
        named = [place for place in places if place]
        self._ours = not named or any("schema.org" in place for place in named)

    def key(self, name: str) -> str | None:
        """The bare name of a property; None for one of another vocabulary."""
        name = self._aliases.get(name) or name
        found = local(name)
        if found.startswith("@"):
            return found if found in ("@id", "@type", "@graph") else None
        return found if self._ours or found != name else None


def _context(block: Any) -> list[Any]:
    said = block.get("@context") if isinstance(block, dict) else None
    return said if isinstance(said, list) else [said] if said else []


def _iri(said: Any) -> str | None:
    said = said.get("@id") if isinstance(said, Mapping) else said
    return said if isinstance(said, str) else None


def _nodes(value: Any, names: _Names, depth: int) -> Iterator[Thing]:
    """The things of a block: those of its graph, or itself."""
    if isinstance(value, list):
        for one in value:
            yield from _nodes(one, names, depth)
    elif isinstance(value, dict) and depth < _DEEPEST:
        yield from _nodes(value.get("@graph", ()), names, depth + 1)
        thing = _thing({k: v for k, v in value.items() if k != "@graph"}, names, depth)
        if thing.keys() - {"@id"}:
            yield thing


def _thing(value: Mapping[str, Any], names: _Names, depth: int) -> Thing:
    thing: Thing = {}
    for name, said in value.items():
        key = names.key(name)
        if key == "@type":
            kinds = said if isinstance(said, list) else [said]
            thing[key] = [local(kind) for kind in kinds if isinstance(kind, str)]
        elif key == "@id":
            thing |= {key: said} if isinstance(said, str) else {}
        elif key and (held := list(_values(said, names, depth + 1))):
            thing[key] = [*thing.get(key, ()), *held]
    return thing


def _values(said: Any, names: _Names, depth: int) -> Iterator[Any]:
    if depth > _DEEPEST or said is None or said == "":
        return
    if isinstance(said, list):
        for one in said:
            yield from _values(one, names, depth + 1)
    elif not isinstance(said, dict):
        yield said
    elif wrapped := next((w for w in ("@value", "@list", "@set") if w in said), None):
        yield from _values(said[wrapped], names, depth + 1)
    elif thing := _thing(said, names, depth):
        yield thing
