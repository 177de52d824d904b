"""Courses of a Moodle site, by its web services."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints

from catalogue.errors import BadItem
from catalogue.hashing import content_hash
from catalogue.model import Cursor, Draft, Json, Payload
from connectors.base import Checkpoint, Config, Connector, Event, Failed, Found, Unchanged
from connectors.extract import Reader
from connectors.moodlecourse import draft, outline
from connectors.moodlesite import Site, Subjects
from connectors.moodletexts import Texts

VERSION = 2  # of what a payload holds; a new one reads every course again
STEP = 10  # courses between two checkpoints
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+[^\s?#]*$")]


class Settings(Config):
    url: Address = Field(description="Address of the site, such as https://learn.example.org.")
    token: SecretStr = Field(description="Token of a user who may see the courses.")
    files: bool = Field(True, description="Read the text of pages, books, PDFs and other files.")
    max_bytes: int = Field(50 * 2**20, gt=0, description="Larger files are left out.")


class Moodle(Connector[Settings]):
    """Courses of a Moodle site with their sections, pages, books, labels, files and competencies.

    The token's service needs core_webservice_get_site_info, core_course_get_contents,
    core_course_get_courses or ..._by_field; for the subjects core_course_get_categories; for the
    competencies core_competency_list_course_competencies and
    core_competency_list_course_module_competencies. Sections and activities for some groups or
    people only, and those not shown on the course's page, are left out.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """Contents are listed anew each time: a course's own date does not move with them.

        The cursor maps courses to hashes of their listing; files are fetched where that changed.
        """
        site = Site(self.config.url, self.config.token, self.http)
        limit = self.config.max_bytes if self.config.files else 0
        reading = f"{VERSION} {self.config.url} {self.config.files}"
        old: dict[str, str] = dict(cursor["courses"]) if cursor.get("reading") == reading else {}
        done: dict[str, str] = {}
        site.check()
        subjects = site.categories()
        with Reader() as reader:
            texts = Texts(site, reader, limit)
            for count, course in enumerate(site.courses(), 1):
                key = str(course["id"])
                event, mark = self._event(site, course, subjects, old.pop(key, ""), texts)
                yield event
                done |= {key: mark} if mark else {}
                if count % STEP == 0:
                    yield Checkpoint({"reading": reading, "courses": old | done})
        yield Checkpoint({"reading": reading, "courses": done}, complete=True)

    def _event(
        self, site: Site, course: Json, subjects: Subjects, known: str, texts: Texts
    ) -> tuple[Event, str | None]:
        """What became of the course, and its mark for the cursor unless it failed."""
        key, category = str(course["id"]), course.get("categoryid") or course.get("category")
        try:
            listed = site.contents(course["id"]), site.competencies(course["id"])
            payload = outline(course, *listed, subjects.get(category or 0, ()), site.now)
            mark = content_hash(payload)[-16:]
            return Unchanged(key) if mark == known else Found(key, texts.filled(payload)), mark
        except BadItem as error:
            return Failed(key, error), None

    def normalise(self, payload: Payload) -> Draft:
        return draft(payload, self.config.url.rstrip("/"))
