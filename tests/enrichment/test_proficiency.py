"""The level of a skill, from the words around its name."""

import pytest

from catalogue.model import Level
from enrichment.proficiency import level_of, proficiency


@pytest.mark.parametrize(
    ("sentence", "name", "expected"),
    [
        ("We want advanced Python and more.", "Python", Level.ADVANCED),
        ("Basic knowledge of SQL is enough.", "SQL", Level.BEGINNER),
        ("Working knowledge of Linux", "Linux", Level.INTERMEDIATE),
        ("In-depth understanding of Java, Kotlin and SQL", "SQL", Level.ADVANCED),
        ("You are proficient in Excel.", "Excel", Level.ADVANCED),
        ("Familiarity with Docker or Kubernetes", "Kubernetes", Level.BEGINNER),
        ("Advanced Python, basic SQL", "SQL", Level.BEGINNER),
        ("Advanced Python, basic SQL", "Python", Level.ADVANCED),
        ("Skills: Python (intermediate), SQL (expert level)", "SQL", Level.ADVANCED),
        ("Skills: Python (intermediate), SQL (expert level)", "Python", Level.INTERMEDIATE),
        ("English at an advanced level", "English", Level.ADVANCED),
        ("Grundkenntnisse in Excel", "Excel", Level.BEGINNER),
        ("Excel-Grundkenntnisse.", "Excel", Level.BEGINNER),
        ("Sehr gute Kenntnisse in Java", "Java", Level.ADVANCED),
        ("Gute Kenntnisse in Java", "Java", Level.INTERMEDIATE),
        ("Umfassende Erfahrung mit SAP", "SAP", Level.ADVANCED),
        ("Very good knowledge of SAP", "SAP", Level.ADVANCED),
    ],
)
def test_the_words_around_a_name_say_how_well(sentence: str, name: str, expected: Level) -> None:
    start = sentence.index(name)
    assert proficiency(sentence, start, start + len(name)) is expected


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Python", "Python"),
        ("Experience with Python", "Python"),
        ("No advanced Python needed", "Python"),
        ("Keine fundierte Erfahrung mit SAP", "SAP"),
        ("From basic to advanced Python", "Python"),
        ("Python, advanced SQL", "Python"),
        ("Good communication", "communication"),
        ("Excellent communication", "communication"),
        ("Working experience in retail", "retail"),
        ("A deep learning course", "learning"),
        ("Basic knowledge of SQL. We also use Java", "Java"),
        ("Advanced topics are left to the second course on Java", "Java"),
    ],
)
def test_nothing_is_read_into_other_words(sentence: str, name: str) -> None:
    start = sentence.index(name)
    assert proficiency(sentence, start, start + len(name)) is None


def test_the_first_sentence_that_names_the_skill_and_says_so_counts() -> None:
    names = ("maintain software packages", "package software")
    said = ("Backups first.", "We package software.", "Advanced: basics of package software.")
    assert level_of(names, said) is Level.BEGINNER
    assert level_of(names, said[:2]) is None
    assert level_of(("C++",), ["Expert C++ only"]) is Level.ADVANCED
    assert level_of(("art",), ["advanced party"]) is None
