"""Rows of a table, by the names in its first line."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pydantic import Field

from catalogue.errors import BadConfig, BadItem, NeedsPerson
from config.nearest import nearest
from connectors.extract import Reader
from connectors.formats.columns import Reading

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
MAX_CELL = 10_000_000  # characters


class Form(Reading):
    """How the rows lie in the file, and what they mean."""

    key: str = Field("", description="Column that names a row for ever; else that of the address.")
    delimiter: str = Field("", max_length=1, description="Else a comma; in .tsv files a tab.")
    encoding: str = Field("utf-8-sig", description="Of a text file, such as cp1252.")
    sheet: str = Field("", description="Of a workbook; else its first.")


class File(NamedTuple):
    """A file's `name` for messages, its bytes, and what its server said to ask for changes with."""

    name: str
    data: bytes
    validators: dict[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """`line` is where the row begins in its file, from 1; `cells` has those of named columns.

    `fault` says why the cells cannot be trusted.
    """

    line: int
    cells: dict[str, str]
    fault: str = ""


Numbered = tuple[int, Sequence[str]]


def read_file(path: Path, limit: int) -> File:
    """Raises NeedsPerson where it cannot be opened or is larger than `limit` bytes."""
    try:
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except OSError as error:
        raise NeedsPerson(f"{path} cannot be opened: {error.strerror}; correct `path`") from error
    if len(data) > limit:
        raise NeedsPerson(f"{path} is larger than `max_bytes`, {limit:,}")
    return File(str(path), data, {})


def table_rows(file: File, settings: Form) -> Iterator[Row]:
    """The rows after the first. Raises BadConfig where the settings do not fit the file."""
    suffix = PurePosixPath(file.name.partition("?")[0].lower()).suffix
    if suffix == ".xlsx" or file.data.startswith(b"PK\x03\x04"):
        rows = _sheet(file, settings.sheet)
    else:
        sign = settings.delimiter or ("\t" if suffix == ".tsv" else ",")
        rows = _lines(file.name, _decoded(file, settings.encoding), sign)
    wanted = [*settings.columns.all(), settings.key]
    return _named(rows, file.name, filter(None, wanted))


def _decoded(file: File, encoding: str) -> str:
    """Raises BadConfig where the bytes are not in `encoding`."""
    name, data, _ = file
    marked = data[:2] in (b"\xff\xfe", b"\xfe\xff") and not encoding.lower().startswith("utf-16")
    try:
        return data.decode("ascii" if marked else encoding)
    except LookupError:
        raise BadConfig(f"{name}: no encoding is called {encoding!r}; try utf-8") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = data[error.start : error.start + 4].hex(" ")
        raise BadConfig(
            f"{name} is not in {encoding}: line {line} has the bytes {found};"
            f" set `encoding`, perhaps to {'utf-16' if marked else _likely(data)}"
        ) from None


def _likely(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _lines(name: str, text: str, delimiter: str) -> Iterator[Numbered]:
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise NeedsPerson(f"{name}, line {line}: {error}; look for an unclosed quote") from None


def _sheet(file: File, sheet: str) -> Iterator[Numbered]:
    try:
        with Reader() as reader:
            tables = dict(reader.tables(file.name, file.data))
    except BadItem as error:
        raise NeedsPerson(str(error)) from None
    name = sheet or next(iter(tables), "")
    if name not in tables:
        raise BadConfig(f"{file.name} has no sheet {name!r}; {nearest(name, list(tables))}")
    yield from enumerate(tables[name], 1)


def _named(rows: Iterator[Numbered], name: str, wanted: Iterable[str]) -> Iterator[Row]:
    filled = ((line, cells) for line, cells in rows if any(cell.strip() for cell in cells))
    names = [cell.strip() for cell in next(filled, (1, []))[1]]
    missing = [column for column in dict.fromkeys(wanted) if column not in names]
    if missing:
        raise BadConfig(_missing(name, missing, names))
    for line, cells in filled:
        yield Row(line, dict(zip(names, cells, strict=False)), _fault(names, cells))


def _fault(names: Sequence[str], cells: Sequence[str]) -> str:
    if len(cells) == len(names):
        return ""
    return f"has {len(cells)} cells, the first line has {len(names)}; look for an unclosed quote"


def _missing(name: str, missing: Sequence[str], names: Sequence[str]) -> str:
    found = ", ".join(names[:40]) or "nothing"
    hint = "correct `columns`"
    if len(names) == 1:
        other = next((sign for sign in DELIMITERS if sign in names[0]), None)
        hint = f"set `delimiter` to {other!r} ({DELIMITERS[other]})" if other else hint
    return f"{name} has no column {', '.join(missing)}; {hint}. Its first line names: {found[:500]}"
