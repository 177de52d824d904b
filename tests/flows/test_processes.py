"""Child processes and their place behind others."""

import os
import subprocess
import sys

import pytest


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="a system without priorities")
def test_stepping_back_twice_is_stepping_back_once() -> None:
    code = (
        "import os; from flows.processes import step_back; step_back(); step_back(); "
        "print(os.getpriority(os.PRIO_PROCESS, 0))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert int(done.stdout) == max(own, 10)
