"""Captions of videos in a folder, by the video's id in the file's name."""

import re
from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from connectors.formats.captioncues import to_json
from connectors.formats.captions import SUFFIXES
from connectors.formats.mediafile import spoken
from connectors.formats.medialibrary import Sidecar, best
from connectors.walk import File, Walk

# `dQw4w9WgXcQ.en.vtt`, or as yt-dlp names it, `Title [dQw4w9WgXcQ].en.vtt`
_NAME = re.compile(r"(?:.*\[)?([\w-]{11})\]?(?:\.([A-Za-z]{2,3}(?:-\w+)*))?\.\w+")


class Captions:
    """The folder's files by video. Reads none of them until asked for."""

    def __init__(self, folder: Path | None, languages: Iterable[str]) -> None:
        self._languages = tuple(languages)
        self._files = defaultdict[str, list[Sidecar]](list)
        for file in Walk(folder, ("**",), (), _is_captions).files() if folder else ():
            if match := _NAME.fullmatch(file.key.rpartition("/")[2]):
                self._files[match[1]].append(((match[2] or "").removesuffix("-orig"), file))

    @property
    def stamp(self) -> str:
        """Changes when one of the files does."""
        files = [file for video in sorted(self._files) for _, file in self._files[video]]
        return sha256(" ".join(_told(file) for file in files).encode()).hexdigest()[:16]

    def mark(self, video: str) -> dict[str, str]:
        """What tells whether a video's captions have changed, to go into its payload."""
        found = best(self._files.get(video, ()), self._languages)
        return {"captioned": _told(found[1])} if found else {}

    def of(self, video: str) -> dict[str, Any]:
        """Raises BadItem, naming the file, for captions that cannot be read."""
        found = best(self._files.get(video, ()), self._languages)
        return {"captions": to_json(spoken(found[1])), "spoken_in": found[0]} if found else {}


def _told(file: File) -> str:
    return f"{file.key} {file.stamp}"


def _is_captions(key: str) -> bool:
    return Path(key).suffix.lower() in SUFFIXES
