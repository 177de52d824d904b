"""The address a server is announced under is one that people can open."""

from pathlib import Path

import pytest

from config.settings import load_settings
from verbs.serve import address


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:8800"),
        ("0.0.0.0", "http://127.0.0.1:8800"),
        ("::", "http://127.0.0.1:8800"),
        ("::1", "http://[::1]:8800"),
        ("learn.example", "http://learn.example:8800"),
    ],
)
def test_address(tmp_path: Path, host: str, shown: str) -> None:
    assert address(load_settings(tmp_path, {"SKILLSHELF_HOST": host})) == shown


def test_a_public_address_goes_first(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {"SKILLSHELF_PUBLIC_URL": "https://learn.example/"})
    assert address(settings) == "https://learn.example"
