"""Tables: CSV, TSV and XLSX exports."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from catalogue.errors import BadItem
from catalogue.hashing import content_hash
from catalogue.model import Cursor, Draft, Payload
from connectors.base import Checkpoint, Connector, Event, Failed, Found, Unchanged
from connectors.extract import plain
from connectors.formats.rows import File, Form, read_file, table_rows
from connectors.http import Validators
from connectors.http.addresses import shown


class Settings(Form):
    path: Path | None = Field(None, description="The file, relative to the sources' own file.")
    url: str = Field("", description="Where the file is, instead of `path`.")
    max_bytes: int = Field(100 * 2**20, gt=0, description="Largest file that is read.")

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if bool(self.path) == bool(self.url):
            raise ValueError("give either `path` or `url`")
        return self


class Table(Connector[Settings]):
    """A table as CSV, TSV or XLSX, each row an item, by a mapping of its columns."""

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """The cursor maps keys to their rows' hashes, and keeps what a server said of its file."""
        reading = content_hash(self.config.model_dump(mode="json", exclude={"max_bytes"}))
        known = cursor if cursor.get("reading") == reading else {}
        old: dict[str, str] = known.get("rows", {})
        file = self._file(Validators.from_json(known.get("file")))
        if file is None:
            yield from map(Unchanged, old)
            yield Checkpoint(known, complete=known["complete"])
            return
        done: dict[str, str] = {}
        faults = 0  # rows that cannot be told whose they are: then nobody's absence is sure
        for row in table_rows(file, self.config):
            key, mark = row.cells.get(self._key, "").strip(), content_hash(row.cells)[-16:]
            if fault := row.fault or _fault(self._key, key, mark, done):
                faults += 1
                yield Failed(f"line {row.line}", BadItem(f"{file.name}, line {row.line}: {fault}"))
            elif key not in done:  # a row may be there twice, if it is the same row
                done[key] = mark
                payload = {"line": row.line, "cells": row.cells}
                yield Unchanged(key) if old.get(key) == mark else Found(key, payload)
        state = {"reading": reading, "rows": done, "file": file.validators, "complete": not faults}
        yield Checkpoint(state, complete=not faults)

    @property
    def _key(self) -> str:
        return self.config.key or self.config.columns.url[0]

    def _file(self, known: Validators) -> File | None:
        """The file; None where its server says that it has not changed."""
        if self.config.path:
            return read_file(self.config.path, self.config.max_bytes)
        reply = self.http.get(
            self.config.url, validators=known, robots=False, max_bytes=self.config.max_bytes
        )
        if reply.not_modified:
            return None
        return File(shown(self.config.url), reply.body, reply.validators.as_json())

    def normalise(self, payload: Payload) -> Draft:
        try:
            return self.config.draft(payload["cells"], plain)
        except BadItem as error:
            raise BadItem(f"line {payload['line']}: {error}") from None


def _fault(column: str, key: str, mark: str, done: Mapping[str, str]) -> str:
    if not key:
        return f"nothing in {column}, which names the row"
    if done.get(key, mark) != mark:
        return (
            f"{key!r} in {column} names another row as well; set `key` to a column without repeats"
        )
    return ""
