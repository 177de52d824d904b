"""Pages of mapped files, let go."""

import ctypes
import sys
from pathlib import Path

_MAPS = Path("/proc/self/maps")
_DONT_NEED = 4  # MADV_DONTNEED of <sys/mman.h>, on every architecture of Linux


def let_go(folder: Path) -> None:
    """Take the pages of the files below `folder` that are mapped here out of this process.

    What is needed again comes back from the system's memory, page by page.
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
