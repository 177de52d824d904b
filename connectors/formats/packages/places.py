"""Where packages lie: archives and unpacked folders in a folder, or addresses."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from json import dumps, loads
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import quote, urldefrag

from catalogue.errors import BadItem, TryLater
from connectors.formats.feedfile import feed_name
from connectors.formats.packages.sniff import first, is_manifest, stands_alone
from connectors.http import Http, Validators
from connectors.walk import File

SUFFIXES = (".zip", ".imscc", ".h5p", ".pif")  # .pif: SCORM's Package Interchange File


@dataclass(frozen=True, slots=True)
class Opened:
    """A package to be read. `stamp` changes when it does; `modified` is ISO 8601, or empty."""

    source: bytes | Path
    stamp: str
    modified: str = ""
    manifest: str = ""


class Placed(Protocol):
    """A package's `key`, its address, and where its units lie, if that is an address too."""

    @property
    def key(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def root(self) -> str: ...
    def open(self, known: str) -> Opened | None:
        """None where it bears the stamp `known`. Raises as the door and `walk` do."""


@dataclass(frozen=True, slots=True)
class OnDisk:
    key: str
    url: str
    root: str
    source: Path
    stamp: str
    size: int
    modified: float
    manifest: str
    most: int

    def open(self, known: str) -> Opened | None:
        if self.stamp == known:
            return None
        if self.size > self.most:
            raise BadItem(f"{self.key} is {self.size:,} bytes; `max_bytes` is {self.most:,}")
        try:
            (self.source / self.manifest if self.manifest else self.source).open("rb").close()
        except (PermissionError, FileNotFoundError) as error:
            raise BadItem(f"{self.key} cannot be opened: {error.strerror}") from error
        except OSError as error:
            raise TryLater(f"{self.source} cannot be read: {error.strerror}") from error
        modified = datetime.fromtimestamp(self.modified, UTC).isoformat(timespec="seconds")
        return Opened(self.source, self.stamp, modified, self.manifest)


@dataclass(frozen=True, slots=True)
class OnWeb:
    address: str
    http: Http
    most: int
    root: str = ""

    @property
    def key(self) -> str:
        return feed_name(self.address)

    @property
    def url(self) -> str:
        return urldefrag(self.address).url.partition("?")[0]  # the query may hold a signature

    def open(self, known: str) -> Opened | None:
        before = Validators.from_json(loads(known)) if known else Validators()
        reply = self.http.get(self.address, validators=before, item=True, max_bytes=self.most)
        if reply.not_modified:
            return None
        said = reply.validators
        stamp = dumps(said.as_json(), sort_keys=True) if said.as_json() else ""
        return Opened(reply.body, stamp, _moment(said.modified))


def _moment(header: str) -> str:
    try:
        return parsedate_to_datetime(header).astimezone(UTC).isoformat() if header else ""
    except (ValueError, OverflowError):
        return ""


def on_disk(files: Iterable[File], base_url: str | None, most: int) -> Iterator[OnDisk]:
    """The packages among files; what lies within an unpacked one belongs to it alone."""
    found = list(files)
    roots = _roots(found)
    inside: dict[str, list[File]] = {root: [] for root in roots}
    for file in found:
        for folder in _folders(file.key):
            if folder in roots:
                inside[folder].append(file)
    for file in found:
        folder, name = _split(file.key)
        if roots.get(folder) == name:
            yield _unpacked(file, inside[folder], base_url, most)
        elif any(above in roots for above in _folders(file.key)):
            continue
        elif file.key.lower().endswith(SUFFIXES) or stands_alone(name):
            yield _packed(file, name if stands_alone(name) else "", base_url, most)


def _folders(key: str) -> Iterator[str]:
    """The folders that a file lies in, from the top, each with its slash."""
    yield ""
    for position, sign in enumerate(key, 1):
        if sign == "/":
            yield key[:position]


def _split(key: str) -> tuple[str, str]:
    folder, slash, name = key.rpartition("/")
    return folder + slash, name


def _roots(files: list[File]) -> dict[str, str]:
    """The outermost folders with a manifest, and that manifest's name."""
    names: dict[str, list[str]] = {}
    for folder, name in (_split(file.key) for file in files):
        if is_manifest(name) and not stands_alone(name):
            names.setdefault(folder, []).append(name)
    outermost: dict[str, str] = {}
    for folder in sorted(names):
        if not any(above in outermost for above in _folders(folder)):
            outermost[folder] = first(names[folder]) or ""
    return outermost


def _packed(file: File, manifest: str, base_url: str | None, most: int) -> OnDisk:
    source = file.path.parent if manifest else file.path
    url = _url(file, base_url)
    return OnDisk(file.key, url, "", source, file.stamp, file.size, file.modified, manifest, most)


def _unpacked(file: File, inside: list[File], base_url: str | None, most: int) -> OnDisk:
    stamps = "\n".join(f"{f.key} {f.stamp}" for f in inside)
    url = _url(file, base_url)
    return OnDisk(
        key=file.key,
        url=url,
        root=url[: -len(PurePosixPath(quote(file.key)).name)] if base_url else "",
        source=file.path.parent,
        stamp=sha256(stamps.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        size=file.size,
        modified=max(f.modified for f in inside),
        manifest=file.path.name,
        most=most,
    )


def _url(file: File, base_url: str | None) -> str:
    base = base_url.rstrip("/") if base_url else ""
    return f"{base}/{quote(file.key)}" if base else file.path.absolute().as_uri()
