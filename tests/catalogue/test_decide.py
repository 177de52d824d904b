import pytest

from catalogue.decide import (
    PRESENT,
    Intent,
    Known,
    arrival,
    effective,
    intent,
    searchable,
    vanished,
    visible,
)
from catalogue.model import Evidence, Method, Standing, State, Tag, Verdict
from tests.catalogue.making import review

KEYS = [f"k{number}" for number in range(100)]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (None, Intent.ADD),
        (Known(State.PUBLISHED, "m", "r"), Intent.KEEP),
        (Known(State.PUBLISHED, "m", "other"), Intent.REWRITE),
        (Known(State.PUBLISHED, "other", "r"), Intent.ENRICH),
        (Known(State.GONE, "m", "r"), Intent.RESTORE),
        (Known(State.GONE, "other", "r"), Intent.ENRICH),
        (Known(State.SUPPRESSED, "m", "r"), Intent.KEEP),
        (Known(State.PUBLISHED, "m", "r", "deny.kind: video"), Intent.REWRITE),
    ],
)
def test_what_storing_a_found_item_does(known: Known | None, expected: Intent) -> None:
    assert intent(known, "m", "r") is expected


@pytest.mark.parametrize("state", [s for s in State if s is not State.GONE])
def test_an_arrival_changes_no_state_but_gone(state: State) -> None:
    assert arrival(state, publish=True) is arrival(state, publish=False) is state


@pytest.mark.parametrize("known", [None, State.GONE])
def test_a_new_or_returning_item_follows_its_source_s_policy(known: State | None) -> None:
    assert arrival(known, publish=True) is State.PUBLISHED
    assert arrival(known, publish=False) is State.SUGGESTED


def test_a_few_unseen_items_have_vanished() -> None:
    assert vanished(KEYS, KEYS[10:]).keys == set(KEYS[:10])
    assert not vanished(KEYS, KEYS[10:]).held


def test_a_fifth_may_vanish_and_not_one_more() -> None:
    assert not vanished(KEYS, KEYS[20:]).held
    assert vanished(KEYS, KEYS[21:]).held


def test_ten_may_vanish_however_few_there_are() -> None:
    assert not vanished(KEYS[:12], KEYS[10:12]).held
    assert vanished(KEYS[:12], KEYS[11:12]).held


def test_an_empty_listing_is_held_even_of_one_item() -> None:
    assert vanished(KEYS[:1], []).held
    assert not vanished([], []).held


def test_keys_that_the_catalogue_does_not_know_are_no_evidence() -> None:
    assert vanished(KEYS[:2], ["other"]).keys == set(KEYS[:2])
    assert not vanished(KEYS[:2], ["other", *KEYS]).keys


def test_what_a_person_took_away_cannot_vanish() -> None:
    assert {State.SUPPRESSED, State.RETIRED, State.GONE}.isdisjoint(PRESENT)


def test_a_likely_tag_takes_effect_and_an_unlikely_one_waits() -> None:
    tags = (Tag("a", 0.4, Method.LABEL), Tag("b", 0.5, Method.LABEL))
    shown = effective(tags, (), 0.5)
    assert [(t.tag.skill, t.standing) for t in shown] == [
        ("b", Standing.EFFECTIVE),
        ("a", Standing.SUGGESTED),
    ]


def test_the_latest_review_holds_whatever_the_machine_says() -> None:
    said = (review("k", "a", Verdict.ACCEPT), review("k", "a", Verdict.REJECT, "bob"))
    (shown,) = effective((Tag("a", 0.99, Method.BOTH),), said, 0.5)
    assert shown.standing is Standing.REJECTED
    assert shown.reviewed_by == "bob"
    assert shown.tag.probability == 0.99


def test_an_accepted_tag_is_certain_and_keeps_its_evidence() -> None:
    evidence = (Evidence(1, 2, 3),)
    tag = Tag("a", 0.2, Method.MEANING, evidence)
    (shown,) = effective((tag,), (review("k", "a", Verdict.ACCEPT),), 0.5)
    assert shown.tag == Tag("a", 1.0, Method.PERSON, evidence)
    assert shown.standing is Standing.EFFECTIVE


def test_people_may_name_or_refuse_skills_the_machine_did_not() -> None:
    said = (review("k", "a", Verdict.ADD), review("k", "b", Verdict.REJECT))
    standings = {t.tag.skill: t.standing for t in effective((), said, 0.5)}
    assert standings == {"a": Standing.EFFECTIVE, "b": Standing.REJECTED}


def test_an_item_s_own_groups_come_before_its_source_s() -> None:
    assert visible(("staff",), ("public",)) == ("staff",)
    assert visible((), ("public",)) == ("public",)


def test_only_published_and_retiring_items_are_searched() -> None:
    assert {state for state in State if searchable(state)} == {State.PUBLISHED, State.RETIRING}
