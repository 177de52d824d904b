"""Codes of subject schemes (BISAC, Thema, …) into the words of a table that a person provides."""

import csv
from collections.abc import Mapping
from pathlib import Path

from catalogue.errors import NeedsPerson

LARGEST = 16 * 2**20  # bytes; BISAC's whole list has 0.3 million


def read_headings(path: Path | None) -> Mapping[str, str]:
    """Code and words, by code, from a CSV file of these two columns. Raises NeedsPerson."""
    if path is None:
        return {}
    try:
        if path.stat().st_size > LARGEST:
            raise NeedsPerson(f"{path} is larger than {LARGEST:,} bytes; correct `headings`")
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if len(row) >= 2]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise NeedsPerson(f"{path} is no CSV file of codes and words: {error}") from None
    return {row[0].strip(): " ".join(row[1].split()) for row in rows}
