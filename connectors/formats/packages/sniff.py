"""Which kind of package it is, by the member that it begins with."""

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from catalogue.errors import BadItem
from connectors.formats.archives import Archive
from connectors.formats.packages import aicc, cmi5, h5p, manifest, tincan
from connectors.formats.packages.pages import Pages
from connectors.formats.packages.tree import Package

ReadPackage = Callable[[Pages, str], Package]
_BY_NAME: dict[str, ReadPackage] = {  # the first that is there says most
    "imsmanifest.xml": manifest.read,
    "cmi5.xml": cmi5.read,
    "tincan.xml": tincan.read,
    "h5p.json": h5p.read,
}
_BY_SUFFIX: dict[str, ReadPackage] = {
    ".cmi5.xml": cmi5.read,
    **dict.fromkeys(aicc.SUFFIXES, aicc.read),
}
KINDS = "imsmanifest.xml, cmi5.xml, tincan.xml, h5p.json or AICC's .crs"


def is_manifest(name: str) -> bool:
    return _reader(name) is not None


def stands_alone(name: str) -> bool:
    """Whether a course structure says where its units are, without a folder of its own."""
    return name.lower().endswith(".cmi5.xml")


def first(names: Iterable[str]) -> str | None:
    """The member to begin with among those of one folder."""
    order = [*_BY_NAME, *_BY_SUFFIX]
    ranked = [(order.index(_kind(name)), name) for name in names if is_manifest(name)]
    return min(ranked, default=(0, None))[1]


def reader_of(name: str) -> ReadPackage:
    reader = _reader(name)
    if reader is None:
        raise BadItem(f"is no learning package: {name} is no {KINDS}")
    return reader


def manifest_of(archive: Archive) -> str:
    """The member that a package begins with. Raises BadItem where there is none at its top."""
    found = first(name for name in [*archive.sizes, *archive.skipped] if "/" not in name)
    if found:
        return found
    deeper = [name for name in archive.sizes if is_manifest(name)]
    if deeper:
        path = PurePosixPath(min(deeper, key=lambda name: (name.count("/"), name)))
        raise BadItem(
            f"keeps its {path.name} in the folder {str(path.parent)!r};"
            " pack what is in that folder, not the folder itself"
        )
    raise BadItem(f"is no learning package: it has no {KINDS}")


def _kind(name: str) -> str:
    base = PurePosixPath(name.lower()).name
    return base if base in _BY_NAME else next((s for s in _BY_SUFFIX if base.endswith(s)), "")


def _reader(name: str) -> ReadPackage | None:
    kind = _kind(name)
    return _BY_NAME.get(kind) or _BY_SUFFIX.get(kind)
