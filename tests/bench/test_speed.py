"""How stages grow with the catalogue: the items made for it, its arithmetic, a few dozen items."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from bench.speed import content
from bench.speed.report import as_table, main
from bench.speed.rows import Done, Row, growth
from bench.speed.stages import STAGES, in_time

SMALL = Row(100, "indexing", Done(2.0, 3.0, 100, 250), 200.0)
LARGE = Row(1_000, "indexing", Done(40.0, 60.0, 1_000, 2_500), 300.0)
ASKED = Row(100, "searching", Done(0.5, 0.6, questions=50, p50_ms=9.5, p95_ms=14.25), 350.0)


def test_rates_are_of_what_was_done() -> None:
    assert (SMALL.rate, SMALL.processor_ms) == (50, 30)
    assert (ASKED.rate, ASKED.processor_ms) == (100, 12)


def test_growth_is_against_the_smallest_size_of_the_same_stage() -> None:
    rows = [LARGE, SMALL, ASKED]
    assert growth(LARGE, rows) == 2
    assert growth(SMALL, rows) == growth(ASKED, rows) == 1


def test_the_table_says_how_many_were_really_done() -> None:
    console = Console(width=140, record=True, file=io.StringIO())
    console.print(as_table([SMALL, LARGE, ASKED]))
    shown = console.export_text()
    assert "1,000 items, 2,500 parts" in shown
    assert "50 questions" in shown
    assert "14.2" in shown


def test_what_was_begun_is_ended_and_nothing_more_begun_in_no_time() -> None:
    assert list(in_time(range(3), seconds=-1)) == [0]
    assert list(in_time(range(3), seconds=3600)) == [0, 1, 2]


def test_an_item_is_the_same_again_and_like_no_other() -> None:
    pool = [content.Text(f"Title {n}", f"Words of {n}.") for n in range(5)]
    drafts = [content.draft(pool, number) for number in range(50)]
    assert drafts == [content.draft(pool, number) for number in range(50)]
    assert len({draft.title for draft in drafts}) == len({draft.url for draft in drafts}) == 50
    assert {len(draft.parts) for draft in drafts} == {0, 1, 2}
    batches = [len(some) for some in content.grouped(pool, 50, 32)]
    assert batches == [32, 18]


def test_texts_are_real_where_the_folder_of_data_is(shared_data: Path) -> None:
    pool = content.texts()
    assert len(pool) > 1_000
    assert not any("<p>" in text.words for text in pool)


@pytest.mark.slow
def test_each_stage_is_measured(tmp_path: Path, model_cache: Path) -> None:
    file = tmp_path / "figures.json"
    sizes = ["--items", "36", "--seconds", "1"]
    main([*sizes, "--cache", str(model_cache), "--json", str(file)])
    rows = json.loads(file.read_text())["stages"]
    assert [row["stage"] for row in rows] == list(STAGES)
    assert all(row["items"] == 36 and row["growth"] == 1 for row in rows)
    assert all(row["peak_mib"] > 100 for row in rows)
    done = {row["stage"]: row["done"] for row in rows}
    assert done["indexing"]["items"] == 36
    assert done["indexing"]["parts"] == done["optimising"]["parts"] > 36
    assert 0 < done["tagging"]["items"] <= 36
    assert 0 < done["searching"]["p50_ms"] <= done["searching"]["p95_ms"]
