"""Courses of a Moodle site, by its web services."""

import logging
from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any

from pydantic import Field, SecretStr, StringConstraints

from catalogue.errors import BadItem
from catalogue.hashing import content_hash
from catalogue.model import Cursor, Draft, Json, Payload
from connectors.base import Checkpoint, Config, Connector, Event, Failed, Found, Unchanged
from connectors.extract import Reader
from connectors.formats.units import readable
from connectors.moodlecourse import draft, outline, with_texts
from connectors.moodlesite import Site

VERSION = 1  # of what a payload holds; a new one reads every course again
STEP = 10  # courses between two checkpoints
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+[^\s?#]*$")]
log = logging.getLogger(__name__)


class Settings(Config):
    url: Address = Field(description="Address of the site, such as https://learn.example.org.")
    token: SecretStr = Field(description="Token of a user who may see the courses.")
    files: bool = Field(True, description="Read the text of pages, books, PDFs and other files.")
    max_bytes: int = Field(50 * 2**20, gt=0, description="Larger files are left out.")


class Moodle(Connector[Settings]):
    """Courses of a Moodle site with their sections, pages, books, labels and files.

    The token's service needs core_webservice_get_site_info, core_course_get_contents,
    core_course_get_courses or ..._by_field, and for the subjects core_course_get_categories.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """Contents are listed anew each time: a course's own date does not move with them.

        The cursor maps courses to hashes of their listing; files are fetched where that changed.
        """
        site = Site(self.config.url, self.config.token, self.http)
        reading = f"{VERSION} {self.config.url} {self.config.files}"
        old: dict[str, str] = dict(cursor["courses"]) if cursor.get("reading") == reading else {}
        done: dict[str, str] = {}
        allowed = site.functions()
        subjects = site.categories(allowed)
        with Reader() as reader:
            for count, course in enumerate(site.courses(allowed), 1):
                key = str(course["id"])
                event, mark = self._event(site, course, subjects, old.pop(key, ""), reader)
                yield event
                done |= {key: mark} if mark else {}
                if count % STEP == 0:
                    yield Checkpoint({"reading": reading, "courses": old | done})
        yield Checkpoint({"reading": reading, "courses": done}, complete=True)

    def _event(
        self, site: Site, course: Json, subjects: dict[int, Any], known: str, reader: Reader
    ) -> tuple[Event, str | None]:
        """What became of the course, and its mark for the cursor unless it failed."""
        key, category = str(course["id"]), course.get("categoryid") or course.get("category")
        try:
            payload = outline(course, site.contents(course["id"]), subjects.get(category or 0, ()))
        except BadItem as error:
            return Failed(key, error), None
        mark = content_hash(payload)[-16:]
        if mark == known:
            return Unchanged(key), mark
        if self.config.files:
            payload = with_texts(payload, partial(self._text, site, reader))
        return Found(key, payload), mark

    def _text(self, site: Site, reader: Reader, file: Json) -> Json | None:
        """What a module's file says; None for one that says nothing, such as a picture."""
        name = readable(str(file.get("filename", "")), str(file.get("mimetype", "")))
        if name is None:
            return None
        try:
            data = site.file(file["fileurl"], self.config.max_bytes)
            return {"name": name, "document": reader.document(name, data)}
        except BadItem as error:  # the rest of the course is worth having; the payload keeps why
            log.warning("%s: %s", self.config.url, error)
            return {"name": name, "unread": str(error)}

    def normalise(self, payload: Payload) -> Draft:
        return draft(payload, self.config.url.rstrip("/"))
