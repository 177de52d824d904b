"""Books of publishers' and suppliers' ONIX messages."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from catalogue.errors import BadItem, NeedsPerson
from catalogue.model import Cursor, Draft, Payload
from connectors.base import Config, Connector, Event
from connectors.formats.headings import read_headings
from connectors.formats.marks import Marks
from connectors.formats.onix.book import draft, worded
from connectors.formats.onix.messages import LARGEST, Message, message, messages, records
from connectors.formats.onix.product import TESTS, payload, withdrawn
from connectors.formats.onix.tags import text
from connectors.http.addresses import shown

VERSION = 1  # of what a payload holds; a new one takes every book for new


class Settings(Config):
    path: Path | None = Field(None, description="A message, or a folder of them.")
    url: str = Field("", pattern=r"^(https?://[^\s/?#]+\S*)?$", description="Or its address.")
    whole: bool = Field(
        False, description="The messages hold the whole list: what is not in them has vanished."
    )
    link: str = Field(
        pattern=r"^https?://[^\s/?#]+\S*\{(isbn|reference)\}\S*$",
        description="Address of a book whose record names none, with {isbn} or {reference}.",
    )
    headings: Path | None = Field(None, description="CSV of subject codes and their words.")

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if bool(self.url) == bool(self.path):
            raise ValueError("give either `path` or `url`")
        return self


class Onix(Connector[Settings]):
    """Books of ONIX 3 messages with long or short tags; 2.1 is read as far as it is alike.

    Of several records of one book the one sent last holds. Messages tell of changes, so a book that
    is in none any more stays, unless `whole` is set; deleted, cancelled and recalled ones go.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """The cursor has the books' hashes; a record of a deletion counts as one."""
        config = self.config
        marks = Marks(cursor, f"{VERSION} {config.url or config.path}")
        headings = read_headings(config.headings)
        first_error, good = None, 0
        for name, told in self._messages():
            try:
                if isinstance(told, BadItem):
                    raise told
                yield from self._events(told, marks, headings)
                good += 1
            except BadItem as error:
                first_error = first_error or error
                yield marks.fault(error, name)
            yield marks.midway()
        if first_error and not good:
            raise NeedsPerson(str(first_error))
        yield from marks.ending({}, complete=config.whole)

    def _events(self, told: Message, marks: Marks, headings: Mapping[str, str]) -> Iterator[Event]:
        for reference, product, language in records(told):
            if not reference:
                yield marks.fault(BadItem(f"{told.name}: a record has no RecordReference"))
            elif reference in marks.new or text(product, "NotificationType") in TESTS:
                continue
            elif withdrawn(product):
                yield from marks.gone(reference)
            else:
                yield marks.told(reference, worded(payload(product, language), headings))

    def _messages(self) -> Iterator[tuple[str, Message | BadItem]]:
        if self.config.path:
            return messages(self.config.path)
        reply = self.http.get(self.config.url, max_bytes=LARGEST)
        name = shown(self.config.url)
        return iter([(name, message(name, reply.body))])

    def normalise(self, payload: Payload) -> Draft:
        return draft(payload, self.config.link)
