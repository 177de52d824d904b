"""A recording with all that lies beside it, read into one payload."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from catalogue.errors import BadItem
from connectors.base import Failed, Found, Unchanged
from connectors.formats import captions, mediainfo
from connectors.formats.captioncues import Captions, to_json
from connectors.formats.medialibrary import Recording, best
from connectors.walk import File

_LARGEST = 20 * 2**20  # bytes, of a file beside a recording


def found(
    recording: Recording, known: str, base_url: str | None, languages: Iterable[str]
) -> Found | Unchanged | Failed:
    """What became of a recording whose stamp was `known`."""
    key = recording.media.key
    if known == recording.stamp:
        return Unchanged(key)
    url = f"{base_url.rstrip('/')}/{quote(key)}" if base_url else ""
    try:
        return Found(key, _payload(recording, url, languages))
    except BadItem as error:
        return Failed(key, error)


def _payload(recording: Recording, url: str, languages: Iterable[str]) -> dict[str, Any]:
    media = recording.media
    info = _info(recording.infos)
    wanted = filter(None, (*languages, str(info.get("language") or "")))
    chosen = best(recording.captions, list(wanted))
    modified = datetime.fromtimestamp(media.modified, UTC).isoformat(timespec="seconds")
    return {
        "path": media.key,
        "url": url or media.path.absolute().as_uri(),
        "public": bool(url),
        "modified": modified,
        "info": info,
        "tags": mediainfo.tags(media),
        "captions": to_json(spoken(chosen[1])) if chosen else {},
        "spoken_in": chosen[0] if chosen else "",
    }


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
