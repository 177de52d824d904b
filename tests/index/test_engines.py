"""The engine contract, held by every engine."""

from datetime import timedelta

import pytest

from catalogue.model import Kind
from index.conditions import (
    FIRST,
    AnyOf,
    Condition,
    Conditions,
    Either,
    Embedded,
    Ids,
    Since,
    Teaches,
    Within,
)
from index.engine import Ask, Signal, Watermark
from index.follow import apply
from index.generations import Generation
from index.points import TAUGHT, item_id, item_of, point_id
from index.words import query
from tests.index.shelf import START, Shelf, embed, item, taught

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect")


@pytest.fixture
def filled(generation: Generation, shelf: Shelf) -> Generation:
    shelf.put(
        item(
            1,
            "Maintain packages",
            kind=Kind.MANUAL,
            cost=0.0,
            duration=600,
            language="en-GB",
            tags=(taught("s:pack", 0.9), taught("s:sign", 0.4)),
        ),
        "build a debian package",
        "sign a package with a key",
    )
    shelf.put(
        item(
            2, "Bake bread", cost=20.0, duration=7200, language="de", tags=(taught("s:bake", 0.7),)
        ),
        "knead the dough",
        groups=("staff",),
    )
    shelf.put(item(3, "Untold"), "nothing is known of this")
    del shelf.vectors[shelf.changes[item(3).key].passages[0].text_hash]
    apply(shelf.after(0, 10), shelf, generation)
    return generation


def found(generation: Generation, *where: Condition) -> set[int]:
    """Numbers of the items whose first points meet the conditions."""
    numbers = {point_id(item(n).key, 0): n for n in (1, 2, 3)}
    return {numbers[id] for id, _ in generation.engine.scan(("of",), (*where, FIRST))}


# One table and one filled engine: making an engine costs more than asking it.
CONDITIONS: list[tuple[Conditions, set[int]]] = [
    ((), {1, 2, 3}),
    ((AnyOf("groups", ("public", "others")),), {1, 3}),
    ((AnyOf("kind", ("manual",)),), {1}),
    ((AnyOf("languages", ("en",)),), {1}),
    ((AnyOf("languages", ("en-gb",)),), {1}),
    ((AnyOf("free", ("true",)),), {1}),
    ((AnyOf("free", ("false",)),), {2}),
    ((Within("duration", high=600),), {1}),
    ((Within("duration", low=601),), {2}),
    ((Within("duration", below=600),), set()),
    ((Since("published", START + timedelta(days=2)),), {2, 3}),
    ((AnyOf(TAUGHT, ("s:sign", "s:bake")),), {1, 2}),
    ((Teaches("s:sign", 0.4),), {1}),
    ((Teaches("s:sign", 0.5),), set()),  # the 0.9 belongs to another skill of the item
    ((Either(((Teaches("s:pack", 0.5),), (Teaches("s:bake", 0.5),))),), {1, 2}),
    ((Ids(frozenset({point_id(item(2).key, 0), point_id(item(9).key, 0)})),), {2}),
    ((Embedded(True),), {1, 2}),
    ((Embedded(False),), {3}),
]


def test_conditions(filled: Generation) -> None:
    for where, expected in CONDITIONS:
        assert found(filled, *where) == expected, where
        assert filled.engine.count((*where, FIRST)) == len(expected), where


def test_meaning_ranks_the_nearest_passage_first(filled: Generation) -> None:
    ask = Ask(Signal.MEANING, embed("sign a package with a key"))
    [ranking] = filled.engine.rank([ask], (), 10)
    assert ranking[0].id == point_id(item(1).key, 1)
    assert ranking[0].score == pytest.approx(1, abs=2e-3)
    assert len(ranking) == 3, "the passage without a vector has no meaning to rank by"


def test_rare_words_outrank_common_ones(filled: Generation) -> None:
    ask = Ask(Signal.TEXT, query("package dough", ["en"]))
    [ranking] = filled.engine.rank([ask], (), 10)
    assert [item_of(one.id) for one in ranking] == [
        item_id(item(2).key),
        item_id(item(1).key),
        item_id(item(1).key),
    ]


def test_rankings_come_in_the_order_of_the_asks(filled: Generation) -> None:
    asks = [
        Ask(Signal.TITLE, query("bread", ["en"])),
        Ask(Signal.TEXT, query("signing", ["en"])),
        Ask(Signal.TEXT, query("nobody wrote this", ["en"])),
    ]
    title, text, none = filled.engine.rank(asks, (), 10)
    assert [one.id for one in title] == [point_id(item(2).key, 0)]
    assert [one.id for one in text] == [point_id(item(1).key, 1)]
    assert none == []


def test_ranking_honours_conditions_and_limit(filled: Generation) -> None:
    ask = Ask(Signal.MEANING, embed("package"))
    [staff] = filled.engine.rank([ask], (AnyOf("groups", ("staff",)),), 10)
    assert [item_of(one.id) for one in staff] == [item_id(item(2).key)]
    [one] = filled.engine.rank([ask], (), 1)
    assert len(one) == 1


def test_newest_first(filled: Generation) -> None:
    newest = filled.engine.newest((FIRST,), 2)
    assert [payload["item"] for payload in newest] == [3, 2]
    [older] = filled.engine.newest((FIRST, Within("order", below=newest[-1]["order"])), 2)
    assert older["item"] == 1


def test_facets_count_points_that_meet_the_conditions(filled: Generation) -> None:
    assert dict(filled.engine.facet("languages", (FIRST,), 10)) == {"en": 1, "en-gb": 1, "de": 1}
    public = (FIRST, AnyOf("groups", ("public",)))
    assert dict(filled.engine.facet(TAUGHT, public, 10)) == {"s:pack": 1, "s:sign": 1}
    assert dict(filled.engine.facet("free", (FIRST,), 10)) == {"true": 1, "false": 1}


def test_fetch_leaves_out_what_is_not_there(filled: Generation) -> None:
    first, gone = point_id(item(1).key, 0), point_id(item(9).key, 0)
    fetched = filled.engine.fetch([first, gone])
    assert set(fetched) == {first}
    assert fetched[first]["title"] == "Maintain packages"
    assert filled.engine.fetch([first], ["number"]) == {first: {"number": 0}}


def test_only_the_first_point_carries_what_concerns_the_whole_item(filled: Generation) -> None:
    second = filled.engine.fetch([point_id(item(1).key, 1)])
    [payload] = second.values()
    assert "title" not in payload
    assert payload["text"] == "sign a package with a key"
    assert payload["locator"] == {"place": "page", "value": "2"}


def test_a_watermark_stays_with_the_points(filled: Generation) -> None:
    assert filled.engine.watermark() == Watermark()
    filled.engine.set_watermark(Watermark(7, "a life"))
    filled.engine.set_watermark(Watermark(8, "a life"))
    assert filled.engine.watermark() == Watermark(8, "a life")


def test_removing(filled: Generation) -> None:
    filled.engine.remove((AnyOf("of", (item_id(item(1).key),)), Within("number", low=1)))
    assert filled.engine.count(()) == 3
    assert found(filled) == {1, 2, 3}


@pytest.mark.slow
def test_scanning_sees_every_point_once(generation: Generation, shelf: Shelf) -> None:
    for number in range(1, 261):
        shelf.put(item(number), f"text {number}", "another")
    apply(shelf.after(0, 2000), shelf, generation)
    ids = [id for id, _ in generation.engine.scan(("of",))]
    assert len(ids) == len(set(ids)) == 520


def test_optimising_loses_nothing(filled: Generation) -> None:
    filled.engine.optimise()
    assert filled.engine.count(()) == 4
    ask = Ask(Signal.TEXT, query("dough", ["en"]))
    assert len(filled.engine.rank([ask], (), 10)[0]) == 1


def test_meanings_are_given_back_of_points_that_have_one(filled: Generation) -> None:
    one, none = point_id(item(1).key, 1), point_id(item(99).key, 0)
    found = filled.engine.meanings([one, none])
    assert list(found) == [one]
    assert found[one] @ found[one] == pytest.approx(1, abs=2e-3)


def test_a_ranking_may_have_conditions_of_its_own(filled: Generation) -> None:
    vector = embed("anything")
    only = AnyOf("number", (1,))
    asks = [Ask(Signal.MEANING, vector), Ask(Signal.SKILLS, vector, (only,))]
    every, narrowed = filled.engine.rank(asks, (), 10)
    assert len(narrowed) < len(every)
    assert {one.id[-1] for one in narrowed} == {"1"}
