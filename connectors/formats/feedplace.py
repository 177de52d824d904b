"""Where feeds lie, and fetching one only if it has changed."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from catalogue.errors import BadItem, NeedsPerson, SkillshelfError
from catalogue.model import Cursor, Json, Payload
from connectors.base import Checkpoint, Failed, Gone
from connectors.formats.feedfile import feed_name, read_feed
from connectors.http import Http, Validators
from connectors.http.addresses import shown

_SUFFIXES = {".xml", ".rss", ".atom", ".rdf", ".json"}
_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml, */*"
_LARGEST = 32 * 1024 * 1024  # bytes; the largest podcast feeds have about 10 million


@dataclass(frozen=True, slots=True)
class Fetched:
    """A feed's entries, and the mark by which to ask next time whether it has changed."""

    entries: list[Payload]
    mark: dict[str, Any]


class Memory:
    """What is known of each feed from earlier runs; nothing if they read feeds differently."""

    def __init__(self, cursor: Cursor, reading: str) -> None:
        self._reading = reading
        same = cursor.get("reading") == reading
        self._feeds: dict[str, Json] = dict(cursor["feeds"]) if same else {}
        self._failing = frozenset[str](cursor.get("failing", ()))

    def of(self, name: str) -> Json:
        return self._feeds.get(name, {})

    def mended(self, failing: Collection[str]) -> list[str]:
        """Feeds that failed last time and do not fail now: they are well again, or no more there.

        Their failures have no item that could ever take them off the list.
        """
        before, self._failing = self._failing, frozenset(failing)
        return sorted(before - self._failing)

    def checkpoint(self, name: str = "", mark: Json | None = None) -> Checkpoint:
        """A checkpoint at which `mark` is known of the feed `name`."""
        if mark is not None:
            self._feeds[name] = mark
        failing = {"failing": sorted(self._failing)} if self._failing else {}
        return Checkpoint({"reading": self._reading, "feeds": dict(self._feeds)} | failing)


def feed_places(url: str | Iterable[str], files: Path | None) -> dict[str, str | Path]:
    """Feeds by name: the files below a folder, or the addresses. Raises NeedsPerson."""
    if files:
        return _in_folder(files)
    return {feed_name(one): one for one in ([url] if isinstance(url, str) else url)}


def _in_folder(folder: Path) -> dict[str, str | Path]:
    if not folder.is_dir():
        raise NeedsPerson(f"{folder} is not a folder; correct `files`")
    found = sorted(p for p in folder.rglob("*") if p.suffix.lower() in _SUFFIXES and p.is_file())
    return {path.relative_to(folder).as_posix(): path for path in found}


def visits(
    http: Http, places: Mapping[str, str | Path], memory: Memory, robots: bool = True
) -> Iterator[tuple[str, Fetched] | Failed | Gone]:
    """The feeds that have changed, by name, and what became of the others that do not work.

    With several feeds, one that fails costs one failure; where all fail the first error is raised.
    """
    errors = dict[str, SkillshelfError]()
    for name, place in places.items():
        try:
            fetched = fetch(http, name, place, memory.of(name), robots)
        except SkillshelfError as error:
            errors[name] = error
            yield Failed(name, error)
            continue
        if fetched:
            yield name, fetched
    if errors and len(errors) == len(places):
        raise next(iter(errors.values()))
    yield from map(Gone, memory.mended(errors))


def fetch(
    http: Http, name: str, place: str | Path, known: Json, robots: bool = True
) -> Fetched | None:
    """None where the feed has not changed since `known`. Raises what the door raises."""
    try:
        if isinstance(place, Path):
            return _from_file(name, place, known)
        return _from_web(http, name, place, known, robots)
    except BadItem as error:
        raise NeedsPerson(f"{_said(place)} {error}") from None
    except OSError as error:
        raise NeedsPerson(f"{place} cannot be read: {error.strerror}") from error


def _said(place: str | Path) -> str:
    return str(place) if isinstance(place, Path) else shown(place)


def _from_file(name: str, path: Path, known: Json) -> Fetched | None:
    with path.open("rb") as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise BadItem(f"is larger than the limit of {_LARGEST:,} bytes")
    mark = {"hash": sha256(data).hexdigest()}
    return None if known.get("hash") == mark["hash"] else Fetched(read_feed(data, name), mark)


def _from_web(http: Http, name: str, url: str, known: Json, robots: bool) -> Fetched | None:
    kept = Validators.from_json(known)
    wanted = {"Accept": _ACCEPT}
    reply = http.get(url, headers=wanted, validators=kept, robots=robots, max_bytes=_LARGEST)
    if reply.not_modified:
        return None
    entries = read_feed(reply.body, name, reply.url, reply.headers.get("content-type", ""))
    return Fetched(entries, reply.validators.as_json())
