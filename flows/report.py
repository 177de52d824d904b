"""A run as a page a curator can read in Prefect's own interface."""

from collections.abc import Sequence
from dataclasses import fields

from catalogue.links import Link
from catalogue.model import Counters, Failure, Run
from catalogue.records import Unmapped

MOST_FAILURES = 50
MOST_WORDS = 10


def report(
    run: Run,
    failures: Sequence[Failure],
    unmapped: Sequence[Unmapped] = (),
    dead: Sequence[Link] = (),
) -> str:
    """Markdown: outcome, counters, what waits for repair and why, words nobody could map, and
    links that are dead."""
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
    return "\n".join([*lines, *words(unmapped), *dead_links(dead)]) + "\n"


def dead_links(dead: Sequence[Link]) -> list[str]:
    """For the owner: items that can no longer be opened."""
    if not dead:
        return []
    lines = ["", "## Dead links", "", "| item | since | reason |", "|---|---|---|"]
    for link in dead[:MOST_FAILURES]:
        since, reason = f"{link.since:%Y-%m-%d}", escaped(link.reason)
        lines.append(f"| {escaped(link.item.key)} | {since} | {reason} |")
    if len(dead) > MOST_FAILURES:
        lines += ["", f"… and {len(dead) - MOST_FAILURES} more: `skillshelf links list`"]
    return lines


def words(unmapped: Sequence[Unmapped]) -> list[str]:
    """The words of the most items, and where to see the others."""
    if not unmapped:
        return []
    lines = ["", "## Words no vocabulary knows", "", "| field | word | items |", "|---|---|---:|"]
    lines += [f"| {u.field} | {escaped(u.word)} | {u.items} |" for u in unmapped[:MOST_WORDS]]
    if len(unmapped) > MOST_WORDS:
        lines += ["", f"… and {len(unmapped) - MOST_WORDS} more: `skillshelf sources unmapped`"]
    return lines


def row(failure: Failure) -> str:
    return f"| {escaped(failure.item.key)} | {failure.stage} | {escaped(failure.message)} |"


def escaped(text: str) -> str:
    """Text from outside, inert in a Markdown table."""
    flat = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>()#+-!|~" else c for c in flat)
