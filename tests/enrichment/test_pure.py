"""Cleaning, level, duration, words: decisions on plain values."""

import pytest

from catalogue.model import Draft, Level, Part
from enrichment.clean import clean, clean_draft, without_furniture
from enrichment.duration import duration, seconds
from enrichment.level import level
from enrichment.words import singular, stem, tokens


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("two  blanks\tand\u00a0more", "two blanks and more"),
        ("soft\u00adware and docu\u00ad\nments", "software and documents"),
        ("a soft-\nware manual", "a software manual"),
        ("Baden-\nWürttemberg", "Baden-\nWürttemberg"),
        ("a line that\nruns on.\n\n\nA paragraph.", "a line that runs on.\nA paragraph."),
        ("bell\x07 and \ud800 half", "bell and half"),
        ("zero\u200bwidth\ufeff \u202eturned", "zerowidth turned"),
        ("e\u0301te\u0301", "été"),
        ("Text.\n17\nMore.\nPage 3 of 9\nSkip to main content\nEnd.", "Text.\nMore.\nEnd."),
        ("dos\r\nLines\rHere", "dos\nLines\nHere"),
        (" \n\t ", ""),
    ],
)
def test_clean(given: str, expected: str) -> None:
    assert clean(given) == expected
    assert clean(expected) == expected


def test_running_heads_go_and_text_stays() -> None:
    parts = [
        Part(f"The Handbook  {n}\nSafety matters on floor {n}x.\nMind {word}.\n© ACME {n}")
        for n, word in enumerate(("steps", "doors", "lifts", "ramps", "wires"))
    ]
    found = without_furniture(parts)
    assert [part.text.splitlines()[-1] for part in found] == [
        "Mind steps.", "Mind doors.", "Mind lifts.", "Mind ramps.", "Mind wires."
    ]  # fmt: skip
    assert not any("Handbook" in part.text or "ACME" in part.text for part in found)


def test_few_parts_keep_what_they_share() -> None:
    parts = [Part("Title\nOne.\nEnd"), Part("Title\nTwo.\nEnd")]
    assert without_furniture(parts) == parts


def test_a_clean_draft_has_no_empty_parts() -> None:
    found = clean_draft(
        Draft("A\n title", "u", parts=(Part(" \n "), Part("x", heading=" h\u00ad ")))
    )
    assert found.title == "A title"
    assert found.parts == (Part("x", heading="h"),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT45M", 2700),
        ("PT1H30M", 5400),
        ("P1DT2H", 93600),
        ("PT90S", 90),
        ("1:02:03", 3723),
        ("12:30", 750),
        ("2h 30m", 9000),
        ("2 h 30 min", 9000),
        ("90 min", 5400),
        ("90 minutes", 5400),
        ("1.5 hours", 5400),
        ("1,5 Stunden", 5400),
        ("2 Std. 15 Min.", 8100),
        ("3 days", 259200),
        ("1 hour and 5 minutes", 3900),
        ("", None),
        ("P", None),
        ("PT", None),
        ("45", None),
        ("soon", None),
        ("2 cats", None),
        ("12:99", None),
        ("9999 days", None),
    ],
)
def test_seconds(text: str, expected: int | None) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize(
    ("title", "summary", "given", "expected"),
    [
        ("Excel", "", 60, 60),
        ("Excel (45 min)", "", None, 2700),
        ("Excel", "Duration: 2 hours per week", None, 7200),
        ("Excel", "Dauer: ca. 90 Minuten", None, 5400),
        ("Excel (2019)", "In 30 minutes from now it starts.", None, None),
    ],
)
def test_duration_is_stated_or_unknown(
    title: str, summary: str, given: int | None, expected: int | None
) -> None:
    assert duration(Draft(title, "u", summary=summary, duration=given)) == expected


@pytest.mark.parametrize(
    ("title", "summary", "expected"),
    [
        ("Introduction to Python", "", Level.BEGINNER),
        ("Grundlagen der Buchhaltung", "", Level.BEGINNER),
        ("Excel für Fortgeschrittene", "", Level.ADVANCED),
        ("Advanced SQL", "For beginners there is another course.", Level.ADVANCED),
        ("SQL", "An intermediate-level course.", Level.INTERMEDIATE),
        ("SQL", "No prior knowledge needed.", Level.BEGINNER),
        ("SQL", "Not for beginners.", None),
        ("From beginner to expert", "for beginners", None),
        ("Reintroduction of wolves", "An introduction by the mayor.", None),
        ("SQL", "", None),
    ],
)
def test_level(title: str, summary: str, expected: Level | None) -> None:
    assert level(Draft(title, "u", summary=summary)) == expected


def test_the_source_knows_its_level() -> None:
    assert level(Draft("Introduction", "u", level=Level.ADVANCED)) is Level.ADVANCED


def test_words_of_one_stem() -> None:
    assert len({stem(word) for word in ("manage", "manages", "managed", "managing")}) == 1
    assert stem("planning") == stem("plans") == stem("plan")
    assert stem("management") != stem("manager")
    assert singular("Batteries") == "battery"
    assert singular("classes") == "class"
    assert singular("analysis") == "analysis"


def test_tokens_have_their_places() -> None:
    text = "C++ and micro-C#, ok"
    assert [text[start:end] for _, start, end in tokens(text)] == [
        "C++",
        "and",
        "micro",
        "C#",
        "ok",
    ]
