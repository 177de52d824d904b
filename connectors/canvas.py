"""Courses of a Canvas site, by its REST interface."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints

from catalogue.errors import BadItem
from catalogue.hashing import content_hash
from catalogue.model import Cursor, Draft, Json, Payload
from connectors.base import Checkpoint, Config, Connector, Event, Failed, Found, Unchanged
from connectors.extract import Reader
from connectors.formats.canvascourse import outline
from connectors.formats.canvasdraft import draft
from connectors.formats.canvassite import Site
from connectors.formats.canvastexts import Texts

VERSION = 1  # of what a payload holds; a new one reads every course again
STEP = 10  # courses between two checkpoints
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+[^\s?#]*$")]


class Settings(Config):
    url: Address = Field(description="Address of the site, such as https://canvas.example.org.")
    token: SecretStr = Field(description="Access token of a user who may see the courses.")
    account: str = Field(
        "",
        pattern=r"^[\w:]*$",
        description="Account whose courses are read, such as `self`; else those of the user.",
    )
    enrolled: tuple[str, ...] = Field(
        (),
        description="Groups that see courses for enrolled people; else `course-ID` for each.",
    )
    files: bool = Field(True, description="Read the text of PDFs and other files.")
    max_bytes: int = Field(50 * 2**20, gt=0, description="Larger files are left out.")


class Canvas(Connector[Settings]):
    """Courses of a Canvas site with their modules, pages, discussion topics and files.

    Read is what every student of a course sees: nothing unpublished, hidden, not yet unlocked or
    meant for one section only; of discussions the topic, not what people wrote. Public courses are
    seen by whoever may see the source, those for everybody with an account by the group
    `institution`, all others by the groups in `enrolled`.
    Not yet tried against the real service.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """Contents are listed anew each time: a course has no date that moves with them.

        The cursor maps courses to hashes of their listing; bodies are fetched where that changed.
        """
        site = Site(self.config.url, self.config.token, self.http)
        reading = f"{VERSION} {self.config.url} {self.config.files}"
        old: dict[str, str] = dict(cursor["courses"]) if cursor.get("reading") == reading else {}
        done: dict[str, str] = {}
        with Reader() as reader:
            for count, course in enumerate(site.courses(self.config.account), 1):
                key = str(course["id"])
                event, mark = self._event(site, course, old.pop(key, ""), reader)
                yield event
                done |= {key: mark} if mark else {}
                if count % STEP == 0:
                    yield Checkpoint({"reading": reading, "courses": old | done})
        yield Checkpoint({"reading": reading, "courses": done}, complete=True)

    def _event(
        self, site: Site, course: Json, known: str, reader: Reader
    ) -> tuple[Event, str | None]:
        """What became of the course, and its mark for the cursor unless it failed."""
        key, limit = str(course["id"]), self.config.max_bytes if self.config.files else 0
        try:
            listing = site.listing(course["id"])
            payload = outline(course, listing)
            mark = content_hash(payload)[-16:]
            if mark == known:
                return Unchanged(key), mark
            files = {file["id"]: file for file in listing.files if "id" in file}
            return Found(key, Texts(site, reader, course["id"], files, limit).filled(payload)), mark
        except BadItem as error:
            return Failed(key, error), None

    def normalise(self, payload: Payload) -> Draft:
        return draft(payload, self.config.url.rstrip("/"), self.config.enrolled)
