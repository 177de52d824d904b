"""`imsmanifest.xml`: SCORM 1.2 and 2004, IMS Content Packages and Common Cartridges."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from catalogue.errors import BadItem
from connectors.formats.lom import below, local, read_lom
from connectors.formats.packages import cartridge
from connectors.formats.packages.pages import Pages
from connectors.formats.packages.resource import Resource, resources
from connectors.formats.packages.tree import Package, Unit

_FORMS = {"adlcp_rootv1p2": "SCORM 1.2", "adlcp_v1p3": "SCORM 2004", "imscc": "Common Cartridge"}


def read(pages: Pages, name: str) -> Package:
    root = pages.xml(name)
    if local(root) != "manifest":
        raise BadItem(f"has an {name} that is no manifest but {local(root)[:80]!r}")
    form = _form(root)
    found = resources(root)
    title, items = _organisation(root)
    is_cartridge = form.startswith("Common")
    course = _cartridge(pages, found) if is_cartridge else _Course(pages, _by_id(found))
    units = tuple(course.units(items))
    if is_cartridge or not units:
        units += tuple(course.others(found))
    about = _about(pages, root)
    return Package(
        form=form,
        title=title or about.get("title", ""),
        id=root.get("identifier") or "",
        about=about,
        units=units,
        documents=pages.documents(course.shared),
        unread=tuple(pages.unread),
    )


def _form(root: Any) -> str:
    version = " ".join(e.text or "" for e in below(root, "metadata", "schemaversion")).strip()
    schema = " ".join("".join(e.itertext()) for e in below(root, "metadata", "schema"))
    spaces = " ".join(filter(None, root.nsmap.values()))
    family = next((form for sign, form in _FORMS.items() if sign in spaces), "IMS Content Package")
    if "cartridge" in schema.lower():
        family = "Common Cartridge"
    if family.startswith("SCORM"):
        return f"SCORM {version}" if version.startswith("2004") else family
    return f"{family} {version}".strip()


def _organisation(root: Any) -> tuple[str, list[Any]]:
    """Title and items of the default organisation."""
    found = list(below(root, "organizations", "organization"))
    default = next((e.get("default") for e in below(root, "organizations")), None)
    wanted = [o for o in found if o.get("identifier") == default]
    chosen = next(iter(wanted or found), None)
    if chosen is None:
        return "", []
    return _title(chosen), list(below(chosen, "item"))


def _title(element: Any) -> str:
    return next((" ".join("".join(t.itertext()).split()) for t in below(element, "title")), "")


def _about(pages: Pages, root: Any) -> dict[str, Any]:
    """The package's metadata, also where it lies in a file beside the manifest (SCORM)."""
    for metadata in below(root, "metadata"):
        records = [e for e in metadata if local(e) in ("lom", "record")]
        for place in below(metadata, "location"):
            name = pages.find((place.text or "").strip())
            records += [pages.xml(name)] if name else []
        if records:
            return read_lom(records[0])
    return {}


class _Course:
    """Items with what they launch. A page that several items launch belongs to none of them."""

    def __init__(
        self,
        pages: Pages,
        known: Mapping[str, Resource],
        unpublished: frozenset[str] = frozenset(),
    ) -> None:
        self._pages, self._known, self._unpublished = pages, known, unpublished
        self._used = set[str]()
        self.shared: list[str] = []

    def units(self, items: list[Any]) -> Iterator[Unit]:
        launched = Counter(
            self._launched(item) for top in items for item in top.iter() if local(item) == "item"
        )
        self.shared = [name for name, times in launched.items() if name and times > 1]
        yield from self._below(items)

    def others(self, found: list[Resource]) -> Iterator[Unit]:
        """What no item shows but every learner may open."""
        for resource in found:
            if resource.id in self._known and resource.id not in self._used:
                unit = self._unit(resource.id, "", resource, "", ())
                if resource.stands_alone and (unit.documents or unit.text):
                    yield unit

    def _launched(self, item: Any) -> str:
        resource = self._known.get(item.get("identifierref") or "")
        return self._pages.find(resource.href, resource.base) if resource else ""

    def _below(self, items: list[Any]) -> Iterator[Unit]:
        for item in items:
            reference = item.get("identifierref") or ""
            resource = self._known.get(reference)
            name, title = item.get("identifier") or reference, _title(item)
            shown = name not in self._unpublished
            if item.get("isvisible") == "false" or (reference and not (resource and shown)):
                continue
            inner = tuple(self._below(list(below(item, "item"))))
            if not resource and not (title and shown):  # such as a cartridge's root
                yield from inner
            else:
                yield self._unit(name, title, resource, item.get("parameters") or "", inner)

    def _unit(
        self, name: str, title: str, resource: Resource | None, query: str, inner: tuple[Unit, ...]
    ) -> Unit:
        if resource is None:
            return Unit(name, title, units=inner)
        self._used.add(resource.id)
        said = cartridge.read(self._pages, resource)
        files = [f for f in resource.pages(self._pages) if f not in self.shared]
        documents = () if said else self._pages.documents(files)
        named = next((d["title"] for d in documents if d.get("title")), "")
        return Unit(
            id=name,
            title=title or (said.title if said else named),
            href=said.href if said else resource.launch + query if resource.href else "",
            text=said.text if said else "",
            documents=documents,
            units=inner,
        )


def _cartridge(pages: Pages, found: list[Resource]) -> _Course:
    hidden = cartridge.hidden(pages, found)
    seen = [resource for resource in found if resource.id not in hidden]
    return _Course(pages, _by_id(seen), cartridge.unpublished_items(pages))


def _by_id(found: list[Resource]) -> dict[str, Resource]:
    return {resource.id: resource for resource in found}
