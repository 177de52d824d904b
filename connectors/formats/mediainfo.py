"""What files say of a recording: yt-dlp's `.info.json`, Kodi's `.nfo`, and the recording's tags."""

import json
import struct
from collections.abc import Mapping
from typing import Any

from catalogue.errors import BadItem
from connectors.extract.text import decode
from connectors.formats import mediamatroska
from connectors.formats.captionparts import Chapter
from connectors.formats.xml import parse
from connectors.walk import File

SUFFIXES = frozenset({".json", ".nfo"})
# yt-dlp writes hundreds of fields, most of them signed addresses of streams.
_FIELDS = (
    *("id", "title", "description", "language", "license", "webpage_url", "thumbnail"),
    *("uploader", "channel", "creator", "creators", "artist", "upload_date", "release_date"),
    *("duration", "tags", "categories", "chapters"),
)
# Kodi's names of fields, in the words of yt-dlp.
_KODI = {
    "title": "title",
    "plot": "description",
    "outline": "description",
    "premiered": "upload_date",
    "aired": "upload_date",
    "studio": "channel",
}
_KODI_MANY = {"genre": "categories", "tag": "tags", "credits": "creators", "director": "creators"}
_HEAD = 2**20  # bytes, of a Matroska file; what it says of itself comes before its pictures
_LONGEST = 1_000_000  # seconds
# What a parser of untrusted bytes trips over, beyond the errors that it means to raise.
_CONFUSED = (ValueError, TypeError, LookupError, AttributeError, OverflowError, struct.error)


def read(name: str, data: bytes) -> dict[str, Any]:
    """The fields of a metadata file in yt-dlp's names. Raises BadItem for a broken one."""
    if name.lower().endswith(".json"):
        return _info(data)
    # Some programs write a bare address into these files.
    return _nfo(data) if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") else {}


def chapters(info: Mapping[str, Any]) -> tuple[Chapter, ...]:
    listed = info.get("chapters")
    dicts = [c for c in (listed if isinstance(listed, list) else ()) if isinstance(c, Mapping)]
    starts = [one.get("start_time") for one in dicts]
    return tuple(
        Chapter(start, str(one.get("title") or ""))
        for start, one in zip(starts, dicts, strict=True)
        if isinstance(start, int | float) and 0 <= start < _LONGEST
    )


def tags(file: File) -> dict[str, Any]:
    """Title, artist, comment and duration by the recording's container; {} where it tells nothing.

    Raises BadItem for a damaged file.
    """
    from tinytag import ParseError

    matroska = file.key.lower().endswith((".mkv", ".webm"))
    try:
        return _matroska(file) if matroska else _tagged(file)
    except (ParseError, *_CONFUSED) as error:
        raise BadItem(f"{file.key} is damaged: {str(error)[:100]}") from error
    except OSError as error:
        raise BadItem(f"{file.key} cannot be opened: {error.strerror or error}") from error


def _tagged(file: File) -> dict[str, Any]:
    from tinytag import TinyTag, UnsupportedFormatError

    try:
        found = TinyTag.get(file.path)
    except UnsupportedFormatError:
        return {}
    told = {"title": found.title, "artist": found.artist, "description": found.comment}
    kept = {name: text.strip() for name, text in told.items() if text and text.strip()}
    return {**kept, **({"duration": round(found.duration)} if found.duration else {})}


def _matroska(file: File) -> dict[str, Any]:
    with file.path.open("rb") as stream:
        return mediamatroska.read(stream.read(_HEAD))


def _info(data: bytes) -> dict[str, Any]:
    try:
        whole = json.loads(decode(data))
    except (ValueError, RecursionError):
        raise BadItem("is no JSON") from None
    if not isinstance(whole, dict):
        raise BadItem("is JSON but holds no fields")
    return {name: whole[name] for name in _FIELDS if whole.get(name)}


def _nfo(data: bytes) -> dict[str, Any]:
    root = parse(data, recover=True)
    info: dict[str, Any] = {}
    for element in root.iterchildren("{*}*"):
        name = element.tag.rpartition("}")[2]
        text = "".join(element.itertext()).strip()
        if text and name in _KODI:
            info.setdefault(_KODI[name], text)
        elif text and name in _KODI_MANY:
            info.setdefault(_KODI_MANY[name], []).append(text)
        elif text and name == "runtime":
            info["duration"] = f"{text} min" if text.isdigit() else text
    return info
