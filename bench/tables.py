"""Tables written for a measurement."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def write_rows(path: Path, rows: Sequence[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def table_stanza(path: Path) -> dict[str, Any]:
    """A source that reads a table with the columns title, url and text."""
    columns = {"title": "title", "url": "url", "text": ["text"]}
    settings = {"path": str(path), "delimiter": ";", "columns": columns}
    return {"connector": "table", "owner": "bench@learn.example", "settings": settings}
