"""Learning packages: SCORM, AICC, cmi5, xAPI, IMS Content Packages, Common Cartridge, H5P."""

from pathlib import Path
from typing import Any

from connectors.formats.archives import open_archive
from connectors.formats.packages.pages import Pages
from connectors.formats.packages.sniff import manifest_of, reader_of
from connectors.formats.packages.tree import Package as Package
from connectors.formats.packages.tree import Unit as Unit
from connectors.formats.packages.tree import to_json


def read_package(source: bytes | Path, manifest: str = "") -> dict[str, Any]:
    """What a package says, as JSON of a `Package`.

    `source` is an archive, its bytes, or the folder it was unpacked to; `manifest` is the member
    to begin with, else it is looked for. Raises BadItem, whose text goes after the name.
    """
    with open_archive(source) as archive:
        name = manifest or manifest_of(archive)
        return to_json(reader_of(name)(Pages(archive), name))
