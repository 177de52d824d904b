"""Archives and unpacked folders from outside, read member by member and never unpacked to disk.

What is hostile as a whole (a bomb, too many entries) is refused with BadItem; a member that cannot
be trusted (a path outside, a link, an encrypted one) is skipped with its reason, the others stay.
Texts of BadItem go after the name of the archive.
"""

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from math import inf
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

from catalogue.errors import BadItem, TryLater
from connectors.formats.members import (
    ENCRYPTED,
    OUTSIDE,
    Bounds,
    Entry,
    Sipped,
    archive_entries,
    check,
    folder_entries,
    safe_name,
    sized,
    zip_entries,
)

__all__ = ["Archive", "Bounds", "gunzip", "open_archive", "open_zip", "refuse_doctype"]

USUAL = Bounds()
DOCUMENT = Bounds(entries=10_000, unpacked=512 * 2**20)  # libraries unpack documents whole
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_DAMAGE = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError),
    *(RuntimeError, NotImplementedError, ValueError),
)


class Archive:
    """What an archive holds. Close it, or use it in `with`.

    `sizes` are the bytes of each member by its safe name: relative, with `/`, without `..`.
    `skipped` says of each member that is not read why not. Folders are not members.
    """

    def __init__(self, entries: Iterable[Entry], packed: float, bounds: Bounds) -> None:
        self.sizes: dict[str, int] = {}
        self.skipped: dict[str, str] = {}
        self._open: dict[str, Callable[[], IO[bytes]]] = {}
        self._bounds = bounds
        self._closing = ExitStack()
        unpacked = 0
        for number, entry in enumerate(entries, 1):
            unpacked += entry.size
            check(number, unpacked, packed, bounds)
            self._add(entry)

    def _add(self, entry: Entry) -> None:
        name, fault = safe_name(entry.name)
        if entry.fault or fault:
            self.skipped[name] = entry.fault or fault
            return
        if name in self.sizes:
            self.skipped[name] = "is there more than once; the last one is read"
        self.sizes[name], self._open[name] = entry.size, entry.open

    def read(self, name: str) -> bytes:
        """A member's bytes. Raises BadItem where there is none, or it is too large or damaged."""
        if name not in self.sizes:
            raise BadItem(f"has no {name[:200]!r}{self._why(name)}")
        most = self._bounds.member
        try:
            with self._open[name]() as stream:
                data = stream.read(most + 1)
        except _DAMAGE as error:
            raise BadItem(f"has a damaged member {name!r} ({error})") from error
        if len(data) > most:
            raise BadItem(f"has a member {name!r} of more than {most:,} bytes")
        return data

    def _why(self, name: str) -> str:
        return f" that can be read: it {self.skipped[name]}" if name in self.skipped else ""

    def closed_with(self, stack: ExitStack) -> Self:
        """The archive, which closes `stack` when it is closed itself."""
        self._closing = stack
        return self

    def close(self) -> None:
        self._closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_archive(source: bytes | Path, bounds: Bounds = USUAL) -> Archive:
    """A zip, tar or tar.gz archive, or a folder that one was unpacked to.

    Raises BadItem for anything else and for what exceeds `bounds`, TryLater where a share failed.
    """
    with ExitStack() as stack:
        try:
            if isinstance(source, Path) and source.is_dir():
                return Archive(folder_entries(source), inf, bounds)
            stream = stack.enter_context(_opened(source))
            packed = sized(stream)
            entries = archive_entries(stream, packed, bounds, stack)
            return Archive(entries, packed, bounds).closed_with(stack.pop_all())
        except _DAMAGE as error:
            raise BadItem(f"is a damaged archive ({error})") from error


def _opened(source: bytes | Path) -> IO[bytes]:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    try:
        return source.open("rb")
    except (PermissionError, FileNotFoundError) as error:
        raise BadItem(f"cannot be opened: {error.strerror}") from error
    except OSError as error:
        raise TryLater(f"{source} cannot be read: {error.strerror}") from error


def open_zip(data: bytes) -> zipfile.ZipFile:
    """A document's archive for a library that trusts it. Raises BadItem if anything is wrong."""
    if data.startswith(_OLD_OFFICE):
        raise BadItem(
            "is encrypted or of an Office version before 2007; save it without a password"
        )
    try:
        archive = zipfile.ZipFile(cast("IO[bytes]", Sipped(io.BytesIO(data), DOCUMENT)))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadItem(f"is not what its name says, or damaged: no zip archive ({error})") from error
    entries = list(zip_entries(archive))
    check(len(entries), sum(entry.size for entry in entries), len(data), DOCUMENT)
    for entry in entries:
        if OUTSIDE in safe_name(entry.name):
            raise BadItem(f"{OUTSIDE}: {entry.name[:80]!r}")
        if entry.fault == ENCRYPTED:
            raise BadItem(ENCRYPTED)
    return archive


def refuse_doctype(archive: zipfile.ZipFile) -> None:
    """Office files may not declare document types (ECMA-376 part 2); entities come with them."""
    for entry in archive.infolist():
        if entry.filename.endswith((".xml", ".rels")):
            with archive.open(entry) as member:
                start = member.read(65536)
            if b"<!DOCTYPE" in start.replace(b"\x00", b""):  # in UTF-16 as well
                raise BadItem(f"declares XML entities in {entry.filename[:80]!r}; refused")


def gunzip(data: bytes, limit: int = DOCUMENT.unpacked) -> bytes:
    """The unpacked bytes. Raises BadItem for damaged data or more than `limit` bytes."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            unpacked = stream.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise BadItem(f"is a damaged gzip file ({error})") from error
    if len(unpacked) > limit:
        raise BadItem(f"unpacks to more than {limit:,} bytes")
    return unpacked
