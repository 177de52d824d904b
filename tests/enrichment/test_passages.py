"""Cutting: nothing lost, nothing too long, places kept."""

import random

import pytest

from catalogue.hashing import text_hash
from catalogue.model import Draft, Locator, Part, Place
from enrichment.encoder import Pieces, TextEncoder
from enrichment.passages import sentences, split
from tests.enrichment.encoders import WordEncoder


@pytest.fixture(params=["words", "real"])
def pieces(request: pytest.FixtureRequest) -> Pieces:
    if request.param == "words":
        return WordEncoder()
    found: TextEncoder = request.getfixturevalue("encoder")
    return found


def page(number: int) -> Locator:
    return Locator(Place.PAGE, str(number))


def second(number: int) -> Locator:
    return Locator(Place.SECOND, str(number))


def prose(seed: int, words: int) -> str:
    chance = random.Random(seed)
    said = [chance.choice(["safety", "plan", "Über", "tool", "e.g.", "end."]) for _ in range(words)]
    return " ".join(said)


def test_the_summary_comes_first_and_by_itself(pieces: Pieces) -> None:
    found = split(Draft("Title", "u", summary="What it is.", parts=(Part("Text."),)), pieces)
    assert [p.text for p in found] == ["What it is.", "Text."]
    assert [p.number for p in found] == [0, 1]
    assert found[0].embedded_text == "Title\nWhat it is."


def test_an_item_without_text_still_has_a_passage(pieces: Pieces) -> None:
    (found,) = split(Draft("Title", "u"), pieces)
    assert (found.text, found.embedded_text) == ("Title", "Title")
    (nameless,) = split(Draft("", "https://example.org/x"), pieces)
    assert nameless.text


@pytest.mark.parametrize("seed", range(5))
def test_no_word_is_lost_and_none_is_read_twice(pieces: Pieces, seed: int) -> None:
    parts = tuple(Part(prose(seed + n, 400), page(n), f"Heading {n}") for n in range(3))
    found = split(Draft("Title", "u", summary=prose(seed, 700), parts=parts), pieces)
    for number, part in enumerate(parts):
        mine = [p for p in found if p.locator == page(number)]
        assert " ".join(p.text for p in mine).split() == part.text.split()
        assert {p.heading for p in mine} == {f"Heading {number}"}


@pytest.mark.parametrize(
    "text",
    [
        prose(1, 2000),
        "word " * 1500,
        "x" * 20_000,
        "数据分析入门课程" * 300,
        "One. " * 900,
        "\n".join(["line"] * 900),
    ],
)
def test_every_passage_fits_the_encoder(pieces: Pieces, text: str) -> None:
    draft = Draft("A title " * 40, "u", parts=(Part(text, page(1), "A heading " * 40),))
    found = split(draft, pieces)
    assert max(pieces.count([p.embedded_text for p in found])) <= pieces.max_pieces
    assert all(p.text_hash == text_hash(p.embedded_text) for p in found)


def test_sentences_stay_whole(pieces: Pieces) -> None:
    text = " ".join(f"Sentence number {n} says that e.g. this v. 2 holds." for n in range(60))
    found = split(Draft("T", "u", parts=(Part(text),)), pieces)
    assert len(found) > 2
    assert all(p.text.endswith("holds.") for p in found[1:])


def test_parts_of_one_place_are_read_together(pieces: Pieces) -> None:
    parts = (Part("One.", page(1)), Part("Two.", page(1)), Part("Three.", page(2)))
    found = split(Draft("T", "u", parts=parts), pieces)
    assert [(p.text, p.locator) for p in found[1:]] == [
        ("One.\nTwo.", page(1)),
        ("Three.", page(2)),
    ]


def test_a_recording_is_cut_at_its_own_seconds(pieces: Pieces) -> None:
    parts = tuple(Part("we now tighten the bolt", second(4 * n)) for n in range(100))
    found = split(Draft("T", "u", parts=parts), pieces)[1:]
    starts = [int(p.locator.value) for p in found if p.locator]
    assert starts[0] == 0
    assert starts == sorted(starts)
    assert 4 <= len(set(starts)) <= 10
    assert all(start % 4 == 0 for start in starts)


def test_sentences_are_where_they_say() -> None:
    text = 'He said "Go!" Then he went. See v. 2 of it.\nNew line 数据。分析。'
    assert [text[a:b].strip() for a, b in sentences(text)] == [
        'He said "Go!"', "Then he went.", "See v. 2 of it.", "New line 数据。", "分析。"
    ]  # fmt: skip
