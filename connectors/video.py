"""Recordings in a folder, or in MRSS feeds, by what is said in them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from catalogue.model import Cursor, Draft, Kind, Payload
from connectors.base import Checkpoint, Config, Connector, Event, Failed, Found
from connectors.feed import Feed
from connectors.feed import Settings as FeedSettings
from connectors.formats import entries
from connectors.formats.mediadraft import draft
from connectors.formats.mediafile import Reading
from connectors.formats.medialibrary import is_part, recordings
from connectors.formats.mediaspeech import Listener
from connectors.walk import Walk

VERSION = 1  # of what a payload holds; a new one reads every file again
STEP = 100  # recordings between two checkpoints
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^/?#]+[^?#]*$")]


class Settings(Config):
    path: Path | None = Field(None, description="The folder, relative to the sources' own file.")
    url: str | tuple[str, ...] = Field((), description="An MRSS feed, or several, instead.")
    include: tuple[str, ...] = Field(("**",), description="Globs of the files to read.")
    exclude: tuple[str, ...] = Field((), description="Globs of files and `folders/` to leave out.")
    base_url: Address | None = Field(
        None, description="Where the folder is found on the web; else links lead to the files."
    )
    languages: tuple[str, ...] = Field(
        (), description="Languages of captions, the best first; else those the recording is in."
    )
    speech: Path | None = Field(None, description="Folder of a Whisper model, if it is to listen.")
    kind: Kind | None = Field(None, description="What they are; else video or podcast.")

    @model_validator(mode="after")
    def _one_place(self) -> "Settings":
        if bool(self.path) == bool(self.url):
            raise ValueError("give either `path` or `url`")
        return self


class Video(Connector[Settings]):
    """Recordings in a folder with the captions, chapters and descriptions beside them, or of feeds.

    Captions (VTT, SRT, SBV, TTML, json3) are named like the recording, `knots.de.vtt` beside
    `knots.mp4`, and make a hit open at its second. Title, author and length come from
    `knots.info.json` as yt-dlp writes it, from `knots.nfo`, or from the tags of MP4, MKV, WebM,
    MP3, Ogg, FLAC, WAV and WMA files; other containers go by their name. With `speech`, an extra,
    a recording without captions is transcribed, at 3 to 5 times its speed.
    A feed is a window on its latest entries; its captions are those of its media:subTitle.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        if self.config.path is None:
            feeds = FeedSettings(url=self.config.url, transcripts=True)
            return Feed(feeds, self.http).pull(cursor)
        return self._library(self.config.path, cursor)

    def _library(self, path: Path, cursor: Cursor) -> Iterator[Event]:
        """The cursor maps recordings to a hash over their files' stamps, but failed ones."""
        config, speech = self.config, self.config.speech
        reading = f"{VERSION} {config.base_url} {config.languages} {speech and speech.name}"
        old: dict[str, str] = dict(cursor["files"]) if cursor.get("reading") == reading else {}
        done: dict[str, str] = {}
        hear = Listener(speech).hear if speech else None
        reader = Reading(config.base_url, config.languages, hear)
        walk = Walk(path, config.include, config.exclude, is_part)
        for count, recording in enumerate(recordings(walk.files()), 1):
            event = reader.event(recording, old.pop(recording.media.key, ""))
            yield event
            done |= {} if isinstance(event, Failed) else {event.key: recording.stamp}
            if count % STEP == 0 or (speech and isinstance(event, Found)):
                yield Checkpoint({"reading": reading, "files": old | done})
        kept = old | done if walk.closed else done
        yield Checkpoint({"reading": reading, "files": kept}, complete=not walk.closed)
        walk.report()

    def normalise(self, payload: Payload) -> Draft:
        if "path" in payload:
            return draft(payload, self.config.kind)
        episode = entries.draft(payload)
        heard = episode.kind if episode.kind is Kind.PODCAST else Kind.VIDEO
        return replace(episode, kind=self.config.kind or heard)
