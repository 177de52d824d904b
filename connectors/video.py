"""Recordings in a folder, or in MRSS feeds, by what is said in them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from pydantic import Field, StringConstraints

from catalogue.errors import BadItem
from catalogue.model import Cursor, Draft, Kind, Payload
from connectors.base import Checkpoint, Config, Connector, Event, Failed, Found, Unchanged
from connectors.formats.mediadraft import draft
from connectors.formats.mediafile import payload
from connectors.formats.medialibrary import Recording, is_part, recordings
from connectors.walk import Walk

VERSION = 1  # of what a payload holds; a new one reads every file again
STEP = 100  # recordings between two checkpoints
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^/?#]+[^?#]*$")]


class Settings(Config):
    path: Path = Field(description="The folder, relative to the file that describes the sources.")
    include: tuple[str, ...] = Field(("**",), description="Globs of the files to read.")
    exclude: tuple[str, ...] = Field((), description="Globs of files and `folders/` to leave out.")
    base_url: Address | None = Field(
        None, description="Where the folder is found on the web; else links lead to the files."
    )
    languages: tuple[str, ...] = Field(
        (), description="Languages of captions, the best first; else those the recording is in."
    )
    kind: Kind | None = Field(None, description="What the files are; else video or podcast.")


class Video(Connector[Settings]):
    """Recordings in a folder with the captions, chapters and descriptions beside them.

    Captions (VTT, SRT, SBV, TTML, json3) are named like the recording, `knots.de.vtt` beside
    `knots.mp4`, and make a hit open at its second. Title, author and length come from
    `knots.info.json` as yt-dlp writes it, from `knots.nfo`, or from the tags of MP4, MP3, Ogg,
    FLAC, WAV and WMA files; other containers go by their name.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """The cursor maps recordings to a hash over their files' stamps, but failed ones."""
        reading = f"{VERSION} {self.config.base_url} {' '.join(self.config.languages)}"
        old: dict[str, str] = dict(cursor["files"]) if cursor.get("reading") == reading else {}
        done: dict[str, str] = {}
        walk = Walk(self.config.path, self.config.include, self.config.exclude, is_part)
        for count, recording in enumerate(recordings(walk.files()), 1):
            event = self._event(recording, old.pop(recording.media.key, ""))
            yield event
            done |= {} if isinstance(event, Failed) else {event.key: recording.stamp}
            if count % STEP == 0:
                yield Checkpoint({"reading": reading, "files": old | done})
        kept = old | done if walk.closed else done
        yield Checkpoint({"reading": reading, "files": kept}, complete=not walk.closed)
        walk.report()

    def _event(self, recording: Recording, known: str) -> Found | Unchanged | Failed:
        key, base = recording.media.key, self.config.base_url
        if known == recording.stamp:
            return Unchanged(key)
        url = f"{base.rstrip('/')}/{quote(key)}" if base else ""
        try:
            return Found(key, payload(recording, url, self.config.languages))
        except BadItem as error:
            return Failed(key, error)

    def normalise(self, payload: Payload) -> Draft:
        return draft(payload, self.config.kind)
