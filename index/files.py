"""Files replaced as a whole, files about to be read, and pages of files let go."""

import ctypes
import os
import sys
from pathlib import Path

_MAPS = Path("/proc/self/maps")
_DONT_NEED = 4  # MADV_DONTNEED of <sys/mman.h>, on every architecture of Linux
_AHEAD = 2**20  # bytes asked for at once: Linux reads no more than its read-ahead of one request


def write_whole(path: Path, text: str) -> None:
    """Replace a file so that a reader, or a crash, sees the old text or the new one."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def read_ahead(folder: Path) -> None:
    """Have the system read the files in, in the background.

    Edge opens them without: a search then waited 3 ms for 40 reads from the disk (100,000
    passages), and 0.4 ms with the pages in memory.
    """
    if sys.platform != "linux":
        return
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                for start in range(0, path.stat().st_size, _AHEAD):
                    os.posix_fadvise(file.fileno(), start, _AHEAD, os.POSIX_FADV_WILLNEED)


def let_go(folder: Path) -> None:
    """Take the pages of the files below `folder` that are mapped here out of this process.

    What is needed again comes back from the system's memory, page by page. Opening an index
    touches the end of its log and empty space set aside for 20 field indexes: 130 MiB.
    """
    if sys.platform != "linux":
        return
    advise = ctypes.CDLL(None, use_errno=True).madvise
    below = f"{folder.resolve()}/"
    for line in _MAPS.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        span, access, _, _, _, *path = line.split(maxsplit=5)
        # A private page that was written to would be lost.
        if path and path[0].startswith(below) and (access[3] == "s" or access[1] != "w"):
            start, end = (int(address, 16) for address in span.split("-"))
            advise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _DONT_NEED)
