from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from catalogue.model import Draft, Item, ItemKey, Kind, Level, Passage, State
from enrichment.quality import Aspect, Quality, quality
from enrichment.readability import readability

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SIMPLE = "The cat sat on the mat. The dog ran to the cat. They both had fun in the sun. " * 10
HARD = (
    "Notwithstanding considerable methodological heterogeneity, interdisciplinary investigations "
    "consistently demonstrate institutional configurations substantially determining "
    "organisational effectiveness throughout transformation initiatives. "
) * 10


def item(text: str = SIMPLE, **fields: Any) -> tuple[Item, tuple[Passage, ...]]:
    own = {name: fields.pop(name) for name in ("level", "dead_since") if name in fields}
    draft = Draft("Title", "https://x.example", **fields)
    made = Item(
        1, ItemKey("docs", "a"), State.PUBLISHED, 1, draft, NOW, NOW,
        language=draft.language, duration=draft.duration, **own,
    )  # fmt: skip
    return made, (Passage(0, text, text, "hash"),)


def judged(*args: Any, **fields: Any) -> Quality:
    return quality(*item(*args, **fields), NOW)


def aspect(name: str, *args: Any, **fields: Any) -> Aspect | None:
    found = {one.name: one for one in judged(*args, **fields).aspects}
    return found.get(name)


def known(found: Aspect | None) -> Aspect:
    assert found is not None
    return found


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "it", "nl", "pl", "sv", None])
def test_simple_sentences_read_more_easily_in_every_language(language: str | None) -> None:
    simple, hard = readability([SIMPLE], language), readability([HARD], language)
    assert simple is not None
    assert hard is not None
    assert simple.ease > hard.ease + 30
    assert 0 <= hard.ease <= simple.ease <= 100


def test_the_english_formula_gives_what_flesch_gave() -> None:
    """Counted by hand: 8 sentences of 10 words and 12 syllables each."""
    found = readability(["The old man had a very small house near it. " * 12], "en-GB")
    assert found is not None
    assert found.sentence == 10
    assert found.ease == pytest.approx(206.835 - 1.015 * 10 - 84.6 * 1.1, abs=9)


@pytest.mark.parametrize(
    ("text", "language"),
    [("Too short to tell.", "en"), ("学习使我快乐。" * 200, "zh"), ("", None), ("x\n" * 500, "en")],
)
def test_what_cannot_be_judged_is_not(text: str, language: str | None) -> None:
    assert readability([text], language) is None


def test_the_reason_says_how_hard_a_text_is() -> None:
    hard = known(aspect("readability", HARD, language="en"))
    assert hard.value < 0.2
    assert hard.reason.startswith("hard to read (Flesch 0, ")


def test_what_is_missing_is_named() -> None:
    poor = known(aspect("metadata"))
    assert poor.value == 0
    assert poor.reason.endswith("a duration and subjects")
    whole = {
        "summary": "Why", "language": "en", "authors": ("Ada",), "published": NOW, "cost": 0.0,
        "level": Level.BEGINNER, "duration": 600, "subjects": ("x",),
    }  # fmt: skip
    rich = known(aspect("metadata", **whole))
    assert (rich.value, rich.reason) == (1.0, "tells all that searchers ask for")
    one = known(aspect("metadata", **{**whole, "summary": ""}))
    assert one.reason == "does not tell a summary"


@pytest.mark.parametrize(
    ("kind", "minutes", "good"),
    [
        (Kind.ARTICLE, 1, True),
        (Kind.ARTICLE, 600, False),
        (Kind.COURSE, 600, True),
        (Kind.VIDEO, 1, True),
    ],
)
def test_a_length_far_from_what_is_claimed_is_told(kind: Kind, minutes: int, good: bool) -> None:
    found = known(aspect("length", kind=kind, duration=minutes * 60))
    assert (found.value == 1) is good


def test_more_text_than_one_can_read_in_the_time_is_told() -> None:
    found = known(aspect("length", SIMPLE * 60, kind=Kind.COURSE, duration=300))
    assert found.value < 0.5
    assert found.reason == "claims 5 min, its text takes 57 min"


def test_nothing_claimed_nothing_judged() -> None:
    assert aspect("length") is None
    assert aspect("freshness") is None
    assert aspect("link") is None


def test_age_is_told_and_not_weighed() -> None:
    old = known(aspect("freshness", published=NOW - timedelta(days=5 * 365)))
    assert old.value == pytest.approx(0.5, abs=0.01)
    assert old.reason == "last changed 5 years ago"
    new = known(aspect("freshness", updated=NOW - timedelta(days=3), published=NOW))
    assert new.reason == "changed within two months"
    dates = [judged(published=NOW - timedelta(days=days)).value for days in (1, 4000)]
    assert dates[0] == dates[1]


def test_a_dead_link_outweighs_all() -> None:
    found = judged(dead_since=NOW)
    assert found.value == 0
    assert found.aspects[0].reason == "its link has been dead since 2026-06-01"


def test_the_whole_lies_between_its_aspects() -> None:
    poor, rich = judged(HARD), judged(SIMPLE, language="en", summary="Why", authors=("Ada",))
    assert 0 <= poor.value < rich.value <= 1
    assert quality(replace(item()[0], draft=Draft("", "")), (), NOW).value == 0
