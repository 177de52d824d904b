"""A rendered connector passes the suite as it is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from catalogue.errors import BadConfig
from connectors.template import render

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which a connector may be added: everything else is that of this one."""
    (tmp_path / "connectors").mkdir()
    for path in (ROOT / "connectors").iterdir():
        (tmp_path / "connectors" / path.name).symlink_to(path)
    for name in ("catalogue", "config"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def run(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True)


@pytest.mark.slow
def test_a_new_connector_passes_before_one_changes_a_line(checkout: Path) -> None:
    made = render("night_school", checkout)
    assert all(path.is_file() for path in made)
    options = ["-q", "--import-mode=importlib", "-p", "no:cacheprovider", "-p", "no:randomly"]
    tests = run(checkout, "-m", "pytest", *options, "tests/connectors/test_night_school.py")
    assert tests.returncode == 0, tests.stdout + tests.stderr
    assert "19 passed" in tests.stdout


def test_a_new_connector_is_found_by_its_file_name(checkout: Path) -> None:
    render("night_school", checkout)
    program = "from connectors.registry import describe; print(describe('night_school').doc)"
    assert run(checkout, "-c", program).stdout == "Courses of a Night school site.\n"


def test_a_new_connector_is_formatted_and_typed(checkout: Path) -> None:
    made = [str(path) for path in render("night_school", checkout) if path.suffix == ".py"]
    settings = ["--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    for command in (["format", "--check"], ["check"]):
        outcome = run(checkout, "-m", "ruff", *command, *settings, *made)
        assert outcome.returncode == 0, outcome.stdout


@pytest.mark.parametrize("name", ["feed", "http", "extract"])
def test_what_is_there_is_not_overwritten(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadConfig, match="exists already"):
        render(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "Night", "night-school", "1st", "class", "../x", "schüle"])
def test_a_name_that_cannot_be_one_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadConfig, match="cannot name a connector"):
        render(name, tmp_path)
