"""cmi5: `cmi5.xml`, blocks of assignable units, in a package or alone with addresses of its own."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from catalogue.errors import BadItem
from connectors.formats.lom import below, local
from connectors.formats.packages.pages import Pages
from connectors.formats.packages.tree import Package, Unit

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read(pages: Pages, name: str) -> Package:
    root = pages.xml(name)
    course = next(below(root, "course"), None)
    if local(root) != "coursestructure" or course is None:
        raise BadItem(f"has a {name} that is no course structure")
    launched = Counter(pages.find(_address(unit)) for unit in root.iter("{*}au"))
    shared = [page for page, times in launched.items() if page and times > 1]
    units = tuple(_units(pages, root, shared))
    return Package(
        form="cmi5",
        title=_said(course, "title"),
        id=course.get("id") or "",
        about=_about(course),
        units=units,
        documents=pages.documents(shared),
        unread=tuple(pages.unread),
    )


def _about(course: Any) -> dict[str, Any]:
    said = [*below(course, "title", "langstring"), *below(course, "description", "langstring")]
    languages = [s.get("lang") or s.get(_LANGUAGE) for s in said]
    about = {
        "description": _said(course, "description"),
        "languages": list(dict.fromkeys(filter(None, languages)))[:1],
    }
    return {field: value for field, value in about.items() if value}


def _units(pages: Pages, parent: Any, shared: list[str]) -> Iterator[Unit]:
    for element in parent:
        if local(element) in ("au", "block"):
            address = _address(element)
            page = pages.find(address)
            yield Unit(
                id=element.get("id") or "",
                title=_said(element, "title"),
                href=address,
                text=_said(element, "description"),
                documents=() if page in shared else pages.documents([page]),
                units=tuple(_units(pages, element, shared)),
            )


def _address(unit: Any) -> str:
    return next(((e.text or "").strip() for e in below(unit, "url")), "")


def _said(element: Any, name: str) -> str:
    """The text in the first language it is given in."""
    strings = list(below(element, name, "langstring"))
    return " ".join("".join(strings[0].itertext()).split()) if strings else ""
