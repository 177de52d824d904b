"""Books of an OPDS catalogue: a library's, a publisher's, a Calibre server's."""

from collections.abc import Iterator
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator

from catalogue.errors import BadItem
from catalogue.model import Cursor, Draft, Payload
from connectors.base import Config, Connector, Event
from connectors.formats.headings import read_headings
from connectors.formats.marks import Marks
from connectors.formats.opds.book import available, draft, named
from connectors.formats.opds.crawl import Crawl, files
from connectors.formats.opds.feed import Feed

VERSION = 1  # of what a payload holds; a new one takes every book for new
STEP = 20  # feeds between two checkpoints


class Settings(Config):
    url: str = Field("", pattern=r"^(https?://[^\s/?#]+\S*)?$", description="The first feed.")
    path: Path | None = Field(None, description="A file or a folder of feeds instead.")
    user: str = Field("", description="Who signs in, where the catalogue wants that.")
    password: SecretStr | None = Field(None, description="The user's password.")
    max_feeds: int = Field(1000, gt=0, description="Feeds read at most; then what is left stays.")
    available_only: bool = Field(False, description="Leave out what nobody can borrow right now.")
    headings: Path | None = Field(
        None, description="CSV of subject codes and their words, such as BISAC's, for bare codes."
    )

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if bool(self.url) == bool(self.path):
            raise ValueError("give either `url` or `path`")
        return self


class Opds(Connector[Settings]):
    """Books of an OPDS 1 or OPDS 2 catalogue, from a server or from files.

    Navigation is followed within the catalogue's own site, each feed once. A catalogue with more
    feeds than `max_feeds` is never taken to be listed whole.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """Feeds say nothing of their catalogue's changes. The cursor has the books' hashes."""
        config = self.config
        place = config.url or str(config.path)
        marks = Marks(cursor, f"{VERSION} {place} {config.available_only}")
        headings = read_headings(config.headings)
        for count, (name, feed) in enumerate(self._feeds(), 1):
            if isinstance(feed, BadItem):
                yield marks.fault(feed, name)
                continue
            for _ in range(feed.nameless):
                yield marks.fault(BadItem(f"{name}: a publication has no identifier"))
            for book in feed.entries:  # that several feeds list one is the rule
                if book["id"] not in marks.new and (not config.available_only or available(book)):
                    yield marks.told(book["id"], named(book, headings))
            if count % STEP == 0:
                yield marks.midway()
        yield from marks.ending({}, complete=True)

    def _feeds(self) -> Iterator[tuple[str, Feed | BadItem]]:
        config = self.config
        if config.path:
            return files(config.path)
        secret = config.password.get_secret_value() if config.password else ""
        auth = (config.user, secret) if config.user else None
        return Crawl(self.http, auth, config.max_feeds).feeds(config.url)

    def normalise(self, payload: Payload) -> Draft:
        path = self.config.path
        return draft(payload, path.absolute().as_uri() if path else self.config.url)
