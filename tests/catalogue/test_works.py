from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from catalogue.errors import BadRequest, NotFound, SkillshelfError
from catalogue.links import FAILURES, Answer, Checked
from catalogue.model import Item, ItemKey, State
from catalogue.store import Catalogue
from catalogue.works import Compare, Judgement, Printed, Relation
from tests.catalogue.making import batch, enrich_all, registered

A, B, C, D = (ItemKey("wiki", key) for key in "abcd")
SAME = Judgement(Relation.SAME, 0.9, "nearly the same text")
TRANSLATED = Judgement(Relation.TRANSLATION, 0.9, "the same address but for its language")


def everything(relation: Judgement | None) -> Compare:
    return lambda one, other: relation


def marked(by: Callable[[Item], int]) -> Callable[[Item], Printed]:
    return lambda item: Printed(
        item.id, item.draft, item.language, b"print", frozenset({by(item), 2**63 - 1 - item.id})
    )


together = marked(lambda item: 7)


def examine(
    catalogue: Catalogue,
    compare: Compare,
    version: str = "1",
    made: Callable[[Item], Printed] = together,
) -> int:
    items = catalogue.works.waiting(version, 100)
    return catalogue.works.examine(version, items, [made(item) for item in items], compare)


@pytest.fixture
def filled(catalogue: Catalogue) -> Catalogue:
    catalogue.intake.commit("wiki", registered(catalogue), batch("a", "b", "c"), {})
    enrich_all(catalogue)
    return catalogue


def keys(items: tuple[Item, ...] | list[Item]) -> list[str]:
    return [item.key.key for item in items]


def test_items_wait_once_enriched_and_again_when_they_change(filled: Catalogue) -> None:
    works = filled.works
    assert keys(works.waiting("1", 10)) == ["a", "b", "c"]
    assert keys(works.waiting("1", 1, after_id=works.waiting("1", 1)[0].id)) == ["b"]
    examine(filled, everything(None))
    assert works.waiting("1", 10) == []
    assert keys(works.waiting("2", 10)) == ["a", "b", "c"]
    filled.intake.commit("wiki", registered(filled), batch("b", text="Other text."), {})
    assert works.waiting("1", 10) == [], "what is not enriched yet has no passages to count"
    enrich_all(filled)
    assert keys(works.waiting("1", 10)) == ["b"]
    filled.items.set_state(A, State.RETIRING, "ada")
    assert keys(works.waiting("1", 10)) == ["a", "b"]


def test_a_work_is_stored_and_its_items_get_new_numbers(filled: Catalogue) -> None:
    before = filled.changes.head()
    assert examine(filled, everything(SAME)) == 3
    assert filled.changes.head() == before + 3
    [work] = filled.works.page()
    assert keys(work.items) == ["a", "b", "c"]
    assert {link.judgement.reason for link in work.links} == {SAME.reason}
    told = [change.item for change in filled.changes.after(0, 9)]
    assert [item and item.represented_by for item in told] == [A, A, A]
    assert filled.works.count() == (1, 3)


def test_looking_again_changes_nothing(filled: Catalogue) -> None:
    examine(filled, everything(SAME))
    head = filled.changes.head()
    assert examine(filled, everything(SAME), "2") == 0
    assert filled.changes.head() == head


def test_only_items_with_a_mark_in_common_are_compared(filled: Catalogue) -> None:
    compared = []

    def compare(one: Printed, other: Printed) -> None:
        compared.append((one.draft.title, other.draft.title))

    examine(filled, compare, made=marked(lambda item: 8 if item.draft.title in "ab" else 9))
    assert compared == [("a", "b")]


def test_an_item_that_changed_meanwhile_is_left_for_the_next_time(filled: Catalogue) -> None:
    items = filled.works.waiting("1", 10)
    filled.items.set_state(B, State.RETIRING, "ada")
    filled.works.examine("1", items, [together(item) for item in items], everything(SAME))
    assert keys(filled.works.of(A).items) == ["a", "c"]
    assert keys(filled.works.waiting("1", 10)) == ["b"]


def test_a_changed_item_leaves_its_work(filled: Catalogue) -> None:
    examine(filled, everything(SAME))
    filled.intake.commit("wiki", registered(filled), batch("a", text="Other text."), {})
    enrich_all(filled)
    assert examine(filled, everything(None)) == 3, "the others have another representative"
    assert keys(filled.works.of(B).items) == ["b", "c"]
    assert filled.items.get(A).represented_by is None
    assert filled.items.get(C).represented_by == B


def test_what_is_gone_or_suppressed_leaves_its_work(filled: Catalogue) -> None:
    examine(filled, everything(SAME))
    filled.items.set_state(A, State.SUPPRESSED, "ada")
    assert filled.works.drop_absent() == 3
    assert keys(filled.works.of(B).items) == ["b", "c"]
    assert filled.works.drop_absent() == 0
    filled.items.restore(A, "ada")
    examine(filled, everything(SAME))
    assert keys(filled.works.of(B).items) == ["a", "b", "c"]


def test_translations_are_told_and_not_folded(filled: Catalogue) -> None:
    def compare(one: Printed, other: Printed) -> Judgement:
        return SAME if {one.draft.title, other.draft.title} == {"b", "c"} else TRANSLATED

    examine(filled, compare)
    assert keys(filled.works.of(A).items) == ["a"]
    assert keys(filled.works.translations(A)) == ["b"], "one of its work is enough"
    assert keys(filled.works.translations(C)) == ["a"]


def test_what_a_person_split_the_machine_never_joins(filled: Catalogue) -> None:
    examine(filled, everything(SAME))
    alone = filled.works.split(B, "ada", "another edition")
    assert keys(alone.items) == ["b"]
    assert keys(filled.works.of(A).items) == ["a", "c"]
    assert examine(filled, everything(SAME), "2") == 0
    assert filled.items.get(B).represented_by is None
    filled.intake.commit("wiki", registered(filled), batch("d"), {})
    enrich_all(filled)
    examine(filled, everything(SAME), "2")
    work = keys(filled.works.of(D).items)
    assert ("b" in work) is not ("a" in work), "nor through a newcomer that is like both"
    assert [(one.same, one.who, one.why) for one in filled.works.said(B)] == [
        (False, "ada", "another edition")
    ] * 2


def test_a_person_may_merge_what_was_split(filled: Catalogue) -> None:
    examine(filled, everything(SAME))
    filled.works.split(B, "ada")
    merged = filled.works.merge(C, B, "bob")
    assert keys(merged.items) == ["a", "b", "c"]
    assert examine(filled, everything(None), "2") == 0
    assert keys(filled.works.of(B).items) == ["a", "b", "c"]


def test_a_merge_outlives_a_machine_that_sees_nothing_in_common(filled: Catalogue) -> None:
    examine(filled, everything(None))
    head = filled.changes.head()
    filled.works.merge(A, C, "ada")
    assert filled.changes.head() == head + 2
    examine(filled, everything(None), "2")
    assert filled.items.get(C).represented_by == A


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda works: works.split(A, "ada"), BadRequest),
        (lambda works: works.merge(A, A, "ada"), BadRequest),
        (lambda works: works.merge(A, ItemKey("wiki", "z"), "ada"), NotFound),
        (lambda works: works.of(ItemKey("wiki", "z")), NotFound),
    ],
)
def test_what_cannot_be_done_is_said(
    filled: Catalogue, act: Callable[[object], object], error: type[SkillshelfError]
) -> None:
    examine(filled, everything(None))
    with pytest.raises(error):
        act(filled.works)


def test_the_database_itself_keeps_what_people_said(filled: Catalogue) -> None:
    examine(filled, everything(None))
    filled.works.merge(A, B, "ada")
    for statement in ("DELETE FROM work_reviews", "UPDATE work_reviews SET who = 'eve'"):
        with pytest.raises((DBAPIError, SkillshelfError)), filled.database.write() as conn:
            conn.execute(text(statement))
    assert [one.who for one in filled.works.said(A)] == ["ada"]


@pytest.mark.slow
def test_many_copies_are_one_work_at_a_bounded_cost(catalogue: Catalogue) -> None:
    names = [f"n{number:03}" for number in range(120)]
    catalogue.intake.commit("wiki", registered(catalogue), batch(*names), {})
    enrich_all(catalogue)
    compared = []

    def compare(one: Printed, other: Printed) -> Judgement:
        compared.append(one.item)
        return SAME

    items = catalogue.works.waiting("1", 500)
    catalogue.works.examine("1", items, [together(item) for item in items], compare)
    assert catalogue.works.count() == (1, 120)
    assert len(compared) < 20 * 120


def test_an_item_whose_link_died_stands_for_others_no_more(filled: Catalogue) -> None:
    examine(filled, everything(SAME))
    due = next(one for one in filled.links.due(9) if one.key == A)
    for _ in range(FAILURES):
        filled.links.record([Checked(due, Answer.GONE, "answered 404")])
    assert filled.items.get(C).represented_by == B
    filled.links.record([Checked(due, Answer.ALIVE)])
    assert filled.items.get(C).represented_by == A
