"""Articles, posts and episodes of feeds on the web, or in a folder of feed files."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import Field, model_validator

from catalogue.model import Cursor, Draft, Payload
from connectors.base import Config, Connector, Event
from connectors.formats.entries import draft
from connectors.formats.feedfollow import Follow
from connectors.formats.feedplace import Memory, feed_places, visits

VERSION = 3  # of what a payload holds; a new one reads every feed again


class Settings(Config):
    url: str | tuple[str, ...] = Field(default=(), description="The feed's address, or several.")
    files: Path | None = Field(default=None, description="A folder of feed files instead.")
    full_text: bool = Field(default=False, description="Read the whole article behind each link.")
    transcripts: bool = Field(
        default=False, description="Read the transcripts and chapters that episodes name."
    )

    @model_validator(mode="after")
    def _one_place(self) -> "Settings":
        if bool(self.url) == bool(self.files):
            raise ValueError("give either `url` or `files`")
        return self


class Feed(Connector[Settings]):
    """Articles, posts and podcast episodes of RSS, Atom and JSON feeds.

    Transcripts are read as JSON, VTT, SRT, TTML, HTML or text. Where they tell times, and where
    there are chapters, a hit opens the recording at its second. A feed is a window on its latest
    entries, so what has left it stays.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """A feed is a window on its latest entries, so absence means nothing.

        The cursor maps each feed to what tells whether it has changed and, where entries are
        followed, them to their hashes.
        """
        follow = Follow(self.http, self.config.full_text, self.config.transcripts)
        memory = Memory(cursor, f"{VERSION} {follow.articles} {follow.transcripts}")
        told = set[str]()
        for visit in visits(self.http, feed_places(self.config.url, self.config.files), memory):
            if not isinstance(visit, tuple):
                yield visit
                continue
            name, fetched = visit
            fresh = [entry for entry in fetched.entries if entry["key"] not in told]
            told.update(entry["key"] for entry in fresh)
            yield from follow.events(fresh, fetched.mark, name, memory)
        yield memory.checkpoint()

    def normalise(self, payload: Payload) -> Draft:
        return draft(payload)
