"""Measuring quality and speed. Nothing of the product depends on the benches: another process."""

import subprocess
import sys

import typer

PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


def register(app: typer.Typer) -> None:
    app.command(context_settings=PASSED_ON, add_help_option=False)(bench)


def bench(context: typer.Context) -> None:
    """Measure quality and speed, as `python -m bench` does: `skillshelf bench --help` says how."""
    raise typer.Exit(subprocess.call([sys.executable, "-m", "bench", *context.args]))
