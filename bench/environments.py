"""Python environments for packages that the product is measured beside, made when asked for."""

import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from catalogue.errors import NeedsPerson

# The same libraries compute for the product and for what stands beside it.
_SHARED = ("torch", "transformers", "sentence-transformers", "numpy")
_DONE = "installed"


def python_with(packages: Sequence[str], folder: Path, console: Console) -> Path:
    """The interpreter of an environment in `folder` that has `packages`.

    Raises NeedsPerson with what pip said, where they cannot be installed.
    """
    python = folder / "bin" / "python"
    done = folder / _DONE
    wanted = [*(f"{name}=={version(name).split('+')[0]}" for name in _SHARED), *packages]
    if not done.exists() or done.read_text().split() != wanted:
        console.print(f"installing {', '.join(packages)} in {folder}: minutes", markup=False)
        _run([sys.executable, "-m", "venv", "--clear", str(folder)])
        _run([str(python), "-m", "pip", "install", "--quiet", *wanted])
        done.write_text("\n".join(wanted))
    return python


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["nothing"])[-1]
        raise NeedsPerson(f"{' '.join(command[:4])} … failed and said: {said}")
