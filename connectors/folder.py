"""Files in a folder or on a mounted share."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Annotated
from urllib.parse import quote

from pydantic import Field, StringConstraints

from catalogue.errors import BadItem
from catalogue.model import Cursor, Draft, Kind, Payload
from connectors.base import Checkpoint, Config, Connector, Event, Failed, Found, Unchanged
from connectors.extract import Reader, drafted, format_of, from_json
from connectors.walk import File, Walk

VERSION = 1  # of what is read out of a file; a new one reads every file again
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^/?#]+[^?#]*$")]


class Settings(Config):
    path: Path = Field(description="The folder, relative to the file that describes the sources.")
    include: tuple[str, ...] = Field(("**",), description="Globs of the files to read.")
    exclude: tuple[str, ...] = Field((), description="Globs of files and `folders/` to leave out.")
    base_url: Address | None = Field(
        None, description="Where the folder is found on the web; else links lead to the files."
    )
    kind: Kind | None = Field(None, description="What the files are; else by their format.")
    max_bytes: int = Field(100 * 2**20, gt=0, description="Larger files are reported, not read.")


class Folder(Connector[Settings]):
    """Manuals and documents in a folder: PDF, DOCX, PPTX, XLSX, EPUB, HTML, Markdown and text."""

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """The cursor maps keys to "size.mtime.hash"; a file that failed is not in it."""
        reading = f"{VERSION} {self.config.base_url}"
        old: dict[str, str] = dict(cursor["files"]) if cursor.get("reading") == reading else {}
        done: dict[str, str] = {}
        walk = Walk(self.config.path, self.config.include, self.config.exclude)
        with Reader() as reader:
            news = 0
            for file in walk.files():
                event, mark = self._event(file, old.pop(file.key, ""), reader)
                yield event
                done |= {file.key: mark} if mark else {}
                news += not isinstance(event, Unchanged)
                if news >= max(25, len(done) // 20):  # a large cursor is not stored for each few
                    yield Checkpoint({"reading": reading, "files": old | done})
                    news = 0
        kept = old | done if walk.closed else done
        yield Checkpoint({"reading": reading, "files": kept}, complete=not walk.closed)
        walk.report()

    def _event(self, file: File, known: str, reader: Reader) -> tuple[Event, str | None]:
        """What became of the file, and its mark for the cursor unless it failed."""
        if known.startswith(f"{file.stamp}."):
            return Unchanged(file.key), known
        try:
            data = file.read(self.config.max_bytes)
            digest = sha256(data).hexdigest()[:16]
            mark = f"{file.stamp}.{digest}"
            if known.endswith(f".{digest}"):
                return Unchanged(file.key), mark
            return Found(file.key, self._payload(file, reader.document(file.key, data))), mark
        except BadItem as error:
            return Failed(file.key, error), None

    def _payload(self, file: File, document: Payload) -> Payload:
        base = self.config.base_url
        url = f"{base.rstrip('/')}/{quote(file.key)}" if base else file.path.absolute().as_uri()
        modified = datetime.fromtimestamp(file.modified, UTC).isoformat(timespec="seconds")
        return {"path": file.key, "url": url, "modified": modified, "document": document}

    def normalise(self, payload: Payload) -> Draft:
        name = PurePosixPath(payload["path"]).name
        form = format_of(name)
        title = re.sub(r"[_\s-]+", " ", name.split(".")[0]).strip() or name
        kind = self.config.kind or (form.kind if form else Kind.DOCUMENT)
        draft = drafted(from_json(payload["document"]), title, payload["url"], kind)
        return replace(draft, updated=draft.updated or datetime.fromisoformat(payload["modified"]))
