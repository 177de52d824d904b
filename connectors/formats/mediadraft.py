"""A recording of a library as a learning resource."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from catalogue.model import Draft, Kind, Payload
from connectors.extract import plain
from connectors.extract.document import line, words
from connectors.formats.captioncues import from_json
from connectors.formats.captionparts import at_second, spoken
from connectors.formats.mediainfo import chapters
from connectors.formats.medialibrary import VIDEO
from connectors.vocabulary import Vocabulary

_STANDARD = "youtube"  # the licence of a video whose owner granted none


def draft(payload: Payload, kind: Kind | None) -> Draft:
    """The files beside the recording are believed before its tags, its name only at last."""
    said = Vocabulary()
    path = PurePosixPath(payload["path"])
    told: Mapping[str, Any] = {**payload.get("tags", {}), **payload.get("info", {})}
    captions = from_json(payload.get("captions", {}))
    url = payload["url"] if payload["public"] else _page(told) or payload["url"]
    heard = payload.get("spoken_in") or captions.language
    length = round(captions.cues[-1].end) if captions.cues else None
    return Draft(
        title=line(plain(str(told.get("title") or ""))) or _name(path),
        url=url,
        kind=kind or (Kind.VIDEO if path.suffix.lower() in VIDEO else Kind.PODCAST),
        summary=plain(str(told.get("description") or "")),
        language=said.language(told.get("language") or heard),
        authors=words(_listed(told, "creators", "creator", "artist", "uploader", "channel")),
        published=said.moment(told.get("upload_date") or told.get("release_date")),
        updated=datetime.fromisoformat(payload["modified"]),
        duration=said.seconds(told.get("duration")) or length,
        licence=said.licence(_licence(told)),
        image=_web(told.get("thumbnail")),
        subjects=words([*_listed(told, "categories"), *_listed(told, "tags")]),
        parts=spoken(captions.cues, partial(at_second, url), chapters(told)),
        unmapped=said.unmapped,
    )


def _name(path: PurePosixPath) -> str:
    return line(path.stem.replace("_", " ")) or path.name


def _page(told: Mapping[str, Any]) -> str:
    return _web(told.get("webpage_url"))


def _web(said: Any) -> str:
    """An address of the web; "" for anything else."""
    text = said if isinstance(said, str) else ""
    try:
        return text if urlsplit(text).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _licence(told: Mapping[str, Any]) -> str:
    said = str(told.get("license") or "")
    return "" if said.casefold() == _STANDARD else said


def _listed(told: Mapping[str, Any], *names: str) -> list[str]:
    """The values of the first of these fields that says something."""
    for name in names:
        value = told.get(name)
        if value:
            return [plain(str(v)) for v in value] if isinstance(value, list) else [str(value)]
    return []
