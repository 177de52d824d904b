"""The benches, from the command line of the product."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.slow
def test_the_bench_gets_its_words_and_gives_its_exit_code() -> None:
    command = [sys.executable, "-m", "cli", "bench", "retrieval", "--dataset", "nowhere"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 3
    assert "nowhere/qrels.tsv is not there" in done.stderr
