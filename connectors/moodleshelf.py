"""Which of the backups in a folder counts for each course, and what happened to it."""

import logging
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from catalogue.errors import BadItem
from catalogue.model import Cursor, Payload
from connectors.base import Checkpoint, Event, Failed, Found, Gone, Unchanged
from connectors.extract import Reader
from connectors.formats.archives import open_archive
from connectors.moodlearchive import identify, read_course
from connectors.walk import File, Walk

STEP = 10  # backups read between two checkpoints
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """A backup as last seen. `read` is "" until its course was read, then "found" or "hidden"."""

    stamp: str
    key: str
    site: str
    made: int
    read: str = ""


class Shelf:
    """The backups below a folder. The newest one of a course counts."""

    def __init__(self, walk: Walk, cursor: Cursor, reading: str) -> None:
        self._walk, self._reading = walk, reading
        kept: dict[str, Any] = dict(cursor["files"]) if cursor.get("reading") == reading else {}
        self._old = {path: Known(**known) for path, known in kept.items()}
        self._failing = frozenset[str](cursor.get("failing", ()))
        self._new: dict[str, Known] = {}

    def events(self, reader: Reader, site: str | None, files: bool) -> Iterator[Event]:
        """One event a course. `site` is where the courses are found, if not where they were."""
        unknown: dict[str, BadItem] = {}
        found: dict[str, File] = {}
        for file in self._walk.files():
            try:
                self._new[file.key] = self._identified(file)
                found[file.key] = file
            except BadItem as error:
                unknown[file.key] = error
        yield from self._unread(unknown)
        for count, path in enumerate(self._counting(), 1):
            yield from self._course(found[path], reader, site, files)
            if count % STEP == 0:
                yield self._checkpoint(unknown)
        # Of a backup that was never read nobody knows whose course it holds.
        strangers = [path for path in unknown if path not in self._old]
        yield self._checkpoint(unknown, complete=not strangers and not self._walk.closed)

    def _identified(self, file: File) -> Known:
        known = self._old.get(file.key)
        if known and known.stamp == file.stamp:
            return known
        try:
            with open_archive(file.path) as archive:
                backup = identify(archive)
        except BadItem as error:
            raise BadItem(f"{file.key} {error}") from error
        return Known(file.stamp, backup.key, backup.site, backup.made)

    def _unread(self, unknown: dict[str, BadItem]) -> Iterator[Event]:
        """Failures of backups that cannot be opened, unless another one has the course."""
        there = {known.key for known in self._new.values()}
        for path, error in unknown.items():
            known = self._old.get(path)
            if known is None:
                yield Failed(path, error)
            elif known.key not in there:
                yield Failed(known.key, error)
                there.add(known.key)
        for path in sorted(self._failing - unknown.keys()):
            yield Gone(path)  # the file is well again, or no more there

    def _counting(self) -> list[str]:
        """The newest backup of each course."""
        newest: dict[str, str] = {}
        for path, known in sorted(self._new.items(), key=lambda pair: (pair[1].made, pair[0])):
            if known.key in newest:
                log.info("%s: %s is outdated by %s", self._walk.root, newest[known.key], path)
            newest[known.key] = path
        return sorted(newest.values())

    def _course(self, file: File, reader: Reader, site: str | None, files: bool) -> Iterator[Event]:
        known = self._new[file.key]
        if known.read:
            yield from [Unchanged(known.key)] if known.read == "found" else []
            return
        try:
            with open_archive(file.path) as archive:
                payload: Payload | None = read_course(archive, site or known.site, reader, files)
        except BadItem as error:
            yield Failed(known.key, BadItem(f"{file.key} {error}"))
            return
        self._new[file.key] = replace(known, read="found" if payload else "hidden")
        if payload:
            yield Found(known.key, payload)

    def _checkpoint(self, unknown: dict[str, BadItem], complete: bool = False) -> Checkpoint:
        strangers = sorted(path for path in unknown if path not in self._old)
        kept = {path: self._old[path] for path in unknown if path in self._old}
        files = {path: asdict(known) for path, known in (kept | self._new).items()}
        cursor = {"reading": self._reading, "files": files, "failing": strangers}
        return Checkpoint(cursor, complete=complete)
