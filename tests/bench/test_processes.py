"""What is seen of a process under measurement."""

import os

import pytest

from bench.processes import Broken, resident, run, tree

HUNGRY = """
import json, subprocess, sys, time
held = bytearray(80_000_000)
subprocess.run([sys.executable, "-c", "import time; h = bytearray(80_000_000); time.sleep(0.5)"])
print("a word before")
print(json.dumps({"said": 3}))
"""


def test_memory_is_that_of_the_process_and_its_children_together() -> None:
    found = run(["-c", HUNGRY], os.environ)
    assert found.answer == {"said": 3}
    assert found.wall_s >= 0.5
    assert 150 < found.peak_mib < 400


def test_a_process_that_fails_is_no_measurement() -> None:
    with pytest.raises(Broken, match="ZeroDivisionError"):
        run(["-c", "1 / 0"], os.environ)


def test_a_process_belongs_to_its_tree_and_an_ended_one_has_no_memory() -> None:
    assert os.getpid() in tree(os.getpid())
    assert resident(os.getpid()) > 10_000_000
    assert resident(2**30) == 0
