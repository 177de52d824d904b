"""Every bench runs, at sizes that show only that it works."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import BENCHES, WITH_OPTIONS, beside_targets

ROOT = Path(__file__).resolve().parent.parent.parent
FIGURES = ROOT / "docs" / "figures.md"


@pytest.mark.slow
@pytest.mark.shared_data
@pytest.mark.parametrize("name", list(BENCHES))
def test_a_bench_measures(name: str, tmp_path: Path, model_cache: Path, shared_data: Path) -> None:
    file = tmp_path / "figures.json"
    done = bench(name, "--quick", "--json", str(file), "--cache", str(model_cache))
    assert done.returncode == 0, done.stderr
    figures = json.loads(file.read_text())["figures"]
    assert len(figures) >= 5
    assert {figure["bench"] for figure in figures} == {name}
    certain = {f["name"]: f["met"] for f in figures if f["unit"] == "" and f["met"] is not None}
    assert all(certain.values()), certain


def test_an_unknown_bench_is_told_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        beside_targets(["speling"])
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "speling" in told
    assert "encoding" in told


def test_the_page_tells_of_every_bench_and_its_command() -> None:
    commands = set(re.findall(r"python -m bench (\w+)", FIGURES.read_text()))
    assert commands == {*BENCHES, *WITH_OPTIONS}


def bench(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "bench", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
