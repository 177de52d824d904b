"""Files of document libraries through Microsoft Graph: what changed, who may see it."""

import logging
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from catalogue.errors import BadItem, NeedsPerson, TryLater
from catalogue.hashing import content_hash
from catalogue.model import Json
from connectors.base import Checkpoint, Event, Failed, Found, Gone, Unchanged
from connectors.extract import Reader, format_of
from connectors.formats.drivetree import Tree, groups
from connectors.formats.graph import Graph, objects
from connectors.http import Missing
from connectors.walk import matches

STEP = 20  # files read between two checkpoints, two requests each
AT_ONCE = 20  # the most that one batch may ask for
ITEM = "id,name,cTag,size,webUrl,file,folder,root,deleted,parentReference,lastModifiedDateTime"
log = logging.getLogger(__name__)


class Choice(Protocol):
    """Which files are wanted."""

    @property
    def include(self) -> tuple[str, ...]: ...
    @property
    def exclude(self) -> tuple[str, ...]: ...
    @property
    def permissions(self) -> bool: ...
    @property
    def max_bytes(self) -> int: ...


@dataclass(slots=True)
class Drive:
    """A library: where its changes are asked for, its tree, and its files' marks when last read."""

    id: str
    link: str = ""
    tree: Tree = field(default_factory=lambda: Tree({}))
    marks: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, number: str, kept: Json) -> "Drive":
        marks = dict(kept.get("marks", {}))
        return cls(number, str(kept.get("link", "")), Tree(kept.get("nodes", {})), marks)

    def as_json(self) -> dict[str, Any]:
        return {"link": self.link, "nodes": self.tree.nodes, "marks": dict(self.marks)}


class Walk:
    """`reading` tells one way of reading from another."""

    def __init__(self, graph: Graph, choice: Choice, reading: str) -> None:
        self._graph, self._choice, self._reading = graph, choice, reading
        self._drives: dict[str, Drive] = {}

    def events(self, drives: list[str], kept: Json) -> Iterator[Event]:
        """What became of every file, ending with a checkpoint. `kept` is from the last one."""
        self._drives = {number: Drive.of(number, kept.get(number, {})) for number in drives}
        hidden = 0
        with Reader() as reader:
            for drive in self._drives.values():
                self._follow(drive)
                hidden += yield from self._drive(drive, reader)
        if hidden:
            log.info("left out %d files that no group may see", hidden)
        yield self._checkpoint(complete=True)

    def _checkpoint(self, complete: bool = False) -> Checkpoint:
        state = {number: drive.as_json() for number, drive in self._drives.items()}
        return Checkpoint({"reading": self._reading, "drives": state}, complete)

    def _follow(self, drive: Drive) -> None:
        """Bring the tree up to date; from nothing where Graph no longer knows its own link."""
        if drive.link:
            try:
                return self._apply(drive, Tree(drive.tree.nodes), drive.link)
            except Missing as error:  # 410 resyncRequired
                log.info("all of a library is listed again: %s", error)
        try:
            self._apply(drive, Tree({}), f"drives/{drive.id}/root/delta", select=ITEM)
        except Missing as error:
            raise TryLater(f"a library changes while it is listed: {error}") from None
        return None

    def _apply(self, drive: Drive, tree: Tree, link: str, **first: str) -> None:
        page = self._graph.get(link, item=bool(drive.link), **first)
        seen = {link}
        while True:
            tree.apply(objects(page.get("value")))
            following = page.get("@odata.nextLink")
            if not following:
                break
            if following in seen:
                raise TryLater("Microsoft Graph repeats its pages")
            seen.add(str(following))
            page = self._graph.get(str(following), item=True)
        drive.tree, drive.link = tree, str(page.get("@odata.deltaLink") or "")

    def _drive(self, drive: Drive, reader: Reader) -> Generator[Event, None, int]:
        """Events of a library's files; how many were left out because no group may see them."""
        wanted = {
            n: (path, content) for n, path, content in drive.tree.files() if self._wants(path)
        }
        gone, hidden, news = set(drive.marks) - set(wanted), 0, 0
        for number, allowed in self._allowed(drive.id, list(wanted)):
            if allowed is None:
                gone |= {number} & set(drive.marks)
                hidden += 1
                continue
            event = self._event(drive, number, *wanted[number], allowed, reader)
            yield event
            news += not isinstance(event, Unchanged)
            if news == STEP:
                yield self._checkpoint()
                news = 0
        for number in sorted(gone):
            del drive.marks[number]
            yield Gone(f"{drive.id}/{number}")
        return hidden

    def _wants(self, path: str) -> bool:
        choice = self._choice
        wanted = matches(path, choice.include) and not matches(path, choice.exclude)
        return wanted and format_of(path) is not None

    def _allowed(
        self, drive: str, files: list[str]
    ) -> Iterator[tuple[str, tuple[str, ...] | None]]:
        """The groups that may see each file, asked anew each time: nothing tells of changes."""
        if not self._choice.permissions:
            yield from ((number, ()) for number in files)
            return
        for start in range(0, len(files), AT_ONCE):
            some = files[start : start + AT_ONCE]
            answers = self._graph.batch([f"drives/{drive}/items/{n}/permissions" for n in some])
            for number, (status, body) in zip(some, answers, strict=True):
                yield number, self._groups(status, body)

    def _groups(self, status: int, body: Json) -> tuple[str, ...] | None:
        if status in (404, 410):
            return None  # deleted a moment ago
        if status != 200:
            remedy = "grant the app Files.Read.All, or set `permissions: false`"
            raise NeedsPerson(f"Microsoft Graph refuses to say who may see a file; {remedy}")
        following = body.get("@odata.nextLink")
        more = self._graph.listed(str(following)) if following else ()
        return groups([*objects(body.get("value")), *more])

    def _event(
        self,
        drive: Drive,
        number: str,
        path: str,
        content: str,
        allowed: tuple[str, ...],
        reader: Reader,
    ) -> Event:
        key, mark = f"{drive.id}/{number}", content_hash([content, path, allowed])[-16:]
        if drive.marks.get(number) == mark:
            return Unchanged(key)
        try:
            payload = self._payload(f"drives/{drive.id}/items/{number}", path, reader)
        except BadItem as error:
            said = str(error)
            return Failed(key, BadItem(said if path in said else f"{path}: {said}"))
        drive.marks[number] = mark
        return Found(key, {**payload, "groups": list(allowed)})

    def _payload(self, place: str, path: str, reader: Reader) -> dict[str, Any]:
        item = self._graph.get(place, item=True, select="id,name,size,webUrl,lastModifiedDateTime")
        limit = self._choice.max_bytes
        if int(item.get("size") or 0) > limit:
            raise BadItem(f"{path} is {item['size']:,} bytes; `max_bytes` is {limit:,}")
        document = reader.document(path, self._graph.content(f"{place}/content", limit))
        modified = str(item.get("lastModifiedDateTime") or "")
        return {"path": path, "url": item["webUrl"], "modified": modified, "document": document}
