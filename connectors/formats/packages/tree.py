"""A learning package as read: what it says of itself, and its units as a tree."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from catalogue.model import Json


@dataclass(frozen=True, slots=True)
class Unit:
    """A node of the organisation tree.

    `id` is the package's own. `href` is what is launched: a path in the package or an address.
    `documents` are its pages and files, as `extract.to_json` writes them.
    """

    id: str
    title: str = ""
    href: str = ""
    text: str = ""
    documents: tuple[Json, ...] = ()
    units: tuple["Unit", ...] = ()


@dataclass(frozen=True, slots=True)
class Package:
    """`form` names the format and its version. `about` has the fields of `formats.lom`.

    `documents` belong to no one unit; `unread` says which files could not be read, and why.
    """

    form: str
    title: str
    id: str = ""
    about: Json = field(default_factory=dict)
    units: tuple[Unit, ...] = ()
    documents: tuple[Json, ...] = ()
    unread: tuple[str, ...] = ()


def to_json(node: Package | Unit) -> dict[str, Any]:
    """A package or unit as JSON values, without what is empty."""
    value = {name: getattr(node, name) for name in node.__slots__}
    value["units"] = [to_json(unit) for unit in node.units]
    return {n: list(v) if isinstance(v, tuple) else v for n, v in value.items() if v}


def flat(units: tuple[Unit, ...]) -> Iterator[Unit]:
    """Every unit before those below it."""
    for unit in units:
        yield unit
        yield from flat(unit.units)
