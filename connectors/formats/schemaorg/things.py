"""The plain object that every syntax of schema.org is read into, and reading from it.

A `Thing` is JSON: "@type" has the names of its types, "@id" its name if it has one, and every
property a list of texts, numbers, truths and further things. schema.org's own names are bare
("Course", "name"), those of other vocabularies whole addresses.
"""

import re
from collections.abc import Iterator
from typing import Any

from connectors.extract import plain
from connectors.extract.document import line

Thing = dict[str, Any]
_SCHEMA = re.compile(r"(?:https?://(?:[\w-]+\.)*schema\.org/|schema:|sdo:)(?=\w)", re.IGNORECASE)


def local(name: str) -> str:
    """The bare name of a type or property of schema.org; any other name as it is."""
    return _SCHEMA.sub("", name.strip(), count=1) if _SCHEMA.match(name.strip()) else name.strip()


def bare(text: str) -> str:
    """A value that may be one of schema.org's enumerations, such as https://schema.org/Online."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local(text)) if _SCHEMA.match(text) else text


def types(thing: Thing) -> tuple[str, ...]:
    return tuple(thing.get("@type", ()))


def values(thing: Thing, *names: str) -> list[Any]:
    """Everything under the first of `names` that holds anything."""
    return next((thing[name] for name in names if thing.get(name)), [])


def things(thing: Thing, *names: str) -> list[Thing]:
    return [value for value in values(thing, *names) if isinstance(value, dict)]


def texts(thing: Thing, *names: str) -> tuple[str, ...]:
    """The values as single lines, a thing by its name, without the empty and repeated."""
    return tuple(dict.fromkeys(filter(None, (_said(v) for v in values(thing, *names)))))


def text(thing: Thing, *names: str) -> str:
    """The first of what `texts` gives, for each name in turn."""
    return next((found[0] for name in names if (found := texts(thing, name))), "")


def prose(thing: Thing, *names: str) -> str:
    """A longer text, with its paragraphs."""
    found = (plain(v) for name in names for v in values(thing, name) if isinstance(v, str))
    return next(filter(None, found), "")


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return text(value, "name", "headline", "termCode", "@value") if value else ""
    if isinstance(value, bool):
        return str(value)
    return line(plain(str(value)))


def inside(thing: Thing) -> Iterator[Thing]:
    """The thing and all those in it."""
    waiting = [thing]
    while waiting:
        found = waiting.pop()
        yield found
        for held in found.values():
            waiting.extend(v for v in held if isinstance(v, dict)) if isinstance(held, list) else 0
