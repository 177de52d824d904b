"""What zip and tar archives and folders list, before anything in them is trusted."""

import io
import os
import re
import stat
import tarfile
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from gzip import GzipFile
from math import inf
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from catalogue.errors import BadItem

OUTSIDE = "names a path outside itself"
ENCRYPTED = "is encrypted; save it without a password"
_LINK = "is no plain file but a link or a device"
_SMALL = 4 * 2**20  # bytes; below this the ratio does not matter
_LONGEST_NAME = 1000
_PER_ENTRY = 256  # bytes of a directory; 46 or, in tar, a rare long name, and the name
_IN_MEMORY = 32 * 2**20
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # LZMA may ask for 4 GiB to unpack one byte
_PLAIN = {0, stat.S_IFREG, stat.S_IFDIR}
_UTF8 = 0x800  # general purpose bit 11, APPNOTE.TXT 4.4.4
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an archive may hold: entries, bytes unpacked in all, bytes of one member.

    `ratio` is how many times its size it may unpack to: XML shrinks 5 to 40 times; deflate's limit,
    which bombs come near, is 1,032.
    """

    entries: int = 50_000
    unpacked: int = 4 * 2**30
    member: int = 64 * 2**20
    ratio: int = 200


class Entry(NamedTuple):
    """A file as its archive lists it; `fault` says why it is not to be read."""

    name: str
    size: int
    fault: str
    open: Callable[[], IO[bytes]]


class Sipped:
    """A stream that gives at most `most` bytes at once: a directory is read in one go."""

    def __init__(self, stream: IO[bytes], bounds: Bounds) -> None:
        self._stream, self.most = stream, bounds.entries * _PER_ENTRY

    def read(self, size: int = -1) -> bytes:
        if size > self.most:
            raise BadItem(f"looks like a zip bomb: its directory has {size:,} bytes")
        return self._stream.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def check(entries: int, unpacked: int, packed: float, bounds: Bounds) -> None:
    """Raises BadItem for what looks like a bomb. Sizes in bytes; a folder's `packed` is inf."""
    if entries > bounds.entries:
        raise BadItem(f"looks like a zip bomb: {entries:,} entries or more")
    most = min(bounds.unpacked, max(_SMALL, bounds.ratio * packed))
    if unpacked > most and packed < inf:
        raise BadItem(f"looks like a zip bomb: {packed:,} bytes that unpack to {unpacked:,}")


def safe_name(name: str) -> tuple[str, str]:
    """A member's name, relative, with `/`, and what is wrong with it."""
    slashed = unicodedata.normalize("NFC", name.replace("\\", "/"))
    parts = [part for part in slashed.split("/") if part not in ("", ".")]
    safe = "/".join(parts)
    if _CONTROL.search(name) or not safe or len(safe) > _LONGEST_NAME:
        return _CONTROL.sub("?", slashed[:100]), "has an impossible name"
    if slashed.startswith("/") or _DRIVE.match(slashed) or ".." in parts:
        return slashed, OUTSIDE
    return safe, "belongs to macOS alone" if parts[0] == "__MACOSX" else ""


def archive_entries(
    stream: IO[bytes], packed: int, bounds: Bounds, stack: ExitStack
) -> Iterator[Entry]:
    """The files of whichever kind of archive it is; what they need open is closed by `stack`."""
    start = _start(stream)
    if start.startswith(b"\x1f\x8b"):
        stream = stack.enter_context(_inflated(stream, packed, bounds))
        start = _start(stream)
    sipped = Sipped(stream, bounds)
    source = cast("IO[bytes]", sipped)
    if start.startswith(b"PK"):
        yield from zip_entries(stack.enter_context(zipfile.ZipFile(source)))
    elif start[257:] == b"ustar":
        yield from _tar_entries(stack.enter_context(tarfile.TarFile(fileobj=source)))
    else:
        raise BadItem("is no zip or tar archive")
    sipped.most = max(sipped.most, bounds.member + 1)


def _start(stream: IO[bytes]) -> bytes:
    start = stream.read(262)
    stream.seek(0)
    return start


def _inflated(stream: IO[bytes], packed: int, bounds: Bounds) -> IO[bytes]:
    """A tar archive unpacked once into a nameless file, since each step back would begin anew."""
    with ExitStack() as stack:
        unpacked = stack.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))
        source = stack.enter_context(GzipFile(fileobj=stream))
        while chunk := source.read(2**20):
            unpacked.write(chunk)
            check(1, unpacked.tell(), packed, bounds)
        stack.pop_all()
    unpacked.seek(0)
    return cast("IO[bytes]", unpacked)


def zip_entries(archive: zipfile.ZipFile) -> Iterator[Entry]:
    for entry in archive.infolist():
        if not entry.is_dir():
            yield Entry(
                _zip_name(entry), entry.file_size, _zip_fault(entry), partial(archive.open, entry)
            )


def _zip_name(entry: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 flag are said to be in code page 437; many are UTF-8 nevertheless."""
    name = entry.orig_filename
    if entry.flag_bits & _UTF8:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _zip_fault(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & 1:
        return ENCRYPTED
    if stat.S_IFMT(entry.external_attr >> 16) not in _PLAIN:
        return _LINK
    method = entry.compress_type
    return "" if method in _METHODS else f"is packed by method {method}, which is not read"


def _tar_entries(archive: tarfile.TarFile) -> Iterator[Entry]:
    for entry in archive:
        if not entry.isdir():
            raw = entry.name.encode("utf-8", "surrogateescape")
            name = entry.name if raw.decode("utf-8", "ignore") == entry.name else ""
            opener = cast("Callable[[], IO[bytes]]", partial(archive.extractfile, entry))
            fault = "" if entry.isreg() and not entry.issparse() else _LINK
            yield Entry(name or raw.decode("cp1252", "replace"), entry.size, fault, opener)


def folder_entries(root: Path) -> Iterator[Entry]:
    for folder, folders, files in os.walk(root):
        folders.sort()
        for path in (Path(folder, file) for file in sorted(files)):
            raw = os.fsencode(path.relative_to(root))
            status = path.lstat()
            fault = "" if stat.S_ISREG(status.st_mode) else _LINK
            name = raw.decode("utf-8", "backslashreplace")
            yield Entry(name, status.st_size, fault, partial(_plain, path))


def _plain(path: Path) -> IO[bytes]:
    return path.open("rb")


def sized(stream: IO[bytes]) -> int:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    return size
