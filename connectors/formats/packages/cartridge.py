"""What Common Cartridges keep beside pages: discussions, links, assignments, and who may see them.

Questions of tests are not read: learners see them only while they take the test.
"""

import re
from collections.abc import Iterable
from typing import Any

from catalogue.errors import BadItem
from connectors.extract import plain
from connectors.formats.lom import below, local
from connectors.formats.packages.pages import Pages
from connectors.formats.packages.resource import Resource
from connectors.formats.packages.tree import Unit

_XML = re.compile(r"imsdt|imswl|assignment|imsbasiclti|imsqti")
_TEACHING = {"instructor", "teacher", "mentor", "manager"}
_UNPUBLISHED = {"unpublished", "deleted", "post_delayed", "deleted_topic"}
_STATE = re.compile(rb"""name=["']workflow_state["']\s+content=["'](\w+)""", re.IGNORECASE)
_FILES = "course_settings/files_meta.xml"
_MODULES = "course_settings/module_meta.xml"


def read(pages: Pages, resource: Resource) -> Unit | None:
    """What an XML resource says, None for one that is a page or a file."""
    name = pages.find(next(iter([*resource.files, resource.href]), ""), resource.base)
    if not _XML.match(resource.type) or not name:
        return None
    try:
        root = pages.xml(name)
    except BadItem as error:
        pages.unread.append(str(error))
        return Unit(resource.id)
    link = next((e.get("href") or "" for e in below(root, "url")), "")
    about = _said(root, "text") or _said(root, "description")
    return Unit(resource.id, title=plain(_said(root, "title")), text=plain(about), href=link)


def _said(root: Any, name: str) -> str:
    return next(("".join(e.itertext()).strip() for e in below(root, name)), "")


def hidden(pages: Pages, found: Iterable[Resource]) -> frozenset[str]:
    """Ids of the resources that learners do not see: unpublished, withheld, or for teachers."""
    known = {resource.id: resource for resource in found}
    withheld = _withheld(pages)
    return frozenset(
        r.id
        for r in known.values()
        if r.id in withheld
        or set(r.roles) & _TEACHING == set(r.roles) != set()
        or any(_unpublished(pages, each) for each in (r, *(known.get(n) for n in r.needs)) if each)
    )


def unpublished_items(pages: Pages) -> frozenset[str]:
    """Ids of modules and their items that Canvas does not show.

    What is published of an unpublished module can still be found under "Pages" and the like.
    """
    name = pages.find(_MODULES)
    if not name:
        return frozenset()
    return frozenset(
        element.get("identifier") or ""
        for element in pages.xml(name).iter("{*}module", "{*}item")
        if any((s.text or "") in _UNPUBLISHED for s in below(element, "workflow_state"))
    )


def _withheld(pages: Pages) -> set[str]:
    """Files that Canvas hides or locks."""
    name = pages.find(_FILES)
    if not name:
        return set()
    return {
        file.get("identifier")
        for file in pages.xml(name).iter("{*}file")
        if any(local(sign) in ("hidden", "locked") and sign.text == "true" for sign in file)
    }


def _unpublished(pages: Pages, resource: Resource) -> bool:
    """Canvas says so in a page's head, or in the settings beside or within an XML resource."""
    for name in resource.pages(pages):
        state = _state(pages, name)
        if state in _UNPUBLISHED:
            return True
    return False


def _state(pages: Pages, name: str) -> str:
    try:
        if name.lower().endswith((".html", ".htm")):
            found = _STATE.search(pages.archive.read(name)[:16384])
            return found[1].decode().lower() if found else ""
        if name.lower().endswith(".xml"):
            states = pages.xml(name).iter("{*}workflow_state")
            return next((str(state.text or "").strip().lower() for state in states), "")
    except BadItem:
        return ""  # it will say so when it is read
    return ""
