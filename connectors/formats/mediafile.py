"""A recording with all that lies beside it, read into one payload."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from catalogue.errors import BadItem
from connectors.base import Failed, Found, Unchanged
from connectors.formats import captions, mediainfo
from connectors.formats.captioncues import Captions, to_json
from connectors.formats.medialibrary import Recording, best
from connectors.walk import File

_LARGEST = 20 * 2**20  # bytes, of a file beside a recording


@dataclass(frozen=True, slots=True)
class Reading:
    """How recordings are to be read. `hear` transcribes those that nobody captioned."""

    base_url: str | None = None
    languages: tuple[str, ...] = ()
    hear: Callable[[Path], Captions] | None = None

    def event(self, recording: Recording, known: str) -> Found | Unchanged | Failed:
        """What became of a recording whose stamp was `known`. NeedsPerson of `hear` is raised."""
        key = recording.media.key
        if known == recording.stamp:
            return Unchanged(key)
        try:
            return Found(key, self._payload(recording))
        except BadItem as error:
            return Failed(key, error)

    def _payload(self, recording: Recording) -> dict[str, Any]:
        media, base = recording.media, self.base_url
        info = _info(recording.infos)
        modified = datetime.fromtimestamp(media.modified, UTC).isoformat(timespec="seconds")
        return {
            "path": media.key,
            "url": f"{base.rstrip('/')}/{quote(media.key)}" if base else _file(media),
            "public": bool(base),
            "modified": modified,
            "info": info,
            "tags": mediainfo.tags(media),
            **self._said(recording, str(info.get("language") or "")),
        }

    def _said(self, recording: Recording, language: str) -> dict[str, Any]:
        wanted = filter(None, (*self.languages, language))
        if chosen := best(recording.captions, list(wanted)):
            return {"captions": to_json(spoken(chosen[1])), "spoken_in": chosen[0]}
        return {"captions": to_json(self.hear(recording.media.path))} if self.hear else {}


def _file(media: File) -> str:
    return media.path.absolute().as_uri()


def spoken(file: File) -> Captions:
    """Raises BadItem, naming the file, where it cannot be read."""
    try:
        return captions.read(_contents(file))
    except BadItem as error:
        raise BadItem(f"{file.key} {error}; mend or remove it") from error


def _info(files: Iterable[File]) -> dict[str, Any]:
    """What the files say together; yt-dlp's, which are the richest, have the last word."""
    told: dict[str, Any] = {}
    for file in sorted(files, key=lambda file: (file.key.endswith(".json"), file.key[::-1])):
        try:
            told |= mediainfo.read(file.key, _contents(file))
        except BadItem as error:
            raise BadItem(f"{file.key} {error}; mend or remove it") from error
    return told


def _contents(file: File) -> bytes:
    if file.size > _LARGEST:
        raise BadItem(f"has {file.size:,} bytes, too many for what lies beside a recording")
    return file.read(_LARGEST)
