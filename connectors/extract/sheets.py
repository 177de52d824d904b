"""XLSX by sheet, through python-calamine: values as last calculated, formulas are never run."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from catalogue.errors import BadItem
from catalogue.model import Part, Place
from connectors.extract.document import Document, part
from connectors.formats.archives import open_zip, refuse_doctype

Row = tuple[str, ...]


def read(data: bytes) -> Document:
    return Document(parts=tuple(_sheet(name, rows) for name, rows in tables(data)))


def tables(data: bytes) -> Iterator[tuple[str, list[Row]]]:
    """Each sheet's name and its rows from the first of the sheet on, as text."""
    import python_calamine

    refuse_doctype(open_zip(data))
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield name, [tuple(map(_shown, row)) for row in rows]
    except (python_calamine.CalamineError, OSError) as error:
        raise BadItem(f"is damaged or no XLSX ({error})") from error


def _sheet(name: str, rows: list[Row]) -> Part:
    lines = (" | ".join(cell for cell in row if cell) for row in rows)
    return part("\n".join(line for line in lines if line), Place.SHEET, name, name)


def _shown(value: Any) -> str:
    """A cell as a person reads it: no `.0` on whole numbers, dates as ISO 8601 writes them."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value).strip()
