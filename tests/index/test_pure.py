"""The index's decisions, without an engine."""

import uuid
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from catalogue.model import Change, ItemKey, Locator, Place, Standing
from index.engine import Ranked, Signal
from index.generations import choose
from index.identity import Identity, build_number, next_name
from index.locate import open_url
from index.points import item_id, item_of, order, point_id, points
from index.ranking import fuse
from tests.index.shelf import IDENTITY, Shelf, item


def ranked(*ids: str) -> list[Ranked]:
    return [Ranked(id, 1 - place / 10) for place, id in enumerate(ids)]


A, B, C = (ItemKey("s", key) for key in "abc")


class TestPointIds:
    def test_are_uuids_that_name_item_and_number(self) -> None:
        id = uuid.UUID(point_id(A, 7))
        assert (id.version, id.variant) == (5, uuid.RFC_4122)
        assert id.int & 0xFFFFFFFF == 7
        assert item_of(point_id(A, 7)) == item_id(A) == point_id(A, 0)

    def test_do_not_collide_as_joined_strings_would(self) -> None:
        assert point_id(ItemKey("a", "b/c"), 0) != point_id(ItemKey("a/b", "c"), 0)
        assert point_id(ItemKey('a", "b', "c"), 0) != point_id(ItemKey("a", 'b", "c'), 0)


class TestPoints:
    def test_say_who_may_see_them_each(self) -> None:
        shelf = Shelf()
        shelf.put(item(1), "one", "two", groups=("staff",))
        [change] = shelf.after(0, 1)
        assert [p.payload["groups"] for p in points(change, {})] == [["staff"], ["staff"]]

    def test_carry_effective_skills_only(self) -> None:
        tagged = item(1, tags=[("s:1", 0.9, s) for s in Standing])
        [point] = points(Change(1, tagged.key, tagged, (), ("public",)), {})
        assert [tag["skill"] for tag in point.payload["tags"]] == ["s:1"]

    def test_leave_out_what_is_not_known(self) -> None:
        plain = item(1)
        [point] = points(Change(1, plain.key, plain), {})
        assert not {"level", "duration", "free", "locator", "authors"} & set(point.payload)

    def test_are_ordered_by_day_and_then_by_catalogue_number(self) -> None:
        day = datetime(2026, 5, 1, tzinfo=UTC)
        older, newer = item(9, updated=day), item(3, updated=day + timedelta(days=1))
        assert order(older) < order(newer)
        assert order(older) < order(item(10, updated=day))

    def test_orders_are_exact_as_doubles(self) -> None:
        far = order(item(2**36 - 1, updated=datetime(9999, 12, 31, tzinfo=UTC)))
        assert Fraction(float(far)) == far


class TestFusion:
    def test_what_two_signals_find_outranks_what_one_finds(self) -> None:
        found = fuse(
            {
                Signal.MEANING: ranked(point_id(A, 0), point_id(B, 0)),
                Signal.TEXT: ranked(point_id(C, 0), point_id(B, 0)),
            }
        )
        assert found[0].of == item_id(B)

    def test_many_passages_are_no_advantage(self) -> None:
        many = [point_id(A, n) for n in range(5)]
        found = fuse({Signal.MEANING: ranked(point_id(B, 0), *many)})
        assert [c.of for c in found] == [item_id(B), item_id(A)]
        assert found[1].standings[Signal.MEANING].rank == 2

    def test_the_passage_is_the_one_most_signals_point_at(self) -> None:
        found = fuse(
            {
                Signal.MEANING: ranked(point_id(A, 1), point_id(A, 2)),
                Signal.TEXT: ranked(point_id(A, 2), point_id(A, 3)),
            }
        )
        assert found[0].passage == point_id(A, 2)

    def test_a_title_decides_on_no_passage(self) -> None:
        both = fuse({Signal.TEXT: ranked(point_id(A, 4)), Signal.TITLE: ranked(point_id(A, 0))})
        assert both[0].passage == point_id(A, 4)
        alone = fuse({Signal.TITLE: ranked(point_id(A, 0))})
        assert alone[0].passage == point_id(A, 0)

    def test_a_place_answers_before_the_summary_if_it_stands_nearly_as_high(self) -> None:
        summary, page = point_id(A, 0), point_id(A, 3)
        near = ranked(summary, *(point_id(B, n) for n in range(9)), page)
        assert fuse({Signal.TEXT: near})[0].passage == page
        far = ranked(summary, *(point_id(B, n) for n in range(150)), page)
        assert fuse({Signal.TEXT: far})[0].passage == summary

    def test_ties_have_one_order(self) -> None:
        one = fuse({Signal.MEANING: ranked(point_id(A, 0)), Signal.TEXT: ranked(point_id(B, 0))})
        two = fuse({Signal.TEXT: ranked(point_id(B, 0)), Signal.MEANING: ranked(point_id(A, 0))})
        assert [c.of for c in one] == [c.of for c in two]


@pytest.mark.parametrize(
    ("url", "locator", "expected"),
    [
        ("https://x.example/a.pdf", None, "https://x.example/a.pdf"),
        ("https://x.example/a.pdf", Locator(Place.PAGE, "12"), "https://x.example/a.pdf#page=12"),
        ("https://x.example/a#old", Locator(Place.ANCHOR, "new"), "https://x.example/a#new"),
        ("https://x.example/a", Locator(Place.ANCHOR, 'a"b c'), "https://x.example/a#a%22b%20c"),
        (
            "https://www.youtube.com/watch?v=abc&t=3",
            Locator(Place.SECOND, "754.5"),
            "https://www.youtube.com/watch?v=abc&t=754s",
        ),
        ("https://youtu.be/abc", Locator(Place.SECOND, "12"), "https://youtu.be/abc?t=12s"),
        (
            "https://x.example/talk.mp4",
            Locator(Place.SECOND, "90"),
            "https://x.example/talk.mp4#t=90",
        ),
        (
            "https://lms.example/course",
            Locator(Place.UNIT, "7", "https://lms.example/unit?id=7"),
            "https://lms.example/unit?id=7",
        ),
        ("https://x.example/a.pptx", Locator(Place.SLIDE, "3"), "https://x.example/a.pptx"),
    ],
)
def test_a_hit_opens_at_its_place(url: str, locator: Locator | None, expected: str) -> None:
    assert open_url(url, locator) == expected


class TestNames:
    def test_every_ingredient_changes_the_name(self) -> None:
        others = [
            Identity("another", IDENTITY.dimensions, IDENTITY.passages),
            Identity(IDENTITY.encoder, 7, IDENTITY.passages),
            Identity(IDENTITY.encoder, IDENTITY.dimensions, "another"),
        ]
        assert len({IDENTITY.stem, *(other.stem for other in others)}) == 4

    def test_builds_are_counted_not_spelled(self) -> None:
        ready = [f"{IDENTITY.stem}-{n}" for n in (2, 10, 9)]
        assert choose(ready, IDENTITY) == f"{IDENTITY.stem}-10"
        assert next_name(ready, IDENTITY) == f"{IDENTITY.stem}-11"
        assert build_number("something else") == 0
