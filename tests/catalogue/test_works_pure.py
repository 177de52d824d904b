from datetime import UTC, datetime

import pytest

from catalogue.model import Draft, State
from catalogue.works import (
    Judgement,
    Link,
    Member,
    Pair,
    Relation,
    file_format,
    grouped,
    pair,
    representative,
)


def same(one: int, other: int, score: float = 0.9) -> Link:
    return Link(pair(one, other), Judgement(Relation.SAME, score, "nearly the same text"))


def translated(one: int, other: int) -> Link:
    return Link(pair(one, other), Judgement(Relation.TRANSLATION, 0.9, "the same address"))


def works(items: range, links: list[Link], said: dict[Pair, bool] | None = None) -> list[set[int]]:
    return [set(work) for work in grouped(items, links, said or {})]


def test_works_are_what_links_join() -> None:
    links = [same(1, 2), same(2, 3), same(5, 4), translated(1, 6)]
    assert works(range(1, 8), links) == [{1, 2, 3}, {4, 5}]


def test_links_to_what_is_absent_join_nothing() -> None:
    assert works(range(1, 3), [same(1, 9), same(2, 9)]) == []


def test_what_a_person_held_apart_is_never_brought_together_by_others() -> None:
    links = [same(1, 2, 0.99), same(2, 3, 0.8), same(1, 3, 0.7)]
    assert works(range(1, 4), links, {(1, 3): False}) == [{1, 2}]
    assert works(range(1, 4), links, {(1, 2): False}) == [{2, 3}]


def test_what_a_person_joined_stays_joined_whatever_the_machine_says() -> None:
    assert works(range(1, 4), [], {(1, 3): True}) == [{1, 3}]
    assert works(range(1, 4), [same(1, 2, 1.0)], {(1, 3): True, (2, 3): False}) == [{1, 3}]


def test_the_order_of_links_makes_no_difference() -> None:
    links = [same(1, 2), same(3, 4), same(2, 3), same(4, 5)]
    said = {(1, 5): False}
    assert works(range(1, 6), links, said) == works(range(1, 6), links[::-1], said)


def member(item: int, url: str, state: State = State.PUBLISHED, **fields: object) -> Member:
    passages, dead = fields.pop("passages", 10), bool(fields.pop("dead", False))
    assert isinstance(passages, int)
    draft = Draft("Manual", url, **fields)  # type: ignore[arg-type]
    return Member(item, state, draft, passages, dead)


HTML, PDF, TEXT = "https://x.example/a.html", "https://x.example/a.pdf", "https://x.example/a.txt"
DAY = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("members", "chosen"),
    [
        ([member(1, HTML, State.SUGGESTED), member(2, PDF)], 2),
        ([member(1, HTML), member(2, PDF, summary="Why", authors=("Ada",))], 2),
        ([member(1, PDF), member(2, HTML), member(3, TEXT)], 2),
        ([member(1, PDF, passages=10), member(2, PDF, passages=40)], 2),
        ([member(2, PDF, passages=33), member(1, PDF, passages=40)], 1),
        ([member(2, PDF), member(1, PDF)], 1),
        ([member(1, HTML, dead=True), member(2, PDF)], 2),
        ([member(1, PDF, published=DAY), member(2, HTML)], 1),
    ],
)
def test_a_work_is_represented_by_its_best_item(members: list[Member], chosen: int) -> None:
    assert representative(members) == chosen
    assert representative(members[::-1]) == chosen


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("file:///srv/book.pdf.gz", "PDF"),
        ("https://x.example/book.epub?download=1", "EPUB"),
        ("https://x.example/course", "web page"),
        ("https://x.example/v2.0", "web page"),
        ("https://x.example", "web page"),
        ("http://[broken", "web page"),
        ("", "web page"),
    ],
)
def test_a_format_is_told_by_the_address(url: str, expected: str) -> None:
    assert file_format(url) == expected
