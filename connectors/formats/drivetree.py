"""The tree of a document library, kept up from what Graph says has changed. Pure.

Graph names changed items by id alone: renaming a folder is one change, whatever lies below it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from catalogue.model import Json

DEEPEST = 200  # folders; SharePoint's paths have at most 400 characters
Node = list[str]  # parent's id, name, and for a file what changes with its content


class Tree:
    """`nodes` are JSON, by id. The root has neither parent nor name."""

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        self.nodes = {number: list(node) for number, node in nodes.items()}

    def apply(self, items: Iterable[Json]) -> None:
        """Items as Graph's `delta` lists them; of several words on one the last one holds."""
        for item in items:
            number, node = str(item.get("id", "")), _node(item)
            if node is None:
                self.nodes.pop(number, None)
            else:
                self.nodes[number] = node

    def files(self) -> Iterator[tuple[str, str, str]]:
        """Id, path and content mark of every file that hangs below the root."""
        for number, (_, _, content) in self.nodes.items():
            if content and (path := self._path(number)):
                yield number, path, content

    def _path(self, number: str) -> str:
        """Names from the root down; "" for what hangs below a folder that is gone."""
        names = list[str]()
        for _ in range(DEEPEST):
            node = self.nodes.get(number)
            if node is None:
                return ""
            if not node[0]:
                return "/".join(reversed(names))
            names.append(node[1])
            number = node[0]
        return ""


def _node(item: Json) -> Node | None:
    """None for what was deleted, and for what is neither file nor folder, such as a notebook."""
    if "root" in item:
        return ["", "", ""]
    parent: Any = item.get("parentReference")
    above = str(parent.get("id") or "") if isinstance(parent, Mapping) else ""
    known = above and ("file" in item or "folder" in item)
    if "deleted" in item or not known:
        return None
    content = str(item.get("cTag") or item.get("eTag") or "?") if "file" in item else ""
    return [above, str(item.get("name", "")), content]


def groups(permissions: Iterable[Json]) -> tuple[str, ...] | None:
    """The groups that may open a file; () for everybody in the organisation, None for no group.

    A link that is passed on from hand to hand shows nobody that the file is there, so that only
    whom it names counts.
    """
    found = set[str]()
    for permission in permissions:
        if any("limited" in str(role).lower() for role in permission.get("roles") or ()):
            continue  # a way through to something deeper, no right to read
        for identity in _identities(permission):
            user = identity.get("siteUser") or {}
            if _EVERYONE & {str(user.get("loginName", "")).partition("/")[0]}:
                return ()
            named = (identity.get(kind) or {} for kind in ("group", "siteGroup"))
            found |= {str(one["displayName"]) for one in named if one.get("displayName")}
    return tuple(sorted(found)) or None


# Claims that SharePoint has for "Everyone except external users" and for "Everyone".
_EVERYONE = frozenset({"c:0-.f|rolemanager|spo-grid-all-users", "c:0(.s|true"})


def _identities(permission: Json) -> Iterator[Json]:
    several = permission.get("grantedToIdentitiesV2")
    for identity in (permission.get("grantedToV2"), *(several if several else ())):
        if isinstance(identity, Mapping):
            yield identity
