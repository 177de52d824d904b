"""Where calendars lie."""

from collections.abc import Iterable
from datetime import tzinfo
from pathlib import Path

from catalogue.errors import BadItem, NeedsPerson
from connectors.formats.feedfile import feed_name
from connectors.formats.icsfile import Series, read
from connectors.http import Http
from connectors.http.addresses import shown

_SUFFIXES = {".ics", ".ical", ".icalendar"}
_LARGEST = 32 * 1024 * 1024  # bytes; 20,000 events have about 10 million
_ACCEPT = {"Accept": "text/calendar, */*"}


def places(url: str | Iterable[str], folder: Path | None) -> dict[str, str | Path]:
    """Calendars by name: the files below a folder, or the addresses. Raises NeedsPerson."""
    if folder is None:
        return {feed_name(one): one for one in ([url] if isinstance(url, str) else url)}
    if not folder.is_dir():
        raise NeedsPerson(f"{folder} is not a folder; correct `files`")
    found = sorted(p for p in folder.rglob("*") if p.suffix.lower() in _SUFFIXES and p.is_file())
    return {path.relative_to(folder).as_posix(): path for path in found}


def series(http: Http, place: str | Path, zone: tzinfo) -> list[Series]:
    """A calendar's series. Raises NeedsPerson, naming the place, and what the door raises."""
    try:
        return read(_contents(http, place), zone)
    except BadItem as error:
        said = str(place) if isinstance(place, Path) else shown(place)
        raise NeedsPerson(f"{said} {error}") from error
    except OSError as error:
        raise NeedsPerson(f"{place} cannot be read: {error.strerror}") from error


def _contents(http: Http, place: str | Path) -> bytes:
    if isinstance(place, str):
        address = place.replace("webcal://", "https://", 1)
        return http.get(address, headers=_ACCEPT, max_bytes=_LARGEST).body
    with place.open("rb") as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise BadItem(f"is larger than the limit of {_LARGEST:,} bytes")
    return data
