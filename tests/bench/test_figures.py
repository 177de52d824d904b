"""What a bench says of what it measured."""

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bench.figures import Figure, as_table, number, this_machine, write_json
from bench.latency import Latencies


@pytest.mark.parametrize(
    ("value", "most", "least", "met"),
    [
        (8.0, 8, None, True),
        (8.1, 8, None, False),
        (2.0, None, 2, True),
        (1.9, None, 2, False),
        (0, 3, 1, False),
        (5, None, None, None),
    ],
)
def test_a_figure_meets_its_target_or_has_none(
    value: float, most: float | None, least: float | None, met: bool | None
) -> None:
    assert Figure("b", "n", value, "ms", most, least).met is met


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.99984, "0.99984"), (12.345, "12.3"), (1536, "1,536"), (2151.6, "2,152"), (0, "0")],
)
def test_numbers_are_shown_as_far_as_they_tell(value: float, shown: str) -> None:
    assert number(value) == shown


def test_a_missed_target_shows_in_the_table() -> None:
    console = Console(width=120, record=True, file=StringIO())
    console.print(as_table([Figure("search", "p50", 9.5, "ms", 8, note="2 requests")]))
    text = console.export_text()
    assert {"9.5 ms", "≤ 8", "no", "2 requests"} <= {c.strip() for c in text.split("│")}
    assert str(this_machine()) in text


def test_the_file_says_what_when_and_where(tmp_path: Path) -> None:
    write_json(tmp_path / "f.json", [Figure("search", "p50", 9.5, "ms", 8)])
    written = json.loads((tmp_path / "f.json").read_text())
    assert written["machine"] == str(this_machine())
    assert written["at"].endswith("+00:00")
    [figure] = written["figures"]
    assert (figure["value"], figure["most"], figure["met"]) == (9.5, 8, False)


def test_latencies_tell_the_usual_the_slow_and_the_slowest() -> None:
    found = Latencies([float(n) for n in range(1, 102)])
    names = {f.name: f.value for f in found.figures("quiet")}
    assert names == {"quiet: p50": 51, "quiet: p95": 96, "quiet: longest pause": 101}
    assert all(figure.met is None for figure in found.figures("quiet", targets=False))
