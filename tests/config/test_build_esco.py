"""The shipped ESCO is what its script makes of the published labels."""

import gzip
import json
from pathlib import Path

import pytest

from config.build_esco import build
from config.taxonomy_files import SHIPPED, compact

LABELS = """id,description,hierarchy_levels,type
aa,turn metal,"[['S', 'S7', 'S7.1', None], ['T', 'T1', None, None], ['S', 'S7', 'S7.1', None]]",\
preferredLabel
aa,Turn Metal,"[['S', 'S7', 'S7.1', None]]",altLabels
aa,lathe work,"[['S', 'S7', 'S7.1', None]]",altLabels
bb,Latin,"[['K', 'K02'], ['L', 'L2']]",preferredLabel
S7,constructing,,level_2
"""


def test_labels_groups_and_kinds() -> None:
    taxonomy = build(LABELS, {"S7": "constructing"})
    metal, latin = taxonomy
    assert metal.id == "http://data.europa.eu/esco/skill/aa"
    assert (metal.label, metal.alternatives) == ("turn metal", ("lathe work",))
    assert (metal.kind, metal.groups) == ("skill", ("S7.1", "T1"))
    assert (latin.kind, latin.groups) == ("language", ("K02", "L2"))
    assert (taxonomy.groups["S7"], taxonomy.groups["S"]) == ("constructing", "skills")


@pytest.mark.slow
@pytest.mark.shared_data
def test_the_shipped_file_is_made_by_the_script(shared_data: Path) -> None:
    folder = shared_data / "taxonomy"
    labels = gzip.decompress((folder / "esco_v1.1.1_labels.csv.gz").read_bytes()).decode()
    groups = json.loads((folder / "esco_v_1_1_1_hier_mapper.json").read_bytes())
    shipped = gzip.decompress(SHIPPED["esco"].read_bytes())
    assert compact(build(labels, groups)) == shipped


def test_the_shipped_file_is_small() -> None:
    assert SHIPPED["esco"].stat().st_size < 2_500_000
