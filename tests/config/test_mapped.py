"""Pages of files that this process holds mapped."""

import mmap
import re
import sys
from pathlib import Path

import pytest

from config.mapped import let_go

SIZE = 2**20
WRITTEN = b"never saved"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def resident(path: Path) -> int:
    """KiB of the file that this process has mapped and touched."""
    maps = Path("/proc/self/smaps").read_text(encoding="utf-8")
    found = re.findall(rf" {re.escape(str(path))}\n(?:.*\n)*?Rss:\s+(\d+) kB", maps)
    return sum(map(int, found))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "held" / "pages.dat"
    path.parent.mkdir()
    path.write_bytes(b"\x07" * SIZE)
    return path


def test_pages_are_let_go_and_come_back(path: Path) -> None:
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as pages:
        pages[:4] = b"kept"
        assert sum(pages[:]) > 0
        assert resident(path) == SIZE // 1024
        let_go(path.parent)
        assert resident(path) == 0
        assert pages[:5] == b"kept\x07"


def test_other_files_stay(path: Path, tmp_path: Path) -> None:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as pages:
        assert sum(pages[:]) > 0
        (tmp_path / "hel").mkdir()
        let_go(tmp_path / "hel")
        assert resident(path) == SIZE // 1024


def test_what_was_only_written_here_is_not_lost(path: Path) -> None:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as pages:
        pages[: len(WRITTEN)] = WRITTEN
        let_go(path.parent)
        assert pages[: len(WRITTEN)] == WRITTEN
