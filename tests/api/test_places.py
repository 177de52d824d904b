"""Durations, places and marked passages in words."""

import pytest

from api.places import iso_duration, pieces, spoken_duration, spoken_place
from catalogue.model import Locator, Place


@pytest.mark.parametrize(
    ("seconds", "iso", "spoken"),
    [
        (None, None, ""),
        (0, "PT0S", ""),
        (45, "PT45S", "45 s"),
        (60, "PT1M", "1 min"),
        (5400, "PT1H30M", "1 h 30 min"),
        (3599, "PT59M59S", "1 h"),
        (90061, "PT25H1M1S", "25 h 1 min"),
    ],
)
def test_durations(seconds: int | None, iso: str | None, spoken: str) -> None:
    assert iso_duration(seconds) == iso
    assert spoken_duration(seconds) == spoken


@pytest.mark.parametrize(
    ("place", "value", "spoken"),
    [
        (Place.PAGE, "12", "page 12"),
        (Place.SLIDE, "3", "slide 3"),
        (Place.SHEET, "Budget", "sheet Budget"),
        (Place.SECOND, "187", "at 3:07"),
        (Place.SECOND, "3723.5", "at 1:02:03"),
        (Place.SECOND, "soon", "Heading"),
        (Place.ANCHOR, "sec-2", "Heading"),
        (Place.UNIT, "77", "Heading"),
    ],
)
def test_places(place: Place, value: str, spoken: str) -> None:
    assert spoken_place(Locator(place, value), "Heading") == spoken


@pytest.mark.parametrize(
    ("marked", "cut"),
    [
        ([], [("make a copy", False)]),
        ([(0, 4)], [("make", True), (" a copy", False)]),
        ([(7, 11)], [("make a ", False), ("copy", True)]),
        ([(0, 4), (2, 6)], [("make", True), (" a", True), (" copy", False)]),
        ([(8, 99)], [("make a c", False), ("opy", True)]),
        ([(50, 60)], [("make a copy", False)]),
    ],
)
def test_marks_cut_a_text(marked: list[tuple[int, int]], cut: list[tuple[str, bool]]) -> None:
    assert pieces("make a copy", marked) == cut


@pytest.mark.parametrize("at", [0, 3, 400, 700, 985])
@pytest.mark.parametrize("text", ["word " * 200, "x" * 1000])
def test_a_long_passage_is_shown_around_its_first_mark(text: str, at: int) -> None:
    shown = pieces(text, [(at, at + 4)], width=100)
    assert (text[at : at + 4], True) in shown
    assert len("".join(piece for piece, _ in shown)) <= 104
    assert "".join(piece for piece, _ in shown).strip("… ") in text
