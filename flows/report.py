"""A run as a page a curator can read in Prefect's own interface."""

from collections.abc import Sequence
from dataclasses import fields

from catalogue.model import Counters, Failure, Run

MOST_FAILURES = 50


def report(run: Run, failures: Sequence[Failure]) -> str:
    """Markdown: outcome, counters, and the failures that wait for repair, each with its reason."""
    lines = [f"# {run.source}: {run.outcome}", ""]
    if run.message:
        lines += [f"> {escaped(run.message)}", ""]
    lines += ["| what | items |", "|---|---:|"]
    lines += [f"| {f.name} | {getattr(run.counters, f.name)} |" for f in fields(Counters)]
    if failures:
        lines += ["", "## Waiting for repair", "", "| item | stage | reason |", "|---|---|---|"]
        lines += [row(failure) for failure in failures[:MOST_FAILURES]]
    if len(failures) > MOST_FAILURES:
        lines += ["", f"… and {len(failures) - MOST_FAILURES} more: `skillshelf failures list`"]
    return "\n".join(lines) + "\n"


def row(failure: Failure) -> str:
    return f"| {escaped(failure.item.key)} | {failure.stage} | {escaped(failure.message)} |"


def escaped(text: str) -> str:
    """Text from outside, inert in a Markdown table."""
    flat = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>()#+-!|~" else c for c in flat)
