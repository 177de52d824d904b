"""The resources of a manifest: what its items lead to."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from connectors.formats.lom import below, local, read_lom
from connectors.formats.packages.pages import Pages

_BASE = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass(frozen=True, slots=True)
class Resource:
    """`base` is the folder its references are relative to; `roles` says for whom it is."""

    id: str
    type: str
    href: str
    base: str
    files: tuple[str, ...]
    needs: tuple[str, ...]
    roles: tuple[str, ...] = ()
    fallback: bool = False

    @property
    def launch(self) -> str:
        return posixpath.join(self.base, self.href)

    @property
    def stands_alone(self) -> bool:
        return not self.fallback and bool(self.href or self.files)

    def pages(self, pages: Pages) -> list[str]:
        """The members it consists of, that it launches first."""
        found = (pages.find(href, self.base) for href in (self.href, *self.files) if href)
        return [name for name in dict.fromkeys(found) if name]


def resources(root: Any) -> list[Resource]:
    """All resources, those of manifests within the manifest too; the first of one name counts."""
    found: dict[str, Resource] = {}
    for group in root.iter("{*}resources"):
        base = posixpath.join(_base(group.getparent()), _base(group))
        for element in below(group, "resource"):
            name = element.get("identifier") or ""
            found.setdefault(name, _resource(element, name, base))
    return list(found.values())


def _resource(element: Any, name: str, base: str) -> Resource:
    lom = next(below(element, "metadata", "lom"), None)
    return Resource(
        id=name,
        type=(element.get("type") or "").lower(),
        href=element.get("href") or "",
        base=posixpath.join(base, _base(element)),
        files=tuple(f.get("href") or "" for f in below(element, "file")),
        needs=tuple(d.get("identifierref") or "" for d in below(element, "dependency")),
        roles=tuple(_roles(lom)),
        fallback=any(local(child) == "variant" for child in element),
    )


def _roles(lom: Any) -> Iterator[str]:
    for role in read_lom(lom).get("audience", ()) if lom is not None else ():
        yield role.lower()


def _base(element: Any) -> str:
    return (element.get(_BASE) or "") if element is not None else ""
