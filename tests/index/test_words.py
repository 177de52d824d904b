"""What counts as a word."""

import pytest

from index.highlight import highlights
from index.words import common_languages, document, query, telling, words, words_starting


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Learn C++, C# and .NET; R, too.", ["learn", "c++", "c#", "and", ".net", "r", "too"]),
        ("ASP.NET and node.js", ["asp", "net", "and", "node", "js"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("ﬁle ｆｕｌｌ", ["file", "full"]),
        ("snake_case, e-mail", ["snake", "case", "e", "mail"]),
        ("C++17", ["c++", "17"]),
        ("issue #5", ["issue", "5"]),
        ("机器学习 is 学", ["机器", "器学", "学习", "is", "学"]),
        ("हिन्दी", ["हिन्दी"]),
        ("?! …", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert [word.text for word in words(text)] == expected


def test_a_word_knows_where_it_stands() -> None:
    text = "Über ｆｕｌｌ 机器学"
    assert [text[word.start : word.end] for word in words(text)] == [
        "Über",
        "ｆｕｌｌ",
        "机器",
        "器学",
    ]


def test_languages_with_symbols_in_their_names_are_told_apart() -> None:
    names = [query(name, ["en"]).indices for name in ("C", "C++", "C#", ".NET", "net", "R")]
    assert len(set(names)) == 6


@pytest.mark.parametrize(
    ("text", "asked", "language"),
    [
        ("maintaining databases", "database maintenance maintained", "en"),
        ("die Schulungen", "Schulung", "de"),
        ("les formations", "formation", "fr-CA"),
        ("anything at all", "anything", None),
        ("机器学习", "机器", "zh"),
    ],
)
def test_a_text_and_a_question_share_stems(text: str, asked: str, language: str | None) -> None:
    shared = set(document(text, language).indices) & set(query(asked, [language or "en"]).indices)
    assert shared


def test_a_stop_word_of_any_language_asked_in_counts_for_nothing() -> None:
    assert query("the bread", ["de", "en"]) == query("bread", ["de", "en"])
    assert query("the", ["en"]).indices == ()


def test_a_stop_word_is_all_there_is_to_go_by() -> None:
    assert query("die", ["de", "en"]) == query("die", ["en", "de"])
    assert query("die", ["de", "en"]).indices != ()


def test_a_question_s_terms_are_few_whatever_is_repeated() -> None:
    assert query("bread bread Bread", ["en"]) == query("bread", ["en"])


@pytest.mark.parametrize(
    ("text", "asked", "language", "marked"),
    [
        ("Packages are signed.", "sign package", "en", ["Packages", "signed"]),
        ("C++ is not C", "C++", "en", ["C++"]),
        ("机器学习入门", "机器学习", "zh", ["机器学习"]),
        ("nothing here", "bread", "en", []),
        ("the bread", "the bread", "en", ["bread"]),
        ("ＦＵＬＬ width", "full", "en", ["ＦＵＬＬ"]),
    ],
)
def test_highlights(text: str, asked: str, language: str, marked: list[str]) -> None:
    starts = {word.text for word in words(asked)}
    spans = highlights(text, starts, query(asked, [language]).indices, language)
    assert [text[start:end] for start, end in spans] == marked


@pytest.mark.parametrize(
    "text",
    [
        "repackage the package, snake_package and C++package",
        "PACKAGES packing 机器package packet pa",
        "ｐackage or full-width ｐ",
    ],
)
def test_looking_only_at_some_starts_sees_the_same_words(text: str) -> None:
    every = [word for word in words(text) if word.text.startswith("pa")]
    some = [word for word in words_starting(text, {"pa"}) if word.text.startswith("pa")]
    assert some == every
    assert len(every) >= 1


def test_a_stop_word_of_a_question_tells_nothing_about_a_text() -> None:
    asked = "how to maintain the packages"
    found = telling(asked, query(asked, ("en",)), ("en",))
    assert found == {"maintain", "packages"}


def test_a_word_tells_in_any_of_the_languages_asked_in() -> None:
    asked = "die Planung"
    assert telling(asked, query(asked, ("de", "en")), ("de", "en")) == {"planung"}


def test_languages_of_a_few_stray_items_are_not_asked_in() -> None:
    assert common_languages({"en": 900, "de": 10, "la": 3}) == ("de", "en")
    assert common_languages({"fr": 1}) == ("fr",)
    assert common_languages({}) == ()
