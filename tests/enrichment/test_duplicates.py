"""Pairs of works after real ones: formats, remixes, series, translations, chapters."""

import itertools
import random
from dataclasses import replace

import numpy as np
import pytest

from catalogue.model import Draft, Part
from catalogue.works import Relation
from enrichment.addresses import address_in_any_language, plain_address
from enrichment.duplicates import Work, compare, marks
from enrichment.fingerprint import PLACES, Fingerprint, alike, fingerprint, shingles, signature
from enrichment.titles import Title

WORDS = ["".join(letters) for letters in itertools.product("abcdefgh", repeat=4)]


def written(count: int, seed: int = 1) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=count))


def draft(title: str, text: str, url: str = "", **fields: object) -> Draft:
    made = Draft(title, url or f"https://x.example/{title}/{len(text)}", parts=(Part(text),))
    return replace(made, **fields)  # type: ignore[arg-type]


def work(one: Draft, language: str = "en") -> Work:
    return Work.of(one, language, fingerprint(one))


def relation(one: Draft, other: Draft, languages: tuple[str, str] = ("en", "en")) -> str | None:
    works = [work(*pair) for pair in zip((one, other), languages, strict=True)]
    judged, back = compare(*works), compare(*works[::-1])
    assert (judged and judged.relation) == (back and back.relation)
    if judged:
        assert set(marks(works[0])) & set(marks(works[1])), "what is alike must also meet"
        assert 0 < judged.score <= 1
        assert judged.reason
    return judged.relation if judged else None


BOOK = written(3000)


def test_the_estimate_is_near_the_true_share() -> None:
    rng = random.Random(2)
    for share in (0.2, 0.5, 0.8):
        common = [rng.getrandbits(64) for _ in range(int(1000 * share))]
        rest = [[rng.getrandbits(64) for _ in range((1000 - len(common)) // 2)] for _ in "ab"]
        one, other = (signature(np.array(common + own, np.uint64), PLACES) for own in rest)
        assert alike(one, other) == pytest.approx(share, abs=0.15)


def test_a_fingerprint_is_kept_in_bytes() -> None:
    made = fingerprint(draft("Book", BOOK + " (https://x.example/1) /etc/fstab, 3.4"))
    read = Fingerprint.unpacked(made.packed())
    assert (read.digest, read.words, read.shared, read.parts) == (
        made.digest, made.words, made.shared, made.parts,
    )  # fmt: skip
    assert np.array_equal(read.text, made.text)
    assert np.array_equal(read.neutral, made.neutral)
    assert made.shared == 3


def test_a_fingerprint_does_not_see_layout_case_or_punctuation() -> None:
    one = fingerprint(draft("A", "Fold  the paper\nin half, twice."))
    assert one.digest == fingerprint(draft("B", "FOLD the paper in half twice")).digest


def test_texts_without_spaces_have_words_too() -> None:
    assert len(shingles(["学"])) == 1
    assert fingerprint(draft("A", "学习使我快乐")).words == 6


@pytest.mark.parametrize("text", ["", "one", "\ud800 lone", "\0"])
def test_odd_texts_have_a_fingerprint(text: str) -> None:
    assert fingerprint(draft("A", text)).text.shape == (PLACES,)


def test_formats_of_one_book_are_the_same_whatever_their_titles() -> None:
    dented = BOOK.split()
    dented[::50] = ["chapter"] * len(dented[::50])
    one = draft("handbook 12.18 documentation", BOOK, "file:///a.html")
    assert relation(one, draft("Handbook", " ".join(dented), "file:///a.pdf")) is Relation.SAME


def test_a_chapter_is_not_its_book() -> None:
    chapter = " ".join(BOOK.split()[:1500])
    assert relation(draft("Handbook", BOOK), draft("Handbook", chapter)) is None


def test_another_edition_is_another_work() -> None:
    assert relation(draft("Guide 2023", BOOK), draft("Guide 2024", BOOK)) is None


TEMPLATE = written(60)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Accessibility Guide", "USNH - Accessibility Guide", Relation.SAME),
        ("Sharing Template", "Sharing Template (QA4U Remix)", Relation.SAME),
        ("Accessibility - Webinar 4", "Accessibility - Webinar 6", None),
        ("Spanish", "Spanish II", None),
        ("Self assessment - Advanced Mid", "Self assessment - Advanced High", None),
        ("Guide for Elementary Teachers", "Guide for Secondary Teachers", None),
        ("Jeopardy - Disability Law", "Jeopardy - Social Security Law", None),
        ("Module 2 - Equity", "Module 2 - Equity Part 1a", None),
        (
            "Guidance on AI in all our schools: Oregon",
            "Guidance on AI in all our schools: Ohio",
            None,
        ),
        ("Salem Project Module 2 - Equity", "Canby Project Module 2 - Equity", Relation.SAME),
    ],
)
def test_one_description_under_several_titles(
    one: str, other: str, expected: Relation | None
) -> None:
    assert relation(draft(one, TEMPLATE), draft(other, TEMPLATE)) is expected


def link(title: str, url: str, *authors: str) -> Draft:
    return Draft(title, url, authors=authors)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (link("C Koans", "http://k.example/"), link("C Koans", "https://www.k.example"), "same"),
        (link("Learn C", "http://a.example"), link("Learn C", "http://b.example"), None),
        (link("Pro C", "https://a.example", "Ada"), link("Pro C", "https://b.example", "Ada"),
         "same"),
        (link("Pro C", "https://a.example", "Ada"), link("Pro C++", "https://b.example", "Ada"),
         None),
        (link("Java for all", "https://a.example/1", "Ada"), link("PHP", "https://a.example/1"),
         None),
    ],
)  # fmt: skip
def test_links_without_a_text(one: Draft, other: Draft, expected: str | None) -> None:
    assert relation(one, other) == expected


def test_episodes_that_link_to_their_show_stay_apart() -> None:
    show = "https://pod.example"
    one = draft("Talking of tests", written(80, 1), show, authors=("Ada",))
    other = draft("A talk with Bob", written(80, 2), show, authors=("Ada",))
    assert relation(one, other) is None


def test_a_translation_is_told_by_its_address() -> None:
    one = draft("Pflichten", written(400, 1), "https://x.example/de/duties.html")
    other = draft("Duties", written(400, 2), "https://x.example/duties.html")
    assert relation(one, other, ("de", "en")) is Relation.TRANSLATION
    assert relation(one, other, ("en", "en")) is None


def test_a_translation_is_told_by_what_no_translator_touches() -> None:
    names = " ".join(f"/etc/file{number}.conf" for number in range(60))
    one = draft("Verwaltung", f"{written(400, 1)} {names}", "https://x.example/1")
    other = draft("Administration", f"{written(400, 2)} {names}", "https://x.example/2")
    assert relation(one, other, ("de-AT", "en")) is Relation.TRANSLATION
    short = draft("Chapter", f"{written(90, 2)} {names}", "https://x.example/3")
    assert relation(one, short, ("de", "en")) is None, "a part of it"


def test_a_translation_is_told_by_title_and_author() -> None:
    one, other = (
        link("Pro Git", "https://a.example", "S. C."),
        link("Pro Git", "https://b.example", "S. C."),
    )
    assert relation(one, other, ("de", "fr")) is Relation.TRANSLATION


def test_a_regional_variant_is_no_other_language() -> None:
    one, other = draft("Book", BOOK, "https://a.example"), draft("Book", BOOK, "https://b.example")
    assert relation(one, other, ("en-GB", "en")) is Relation.SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.x.example/a/", "https://x.example/a"),
        ("https://x.example/a?utm_source=mail&b=1", "https://x.example/a?b=1"),
        ("https://x.example/a/index.html", "https://x.example/a"),
        ("https://x.example/a#part", "https://x.example/a"),
        ("https://web.archive.org/web/20220925022529/https://x.example/a", "http://x.example/a"),
    ],
)
def test_addresses_of_one_page(one: str, other: str) -> None:
    assert plain_address(one) == plain_address(other)


def test_an_address_that_is_none_names_nothing() -> None:
    assert plain_address("") == plain_address("http://[broken") == ""
    assert address_in_any_language("") == ""


@pytest.mark.parametrize(
    "url",
    [
        "https://x.example/de/book",
        "https://fr.x.example/book",
        "https://x.example/book?lang=pl",
        "https://x.example/pt-BR/book",
        "https://x.example/book_de",
    ],
)
def test_addresses_of_one_page_in_any_language(url: str) -> None:
    assert address_in_any_language(url) == address_in_any_language("https://x.example/book")


def test_titles_are_compared_by_what_they_say() -> None:
    one, other = Title.of("Chapter 3. The Basics of C++"), Title.of("Basics of C++")
    assert one.common(other) == 1
    assert Title.of("C") != Title.of("C++") != Title.of("C#")
    assert Title.of("Book, part 1").contradicts(Title.of("Book, part 2"))
    assert not Title.of("Book").contradicts(Title.of("Book 2"))
    assert Title.of("Book").differs(Title.of("Book 2"))
    assert Title.of("the").words
