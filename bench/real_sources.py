"""The real content that ingest and encoding are measured with."""

import csv
import io
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
DESCRIBED = ROOT / "bench" / "real" / "sources.yaml"
TABLE, MANUALS = "oer-commons", "debian-manuals"
ABSENT = "needs the folder ../shared/data beside the checkout"


def stanzas() -> dict[str, Any]:
    """The two sources of `bench/real/sources.yaml`, their paths whole."""
    described = yaml.safe_load(DESCRIBED.read_text())["sources"]
    found = {name: described[name] for name in (MANUALS, TABLE)}
    for one in found.values():
        one["settings"]["path"] = str((DESCRIBED.parent / one["settings"]["path"]).resolve())
    return found


def present() -> bool:
    return all(Path(one["settings"]["path"]).exists() for one in stanzas().values())


def table_at(path: Path) -> dict[str, Any]:
    """The table's stanza, reading the file at `path` instead."""
    stanza = stanzas()[TABLE]
    stanza["settings"]["path"] = str(path)
    return dict(stanza)


def read_rows(most: int | None = None) -> list[dict[str, str]]:
    text = Path(stanzas()[TABLE]["settings"]["path"]).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))[:most]
