"""Microsoft Learn, by its public catalogue API."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from catalogue.errors import BadItem, NeedsPerson
from catalogue.model import Cursor, Draft, Payload
from connectors.base import Config, Connector, Event, Unchanged
from connectors.formats.learncatalogue import Catalogue, draft
from connectors.formats.marks import Marks
from connectors.http import Validators

VERSION = 1  # of what a payload holds; a new one takes every item for new
LARGEST = 128 * 2**20  # bytes; the whole English catalogue has about 30 million
Listed = Literal[
    "modules", "learningPaths", "appliedSkills", "certifications", "mergedCertifications", "courses"
]
EVERYTHING: tuple[Listed, ...] = (
    "modules",
    "learningPaths",
    "appliedSkills",
    "certifications",
    "mergedCertifications",
    "courses",
)
_BESIDE = ("units", "products", "roles", "subjects")  # what items refer to


class Settings(Config):
    url: str = Field(
        "https://learn.microsoft.com/api/catalog/",
        pattern=r"^https?://[^\s/?#]+\S*$",
        description="Address of the catalogue API.",
    )
    locale: str = Field(
        "en-us", pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$", description="Language, such as de-de."
    )
    types: tuple[Listed, ...] = Field(
        EVERYTHING, min_length=1, description="What is read; else everything there is to learn."
    )


class MsLearn(Connector[Settings]):
    """Modules, learning paths, applied skills, certifications and courses of Microsoft Learn.

    The parts of a module are its units, those of a path its modules, in their order.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """The API gives everything in one answer. The cursor maps items to hashes of theirs."""
        config = self.config
        marks = Marks(cursor, f"{VERSION} {config.url} {config.locale} {','.join(config.types)}")
        known = Validators.from_json(marks.notes)
        params = {"locale": config.locale, "type": ",".join((*config.types, *_BESIDE))}
        # Microsoft publishes this interface for programs to read, so this is no crawling.
        reply = self.http.get(
            config.url, params=params, validators=known, robots=False, max_bytes=LARGEST
        )
        if reply.not_modified:
            marks.new = marks.old
            yield from map(Unchanged, marks.old)
            yield from marks.ending(marks.notes, complete=True)
            return
        answer = reply.json()
        missing = [n for n in config.types if not isinstance(answer, dict) or n not in answer]
        if len(missing) == len(config.types):
            raise NeedsPerson(f"{config.url}: no {' or '.join(missing)} in the answer; check `url`")
        yield from self._events(Catalogue(answer), marks)
        # Where something is missing, the same answer is to be read again.
        notes = {} if missing or marks.faults else reply.validators.as_json()
        yield from marks.ending(notes, complete=not missing)

    def _events(self, catalogue: Catalogue, marks: Marks) -> Iterator[Event]:
        for item in (item for name in self.config.types for item in catalogue.items(name)):
            try:
                payload = catalogue.payload(item)
            except BadItem as error:
                yield marks.fault(error)
                continue
            if payload["uid"] not in marks.new:
                yield marks.told(payload["uid"], payload)

    def normalise(self, payload: Payload) -> Draft:
        return draft(payload, self.config.url)
