"""Recordings in a folder, each with the files beside it that say what it is and what is said."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath

from connectors.formats.captions import SUFFIXES as CAPTIONS
from connectors.formats.mediainfo import SUFFIXES as INFO
from connectors.walk import File

_VIDEO = ".mp4 .m4v .mov .mkv .webm .avi .wmv .ogv .mpg .mpeg"
_AUDIO = ".mp3 .m4a .m4b .ogg .oga .opus .flac .wav .aac .wma .aif .aiff"
VIDEO, AUDIO = frozenset(_VIDEO.split()), frozenset(_AUDIO.split())
# Captions in WebVTT are most often the originals that other forms were made from.
_FORMS = (".vtt", ".ttml", ".dfxp", ".srt", ".sbv", ".srv3", ".json3", ".srv1")


Sidecar = tuple[str, File]  # captions with their language, "" where the name tells none


@dataclass(frozen=True, slots=True)
class Recording:
    """A media file and what lies beside it."""

    media: File
    captions: tuple[Sidecar, ...] = ()
    infos: tuple[File, ...] = ()

    @property
    def stamp(self) -> str:
        """Changes when one of the files does, or when one comes or goes."""
        files = (self.media, *(file for _, file in self.captions), *self.infos)
        return sha256(" ".join(f"{file.key} {file.stamp}" for file in files).encode()).hexdigest()[
            :16
        ]


def best(sidecars: Collection[Sidecar], languages: Collection[str]) -> Sidecar | None:
    """Captions in the first of these languages there is, else those that name none."""
    wanted = [language.casefold() for language in languages]

    def rank(one: Sidecar) -> tuple[int, bool, int]:
        place = next((n for n, w in enumerate(wanted) if _speaks(one[0], w)), len(wanted))
        return place, bool(one[0]), _FORMS.index(_suffix(one[1].key))

    return min(sidecars, key=rank, default=None)


def is_part(key: str) -> bool:
    """Whether a library's file is a recording or a sidecar of one."""
    return _suffix(key) in VIDEO | AUDIO | CAPTIONS | INFO


def recordings(files: Iterable[File]) -> Iterator[Recording]:
    """Files by the recording that they belong to: `a.mp4`, `a.de.vtt`, `a.info.json`."""
    folders = defaultdict[str, list[File]](list)
    for file in files:
        folders[file.key.rpartition("/")[0]].append(file)
    for folder in folders.values():
        yield from _in_folder(folder)


def _in_folder(files: list[File]) -> Iterator[Recording]:
    media = [file for file in files if _suffix(file.key) in VIDEO | AUDIO]
    beside = dict[str, list[File]]((_stem(file.key), []) for file in media)
    for file in files:
        if _suffix(file.key) in CAPTIONS | INFO:
            beside.get(_owner(file.key, beside), []).append(file)
    for file in media:
        yield _recording(file, beside[_stem(file.key)])


def _owner(key: str, stems: Collection[str]) -> str:
    """The longest name of a recording that the sidecar's name begins with, up to a dot."""
    stem = _stem(key)
    while stem not in stems and "." in stem.rpartition("/")[2]:
        stem = stem.rpartition(".")[0]
    return stem


def _recording(media: File, own: list[File]) -> Recording:
    stem = _stem(media.key)
    said = ((_between(file, stem), file) for file in own if _suffix(file.key) in CAPTIONS)
    infos = (f for f in own if _suffix(f.key) in INFO and _between(f, stem) in ("", "info"))
    return Recording(media, tuple(said), tuple(infos))


def _between(file: File, stem: str) -> str:
    """What a sidecar's name has between the recording's and its suffix: its language."""
    return file.key[len(stem) + 1 : -len(_suffix(file.key))].partition(".")[0].removesuffix("-orig")


def _speaks(language: str, wanted: str) -> bool:
    spoken = language.casefold().replace("_", "-")
    return spoken == wanted or spoken.startswith(f"{wanted}-")


def _stem(key: str) -> str:
    return key.removesuffix(PurePosixPath(key).suffix)


def _suffix(key: str) -> str:
    return PurePosixPath(key).suffix.lower()
