"""What the maps are learned from: names and descriptions in stretches of a few words."""

import random

from enrichment.fit_linker import WIDE, _wide

TEXT = "You will weld steel plates, for ships and bridges, in our yard."


def test_a_wide_stretch_holds_the_name_and_whole_words() -> None:
    chance = random.Random(1)
    start = TEXT.index("weld")
    span = (start, start + len("weld steel"))
    for _ in range(50):
        first, last = _wide(TEXT, span, chance)
        assert first <= span[0]
        assert span[1] <= last
        assert WIDE[0] <= len(TEXT[first:last].split()) <= WIDE[1]
        assert TEXT[first:last].split() == [w for w in TEXT.split() if w in TEXT[first:last]]


def test_of_few_words_a_wide_stretch_takes_all() -> None:
    chance = random.Random(1)
    assert _wide("weld steel", (0, 4), chance) == (0, 10)
