"""What must be known of an archive before any library opens it."""

import gzip
import io
import zipfile
import zlib
from pathlib import PurePosixPath

from catalogue.errors import BadItem

MAX_ENTRIES = 10_000
MAX_UNPACKED = 512 * 2**20  # bytes
# XML in office files shrinks 5 to 40 times; deflate's limit, which bombs come near, is 1,032.
MAX_RATIO = 200
SMALL = 4 * 2**20  # bytes; below this the ratio does not matter
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The archive, if its directory promises nothing outrageous. Raises BadItem otherwise."""
    if data.startswith(_OLD_OFFICE):
        raise BadItem(
            "is encrypted or of an Office version before 2007; save it without a password"
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadItem(f"is not what its name says, or damaged: no zip archive ({error})") from error
    _check(archive.infolist(), len(data))
    return archive


def _check(entries: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES:
        raise BadItem(f"looks like a zip bomb: {len(entries):,} entries")
    if unpacked > MAX_UNPACKED or unpacked > max(SMALL, MAX_RATIO * packed):
        raise BadItem(f"looks like a zip bomb: {packed:,} bytes that unpack to {unpacked:,}")
    for entry in entries:
        _check_entry(entry)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts:
        raise BadItem(f"names a path outside itself: {entry.filename[:80]!r}")
    if entry.flag_bits & 1:
        raise BadItem("is encrypted; save it without a password")


def refuse_doctype(archive: zipfile.ZipFile) -> None:
    """Office files may not declare document types (ECMA-376 part 2); entities come with them."""
    for entry in archive.infolist():
        if entry.filename.endswith((".xml", ".rels")):
            with archive.open(entry) as member:
                start = member.read(65536)
            if b"<!DOCTYPE" in start.replace(b"\x00", b""):  # in UTF-16 as well
                raise BadItem(f"declares XML entities in {entry.filename[:80]!r}; refused")


def gunzip(data: bytes, limit: int = MAX_UNPACKED) -> bytes:
    """The unpacked bytes. Raises BadItem for damaged data or more than `limit` bytes."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            unpacked = stream.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise BadItem(f"is a damaged gzip file ({error})") from error
    if len(unpacked) > limit:
        raise BadItem(f"unpacks to more than {limit:,} bytes")
    return unpacked
