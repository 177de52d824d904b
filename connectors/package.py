"""Learning packages in a folder or at addresses."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from catalogue.errors import NeedsPerson, SkillshelfError, TryLater
from catalogue.model import Cursor, Draft, Kind, Payload
from connectors.base import Checkpoint, Config, Connector, Event, Failed, Unchanged
from connectors.extract import Reader
from connectors.formats.packages.draft import package_draft
from connectors.formats.packages.places import OnWeb, Placed, on_disk
from connectors.formats.packages.visit import visit
from connectors.walk import Walk

VERSION = 1  # of what is read out of a package; a new one reads every package again
STEP = 10  # packages read between two checkpoints
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+/\S*$")]
Base = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+[^\s?#]*$")]


class Settings(Config):
    path: Path | None = Field(default=None, description="A folder of packages, packed or unpacked.")
    urls: tuple[Address, ...] = Field(default=(), description="Addresses of packages instead.")
    include: tuple[str, ...] = Field(default=("**",), description="Globs of the files to look at.")
    exclude: tuple[str, ...] = Field(default=(), description="Globs of what to leave out.")
    base_url: Base | None = Field(
        default=None, description="Where the folder is found on the web; else links lead to files."
    )
    kind: Kind | None = Field(default=None, description="What the packages are; else courses.")
    max_bytes: int = Field(
        default=500 * 2**20, gt=0, description="Larger packages are reported, not read."
    )

    @model_validator(mode="after")
    def _one_place(self) -> "Settings":
        if bool(self.path) == bool(self.urls):
            raise ValueError("give either `path` or `urls`")
        return self


class Package(Connector[Settings]):
    """Learning packages: SCORM, AICC, cmi5, xAPI, IMS Content Packages, Common Cartridge and H5P.

    The text of HTML units and of files is read. What scripts draw is not seen, nor are questions
    of tests, nor what a cartridge holds unpublished, hidden or for teachers alone. SCORM 2004,
    AICC, xAPI and H5P are not yet tried on packages of others.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """The cursor maps keys to "hash stamp"; a package that failed is not in it."""
        reading = f"{VERSION} {self.config.base_url}"
        old: dict[str, str] = dict(cursor["packages"]) if cursor.get("reading") == reading else {}
        done: dict[str, str] = {}
        walk = Walk(self.config.path or Path(), self.config.include, self.config.exclude, bool)
        errors, read = list[SkillshelfError](), 0
        with Reader() as reader:
            for place in self._places(walk):
                try:
                    event, mark = visit(place, old.pop(place.key, ""), reader)
                except (TryLater, NeedsPerson) as error:
                    if self.config.path:
                        raise
                    errors.append(error)
                    event, mark = Failed(place.key, error), None
                yield event
                done |= {place.key: mark} if mark else {}
                read += not isinstance(event, Unchanged)
                if read == STEP:
                    yield Checkpoint({"reading": reading, "packages": old | done})
                    read = 0
        if errors and len(errors) == len(self.config.urls):
            raise errors[0]
        kept = old | done if walk.closed else done
        yield Checkpoint({"reading": reading, "packages": kept}, complete=not walk.closed)
        walk.report()

    def _places(self, walk: Walk) -> Iterator[Placed]:
        most = self.config.max_bytes
        yield from (OnWeb(url, self.http, most) for url in dict.fromkeys(self.config.urls))
        if self.config.path:
            yield from on_disk(walk.files(), self.config.base_url, most)

    def normalise(self, payload: Payload) -> Draft:
        return package_draft(payload, self.config.kind)
