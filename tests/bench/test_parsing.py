"""How the parsing of connectors is measured."""

from pathlib import Path

import pytest
from requests import PreparedRequest, Request

from bench.parsing import COPIES, copy, kept, opened, rate, visited
from connectors.testing import Answer


def test_a_file_source_is_measured_over_copies_of_its_files() -> None:
    with opened("video") as connector:
        assert visited(connector).items == 5 * (COPIES + 1)


def test_a_server_is_measured_by_what_it_said_before() -> None:
    with opened("slack") as connector:
        first, second = visited(connector), visited(connector)
    assert first.items == second.items == 8
    assert second.in_reader == 0


def test_a_rate_says_what_it_was_taken_over() -> None:
    figure = rate("table", 0, 0.5)
    assert (figure.name, figure.unit) == ("table", "items/s")
    assert figure.note.startswith("5 items in ")
    assert figure.value > 0


@pytest.mark.parametrize(("status", "times"), [(200, 1), (429, 2)])
def test_only_good_answers_are_kept(status: int, times: int) -> None:
    asked = []

    def server(request: PreparedRequest) -> Answer:
        asked.append(request.url)
        return Answer({"a": 1}, status)

    answer = kept(server)
    request = Request("GET", "https://a.example/").prepare()
    assert answer(request).body == answer(request).body == b'{"a": 1}'
    assert len(asked) == times


def test_copies_lie_below_the_folder(tmp_path: Path) -> None:
    (tmp_path / "x" / "y").mkdir(parents=True)
    (tmp_path / "x" / "y" / "a.txt").write_text("a")
    copy({"path": tmp_path / "x", "name": "x", "none": None})
    found = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("a.txt"))
    assert len(found) == COPIES + 1
    assert found[0] == "x/copy-0/y/a.txt"
