"""Live sessions of calendars."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from catalogue.errors import BadItem, SkillshelfError
from catalogue.model import Cursor, Draft, Payload
from connectors.base import Config, Connector, Event, Failed, Gone
from connectors.formats.icsevent import draft, payload
from connectors.formats.icsfile import Series, zone_name
from connectors.formats.icsplace import places, series
from connectors.formats.marks import Marks

VERSION = 1  # of what a payload holds; a new one reads every calendar again
Address = Annotated[str, StringConstraints(pattern=r"^(https?|webcal)://[^\s/?#]+\S*$")]
Page = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+\S*$")]


class Settings(Config):
    url: Address | tuple[Address, ...] = Field((), description="A calendar's address, or several.")
    files: Path | None = Field(None, description="A folder of .ics files instead.")
    page: Page | None = Field(None, description="Address for events that name none of their own.")
    timezone: Annotated[str, AfterValidator(zone_name)] = Field(
        "UTC", description="Time zone of calendars that name none, such as Europe/Berlin."
    )

    @model_validator(mode="after")
    def _one_place(self) -> "Settings":
        if bool(self.url) == bool(self.files):
            raise ValueError("give either `url` or `files`")
        return self


class Calendar(Connector[Settings]):
    """Instructor-led and virtual sessions of iCalendar files (ICS).

    A repeating event is one item with its coming sessions of the next 400 days, 60 at most, those
    moved and cancelled as the calendar says. An event that is over, cancelled or private goes, as
    nobody can attend it; a new date brings it back. The link is the event's own, else its online
    meeting, without passwords, else `page`.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """Calendars are fetched each time: one that stays as it is changes as time goes by."""
        now, local = self.http.clock.utc(), ZoneInfo(self.config.timezone)
        marks = Marks(cursor, f"{VERSION} {self.config.timezone}")
        told, errors = set[str](), list[SkillshelfError]()
        calendars = places(self.config.url, self.config.files)
        for name, place in calendars.items():
            try:
                found = series(self.http, place, local)
            except SkillshelfError as error:
                errors.append(error)
                yield marks.fault(error, name)
                continue
            fresh = [one for one in found if one.uid not in told]
            told.update(one.uid for one in fresh)
            for one in fresh:
                yield from _event(one, now, marks)
            yield marks.midway()
        if errors and len(errors) == len(calendars):
            raise errors[0]
        yield from marks.ending({}, complete=True)

    def normalise(self, payload: Payload) -> Draft:
        return draft(payload, self.config.page or "")


def _event(one: Series, now: datetime, marks: Marks) -> Iterator[Event]:
    try:
        coming = payload(one, now)
    except BadItem as error:
        yield Failed(one.uid, error)
        return
    if coming:
        yield marks.told(one.uid, coming)
    elif one.uid in marks.old:
        yield Gone(one.uid)
