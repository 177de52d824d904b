"""Articles, posts and episodes of feeds on the web, or in a folder of feed files."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import Field, model_validator

from catalogue.errors import SkillshelfError
from catalogue.hashing import content_hash
from catalogue.model import Cursor, Draft, Json, Payload
from connectors.base import Config, Connector, Event, Failed, Found, Gone, Unchanged
from connectors.formats.article import article
from connectors.formats.entries import draft
from connectors.formats.feedplace import Memory, feed_places, fetch

VERSION = 2  # of what a payload holds; a new one reads every feed again
STEP = 20  # articles followed between two checkpoints: at a second each, what a crash costs
PAGE = 8 * 1024 * 1024  # bytes


class Settings(Config):
    url: str | tuple[str, ...] = Field(default=(), description="The feed's address, or several.")
    files: Path | None = Field(default=None, description="A folder of feed files instead.")
    full_text: bool = Field(default=False, description="Read the whole article behind each link.")

    @model_validator(mode="after")
    def _one_place(self) -> "Settings":
        if bool(self.url) == bool(self.files):
            raise ValueError("give either `url` or `files`")
        return self


class Feed(Connector[Settings]):
    """Articles, posts and podcast episodes of RSS, Atom and JSON feeds."""

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """A feed is a window on its latest entries, so absence means nothing.

        The cursor maps each feed to what tells whether it has changed and, where articles are
        followed, its entries to their hashes. With several feeds, one that fails costs one failure.
        """
        memory = Memory(cursor, f"{VERSION} {self.config.full_text}")
        errors, told = dict[str, SkillshelfError](), set[str]()
        places = feed_places(self.config.url, self.config.files)
        for name, place in places.items():
            try:
                fetched = fetch(self.http, name, place, memory.of(name))
            except SkillshelfError as error:
                errors[name] = error
                yield Failed(name, error)
                continue
            if fetched:
                fresh = [entry for entry in fetched.entries if entry["key"] not in told]
                told.update(entry["key"] for entry in fresh)
                yield from self._entries(fresh, fetched.mark, name, memory)
        if errors and len(errors) == len(places):
            raise next(iter(errors.values()))
        yield from map(Gone, memory.mended(errors))
        yield memory.checkpoint()

    def normalise(self, payload: Payload) -> Draft:
        return draft(payload)

    def _entries(
        self, entries: list[Payload], mark: Json, name: str, memory: Memory
    ) -> Iterator[Event]:
        known, read = memory.of(name).get("read", {}), dict[str, str]()
        for entry in entries:
            event = self._event(entry, known.get(entry["key"]))
            yield event
            read |= {} if isinstance(event, Failed) else {entry["key"]: content_hash(entry)}
            if self.config.full_text and len(read) % STEP == 0:
                yield memory.checkpoint(name, {"read": {**known, **read}})
        # An entry that failed is tried again even if its feed stays as it is.
        mark = mark if len(read) == len(entries) else {}
        yield memory.checkpoint(name, {**mark, "read": read} if self.config.full_text else mark)

    def _event(self, entry: Payload, known: str | None) -> Event:
        if not self.config.full_text or not entry.get("link"):
            return Found(entry["key"], entry)
        if content_hash(entry) == known:
            return Unchanged(entry["key"])
        try:
            page = self.http.get(entry["link"], item=True, max_bytes=PAGE)
            text = article(page.body, page.url, page.content_type)
        except SkillshelfError as error:
            return Failed(entry["key"], error)
        return Found(entry["key"], {**entry, "article": text})
