"""The page in a real browser."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.api.shelf import Client

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=3000",
)


@pytest.fixture(scope="module")
def chromium() -> str:
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("needs the browser chromium")
    return found


@pytest.mark.slow
def test_hits_show_and_hostile_text_is_inert(reader: Client, chromium: str, tmp_path: Path) -> None:
    seen = subprocess.run(
        [
            chromium,
            *FLAGS,
            f"--user-data-dir={tmp_path}",
            "--dump-dom",
            f"{reader.base}/?q=package",
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    ).stdout
    assert 'href="https://learn.example/manual.pdf#page=12"' in seen
    assert "<mark>" in seen
    assert "<title>package – Skillshelf</title>" in seen, "no script of an item has run"
    assert "&lt;script&gt;document.title" in seen
    assert 'href="javascript' not in seen.lower()
