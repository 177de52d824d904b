"""Videos of YouTube channels and playlists."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints

from catalogue.errors import BadItem
from catalogue.model import Cursor, Draft, Payload
from connectors.base import Config, Connector, Event, Failed, Found
from connectors.formats.feedplace import Memory, visits
from connectors.formats.youtubeapi import ADDRESS, Api
from connectors.formats.youtubecaptions import Captions
from connectors.formats.youtubelisting import listed
from connectors.formats.youtubeplace import channel
from connectors.formats.youtubevideo import draft, of_feed

VERSION = 1  # of what a payload holds; a new one reads every video again
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+[^\s?#]*$")]


class Settings(Config):
    url: str | tuple[str, ...] = Field(
        min_length=1, description="Address of a channel or a playlist, or several."
    )
    key: SecretStr | None = Field(None, description="Key of the YouTube Data API.")
    playlists: bool = Field(True, description="With a key: a channel's playlists become paths.")
    captions: Path | None = Field(
        None, description="A folder of captions named by video, such as `dQw4w9WgXcQ.en.vtt`."
    )
    languages: tuple[str, ...] = Field((), description="Languages of captions, the best first.")
    api_address: Address = Field(ADDRESS, description="Where the Data API is reached.")


class Youtube(Connector[Settings]):
    """Videos of YouTube channels and playlists, with chapters, and captions from a folder.

    Without a key the public feeds are read: a window on the latest 15 videos, without lengths, and
    not by handle. With a key of the Data API all videos are listed, with lengths and tags, and
    playlists as paths; a used-up quota is tried again later. The API hands captions only to a
    video's owner, so they come from a folder, as yt-dlp saves them; chapters from descriptions.
    Not yet tried against the real service.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        captions = Captions(self.config.captions, self.config.languages)
        urls = self.config.url
        places = [channel(one) for one in ([urls] if isinstance(urls, str) else urls)]
        if self.config.key is None:
            yield from self._feeds({place.name: place.feed() for place in places}, captions, cursor)
            return
        api = Api(self.http, self.config.key, self.config.api_address)
        reading = f"{VERSION} {self.config.playlists}"
        yield from listed(api, places, captions, self.config.playlists, cursor, reading)

    def _feeds(
        self, places: dict[str, str | Path], captions: Captions, cursor: Cursor
    ) -> Iterator[Event]:
        """A feed is a window on its latest videos, so absence means nothing."""
        memory = Memory(cursor, f"{VERSION} {captions.stamp}")
        told = set[str]()
        # YouTube closes its feeds to crawlers; one that a person named is subscribed to.
        for visit in visits(self.http, places, memory, robots=False):
            if not isinstance(visit, tuple):
                yield visit
                continue
            name, fetched = visit
            for entry in fetched.entries:
                if entry.get("video") and entry["video"] not in told:
                    told.add(entry["video"])
                    yield self._video(entry, captions)
            yield memory.checkpoint(name, fetched.mark)
        yield memory.checkpoint()

    def _video(self, entry: Payload, captions: Captions) -> Event:
        try:
            return Found(entry["video"], {**of_feed(entry), **captions.of(entry["video"])})
        except BadItem as error:
            return Failed(entry["video"], error)

    def normalise(self, payload: Payload) -> Draft:
        return draft(payload)
