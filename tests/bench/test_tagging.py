"""The small set of items that is part of the project, from draft to tags."""

import json
from pathlib import Path

import pytest

from bench.gold import ITEM_FIELDS, Names, read_items
from bench.tagging import SMOKE, main
from config.taxonomy import Taxonomy, load_taxonomy

SAME = {field: field for field in ITEM_FIELDS}


def test_the_small_set_is_whole(whole_esco: Taxonomy) -> None:
    items = read_items(SMOKE, Names(whole_esco), SAME)
    assert len(items) >= 12
    assert not any(item.unknown for item in items)
    assert sum(not item.gold for item in items) == 2


@pytest.mark.slow
def test_skills_of_items_are_found_and_their_places_hold(tmp_path: Path, model_cache: Path) -> None:
    esco = load_taxonomy("esco")
    gold = {skill for one in read_items(SMOKE, Names(esco), SAME) for skill in one.gold}
    few = [skill.label for n, skill in enumerate(esco) if n % 50 == 0 or skill.id in gold]
    taxonomy, file = tmp_path / "skills.txt", tmp_path / "figures.json"
    taxonomy.write_text("\n".join(few))
    main(["--taxonomy", str(taxonomy), "--cache", str(model_cache), "--json", str(file)])
    [score] = json.loads(file.read_text())["scores"]
    assert (score["items"], score["without"], score["false_alarms"]) == (12, 2, 0)
    assert score["counts"]["both"] / score["counts"]["gold"] >= 0.7
    assert score["evidence"]["label"]["held"] == score["evidence"]["label"]["decided"] > 0
