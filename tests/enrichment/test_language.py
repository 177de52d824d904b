"""Which language: the claim, the text, and when one overrules the other."""

import pytest

from enrichment.language import language, tag

ENGLISH = "This course teaches you how to plan a project and how to lead the people in it. "
GERMAN = "Dieser Kurs zeigt, wie man ein Projekt plant und die Menschen darin führt. "
NORWEGIAN = "Dette kurset viser hvordan man planlegger et prosjekt og leder menneskene i det. "


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("en", "en"),
        ("EN_us", "en-US"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("deu", "de"),
        ("und", None),
        ("English!", None),
        ("", None),
        (None, None),
    ],
)
def test_tag(claim: str | None, expected: str | None) -> None:
    assert tag(claim) == expected


@pytest.mark.parametrize(
    ("claim", "text", "expected"),
    [
        (None, ENGLISH, "en"),
        (None, GERMAN, "de"),
        (None, "データ分析の基礎を学びます。表の読み方と図の作り方を説明します。", "ja"),
        (None, "Python", None),
        (None, "", None),
        (None, "1234 5678 !!!! " * 40, None),
        ("en", GERMAN, "en"),  # too little to doubt a claim
        ("en", GERMAN * 10, "de"),
        ("de-AT", GERMAN * 10, "de-AT"),
        ("nb", NORWEGIAN * 10, "nb"),
        ("da", NORWEGIAN * 10, "da"),  # told apart too rarely
        ("klingon language", GERMAN, "de"),
    ],
)
def test_language(claim: str | None, text: str, expected: str | None) -> None:
    assert language(claim, text) == expected
