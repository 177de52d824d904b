"""Every example of the README is executed, in its order, in one fresh home folder."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.environment import child_environment
from config.settings import load_settings
from verbs.sample_site import serve_sample

README = Path(__file__).resolve().parent.parent / "README.md"
COMMANDS = [
    line.removeprefix("$ ")
    for block in re.findall(r"```console\n(.*?)```", README.read_text(), re.DOTALL)
    for line in block.splitlines()
    if line.startswith("$ ")
]
# The README says so: one file of the sample is damaged.
INCOMPLETE = "ingest"


@pytest.mark.slow
def test_every_example_works(tmp_path: Path, model_cache: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "cache").symlink_to(model_cache)
    environment = child_environment(load_settings(home, {}))
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    here = [line for line in COMMANDS if line.startswith("skillshelf ")]
    asked = [line for line in COMMANDS if line.startswith("curl ")]
    assert len(here) + len(asked) == len(COMMANDS) > 10
    with serve_sample(0):
        for line in here:
            done = run(line, tmp_path, environment)
            wanted = 1 if shlex.split(line)[1] == INCOMPLETE else 0
            assert done.returncode == wanted, f"{line}\n{done.stdout}\n{done.stderr}"
            assert done.stdout.strip(), line
    with serving(environment):
        for line in asked:
            done = run(line.replace("-s ", "-sf "), tmp_path, environment)
            assert done.returncode == 0, line
            assert '"results"' in done.stdout, done.stdout


def run(line: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        shlex.split(line), cwd=folder, env=environment, capture_output=True, text=True
    )


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[None]:
    """The server at the address the README uses."""
    command = ["skillshelf", "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert "search page" in process.stdout.readline()
            yield
        finally:
            process.terminate()
        assert process.wait(30) == 0


def test_the_picture_is_there() -> None:
    assert (README.parent / "docs" / "search.png").stat().st_size > 10_000
