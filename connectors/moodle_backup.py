"""Courses in Moodle backup archives."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from catalogue.model import Cursor, Draft, Payload
from connectors.base import Config, Connector, Event
from connectors.extract import Reader
from connectors.moodlecourse import draft
from connectors.moodleshelf import Shelf
from connectors.walk import Walk

VERSION = 1  # of what a payload holds; a new one reads every backup again
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+[^\s?#]*$")]


class Settings(Config):
    path: Path = Field(description="The folder of .mbz files, relative to the sources' file.")
    include: tuple[str, ...] = Field(("**",), description="Globs of the backups to read.")
    exclude: tuple[str, ...] = Field(
        (), description="Globs of backups and `folders/` to leave out."
    )
    url: Address | None = Field(None, description="Where the site is; else as the backups say.")
    files: bool = Field(True, description="Read the text of PDFs and other files.")


class MoodleBackup(Connector[Settings]):
    """Courses in Moodle backup archives (.mbz), as zip or tar.gz, below a folder.

    A course is one item however many backups of it lie there: the newest one counts. Hidden
    courses, sections and activities are left out, as are forums and whatever people handed in.
    Backups name competencies by their framework's ids, not in words.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """The cursor maps backups to the course each holds; one that did not change stays shut."""
        config = self.config
        walk = Walk(config.path, config.include, config.exclude, wanted=_is_backup)
        site = config.url.rstrip("/") if config.url else None
        shelf = Shelf(walk, cursor, f"{VERSION} {site} {config.files}")
        with Reader() as reader:
            yield from shelf.events(reader, site, config.files)
        walk.report()

    def normalise(self, payload: Payload) -> Draft:
        return draft(payload, payload["site"])


def _is_backup(key: str) -> bool:
    return key.lower().endswith(".mbz")
