"""Room on the disk, asked for before it is used.

The embedded engine writes through memory maps. There a full disk is no error that could be caught:
the system ends the process (SIGBUS), seen on a full tmpfs with Edge 0.9.0.
"""

import shutil
from pathlib import Path

from catalogue.errors import NeedsPerson

# An empty index takes 150 MB where the file system keeps no holes; a batch of changes at most one
# new chunk of each of its stores, of 32 MB each.
NEEDED = 160 * 2**20


def check_room(folder: Path, more: int = 0) -> None:
    """Raises NeedsPerson where fewer than `more` and `NEEDED` bytes are free."""
    free = shutil.disk_usage(folder).free
    if free < more + NEEDED:
        raise NeedsPerson(
            f"the disk of the search index in {folder} is full: {_mb(free)} are free, "
            f"{_mb(more + NEEDED)} are needed; free some space and run again"
        )


def size(folder: Path) -> int:
    """Bytes taken by the files of a folder."""
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())


def _mb(number: int) -> str:
    return f"{number // 2**20:,} MB"
