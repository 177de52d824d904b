"""How a verb answers: a table for a person, JSON for a program, an exit code for both."""

import dataclasses
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

# Tables that go into a file or a pipe are not cut to a screen that is not there.
UNBOUNDED = 240

out = Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else UNBOUNDED)
err = Console(stderr=True, highlight=False, emoji=False)


class Exit(IntEnum):
    """Exit codes of the command line."""

    OK = 0
    INCOMPLETE = 1  # done, but something in it failed, differs or is held
    USAGE = 2  # the command line itself is wrong
    NEEDS_PERSON = 3  # a setting, a source or a lock has to be put right first
    TRY_LATER = 4
    NOT_FOUND = 5
    DEFECT = 70


def say(text: str) -> None:
    """Tell the person something, apart from the answer; the terminal breaks the lines."""
    err.print(text, markup=False, soft_wrap=True)


def answer(value: Any, *, as_json: bool, table: Table | None = None) -> None:
    """Print `value` as JSON, or the table made of it."""
    if as_json:
        sys.stdout.write(json.dumps(value, default=plain, ensure_ascii=False, indent=2) + "\n")
    elif table is not None:
        out.print(table)


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "") -> Table:
    """Cells are printed as they are: text from outside is never read as markup."""
    made = Table(*columns, title=title or None, title_justify="left", box=None, pad_edge=False)
    for row in rows:
        made.add_row(*(Text(cell(value)) for value in row))
    return made


def cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return f"{value.astimezone():%Y-%m-%d %H:%M:%S}"
    if isinstance(value, float):
        return f"{value:.2f}"
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def plain(value: Any) -> Any:
    """What `json` cannot write by itself."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"no JSON for a {type(value).__name__}")
