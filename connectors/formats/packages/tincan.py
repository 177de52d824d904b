"""xAPI packages: `tincan.xml`, a list of activities of which one or more can be launched."""

from typing import Any

from catalogue.errors import BadItem
from connectors.formats.lom import below, local
from connectors.formats.packages.pages import Pages
from connectors.formats.packages.tree import Package, Unit


def read(pages: Pages, name: str) -> Package:
    root = pages.xml(name)
    activities = list(below(root, "activities", "activity"))
    if local(root) != "tincan" or not activities:
        raise BadItem(f"has a {name} that lists no activities")
    course = next((a for a in activities if (a.get("type") or "").endswith("/course")), None)
    whole = activities[0] if course is None else course
    units = tuple(_unit(pages, a) for a in activities if a is not whole or _launch(a))
    return Package(
        form="xAPI",
        title=_said(whole, "name"),
        id=whole.get("id") or "",
        about=_about(whole),
        units=units,
        unread=tuple(pages.unread),
    )


def _about(activity: Any) -> dict[str, Any]:
    languages = [e.get("lang") for e in below(activity, "name") if e.get("lang")]
    about = {"description": _said(activity, "description"), "languages": languages[:1]}
    return {field: value for field, value in about.items() if value}


def _unit(pages: Pages, activity: Any) -> Unit:
    address = _launch(activity)
    return Unit(
        id=activity.get("id") or "",
        title=_said(activity, "name"),
        href=address,
        text=_said(activity, "description"),
        documents=pages.documents([pages.find(address)]),
    )


def _launch(activity: Any) -> str:
    return _said(activity, "launch")


def _said(activity: Any, name: str) -> str:
    return next((" ".join("".join(e.itertext()).split()) for e in below(activity, name)), "")
