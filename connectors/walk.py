"""Which files a folder holds, without following links."""

import logging
import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from catalogue.errors import BadItem, NeedsPerson, TryLater
from connectors.extract import format_of

log = logging.getLogger(__name__)
_IGNORED = re.compile(r"\.|~\$|Thumbs\.db$|desktop\.ini$")  # hidden, or locked by an open editor


@dataclass(frozen=True, slots=True)
class File:
    """`key` is the path below the folder, with `/`; `stamp` changes when the file is written."""

    key: str
    path: Path
    size: int
    stamp: str
    modified: float

    def read(self, limit: int) -> bytes:
        """The file's bytes. Raises BadItem where it cannot be opened or is larger than `limit`."""
        if self.size > limit:
            raise BadItem(f"{self.key} is {self.size:,} bytes; `max_bytes` is {limit:,}")
        try:
            with self.path.open("rb") as stream:
                return stream.read(limit)
        except (PermissionError, FileNotFoundError) as error:
            raise BadItem(f"{self.key} cannot be opened: {error.strerror}") from error
        except OSError as error:  # of a share that went away, every file would fail
            raise TryLater(f"{self.path} cannot be read: {error.strerror}") from error


@dataclass(slots=True)
class Walk:
    """A walk and what it passed over: links, other types by suffix, folders not to be opened.

    `wanted` tells by a file's key whether it is of a type to be read.
    """

    root: Path
    include: Collection[str]
    exclude: Collection[str]
    wanted: Callable[[str], object] = format_of
    ignored: Counter[str] = field(default_factory=Counter)
    closed: list[str] = field(default_factory=list)

    def files(self) -> Iterator[File]:
        """The files in the order of their names. Raises NeedsPerson where there is no folder."""
        if not self.root.is_dir():
            raise NeedsPerson(f"{self.root} is no folder: mount it, or correct `path`")
        yield from self._below(self.root, "")

    def report(self) -> None:
        """Log what was passed over. Raises NeedsPerson where a folder could not be opened."""
        if self.ignored:
            log.info("%s: passed over %s", self.root, dict(self.ignored))
        if self.closed:
            shown = ", ".join(self.closed[:5])
            raise NeedsPerson(f"{self.root}: may not list {shown}; grant it, or exclude it")

    def _below(self, folder: Path, prefix: str) -> Iterator[File]:
        for entry in self._entries(folder, prefix):
            key = prefix + os.fsencode(entry.name).decode("utf-8", "backslashreplace")
            if _IGNORED.match(entry.name):
                continue
            if entry.is_symlink():
                self.ignored["links"] += 1
            elif entry.is_dir():
                if not matches(f"{key}/", self.exclude):
                    yield from self._below(Path(entry.path), f"{key}/")
            elif matches(key, self.include) and not matches(key, self.exclude):
                if entry.is_file() and self.wanted(key):
                    yield _file(key, entry)
                else:
                    self.ignored[Path(key).suffix.lower() or "no suffix"] += 1

    def _entries(self, folder: Path, prefix: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except (PermissionError, FileNotFoundError) as error:
            if not prefix:
                raise NeedsPerson(f"{folder} cannot be listed: {error.strerror}") from error
            self.closed.append(prefix)
            return []
        except OSError as error:
            raise TryLater(f"{folder} cannot be listed: {error.strerror}") from error


def _file(key: str, entry: os.DirEntry[str]) -> File:
    status = entry.stat(follow_symlinks=False)
    stamp = f"{status.st_size:x}.{status.st_mtime_ns:x}"
    return File(key, Path(entry.path), status.st_size, stamp, status.st_mtime)


def matches(key: str, patterns: Collection[str]) -> bool:
    """Whether a key fits one of the globs."""
    return any(_pattern(pattern).fullmatch(key) for pattern in patterns)


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    """A glob over whole keys: `*` and `?` within a name, `**` across folders."""
    signs = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", glob)
    return re.compile("".join(signs.get(piece, re.escape(piece)) for piece in pieces))
