from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from catalogue.links import (
    FAILURES,
    Answer,
    Checked,
    DueLink,
    Link,
    LinkStatus,
    answered,
    concluded,
    next_check,
)
from catalogue.model import ItemKey, State
from catalogue.records import Batch
from catalogue.store import Catalogue
from tests.catalogue.making import NOON, arrival, batch, enrich_all, registered

A, B = ItemKey("wiki", "a"), ItemKey("wiki", "b")
DAY = timedelta(days=1)
DUE = DueLink(1, A, "https://x.example/a")


@pytest.mark.parametrize("status", [200, 204, 206, 301, 304])
def test_what_answers_is_alive(status: int) -> None:
    assert answered(status) is Answer.ALIVE


@pytest.mark.parametrize("status", [401, 403, 405, 406, 412, 429, 500, 502, 503, 504])
def test_what_says_nothing_about_the_item_is_no_failure(status: int) -> None:
    assert answered(status) is Answer.UNSURE


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_not_there_is_gone(status: int) -> None:
    assert answered(status) is Answer.GONE


def checks(*answers: Answer) -> list[Link]:
    found: list[Link] = []
    for day, answer in enumerate(answers):
        before = found[-1] if found else None
        found.append(concluded(before, Checked(DUE, answer, "x"), NOON + day * DAY))
    return found


def test_four_failures_in_a_row_are_a_verdict() -> None:
    links = checks(*[Answer.GONE] * 5)
    assert [link.status for link in links] == [
        *[LinkStatus.FAILING] * (FAILURES - 1), LinkStatus.DEAD, LinkStatus.DEAD,
    ]  # fmt: skip
    assert links[2].since == NOON
    assert links[4].since == NOON + 3 * DAY


def test_an_answer_in_between_starts_the_count_anew() -> None:
    links = checks(Answer.GONE, Answer.GONE, Answer.GONE, Answer.ALIVE, Answer.GONE)
    assert [link.failures for link in links] == [1, 2, 3, 0, 1]


def test_an_unsure_answer_neither_counts_nor_clears() -> None:
    links = checks(Answer.GONE, Answer.UNSURE, Answer.GONE)
    assert [link.failures for link in links] == [1, 1, 2]


def test_a_dead_link_comes_back_with_one_answer() -> None:
    assert checks(*[Answer.GONE] * 4, Answer.ALIVE)[-1].status is LinkStatus.ALIVE


def test_another_address_starts_anew() -> None:
    dead = checks(*[Answer.GONE] * 4)[-1]
    moved = Checked(DueLink(1, A, "https://y.example"), Answer.GONE, "answered 404")
    assert concluded(dead, moved, NOON).failures == 1


def test_failing_links_are_asked_again_soon() -> None:
    alive, failing = checks(Answer.ALIVE, Answer.GONE)
    assert next_check(alive) - alive.checked > next_check(failing) - failing.checked >= DAY


class Calendar:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def filled(url: str, calendar: Calendar) -> Iterator[Catalogue]:
    with Catalogue.open(url, calendar) as catalogue:
        catalogue.intake.commit("wiki", registered(catalogue), batch("a", "b"), {})
        enrich_all(catalogue)
        yield catalogue


def check(catalogue: Catalogue, answer: Answer) -> int:
    found = [Checked(due, answer, "answered 404") for due in catalogue.links.due(10)]
    return catalogue.links.record([one for one in found if one.due.key == A])


def test_links_are_due_when_their_time_has_come(filled: Catalogue, calendar: Calendar) -> None:
    assert [due.key for due in filled.links.due(10)] == [A, B]
    assert [due.key for due in filled.links.due(1)] == [A]
    check(filled, Answer.ALIVE)
    assert [due.key for due in filled.links.due(10)] == [B]
    calendar.now += 8 * DAY
    assert [due.key for due in filled.links.due(10)] == [A, B]
    filled.items.set_state(B, State.SUPPRESSED, "ada")
    assert [due.key for due in filled.links.due(10)] == [A]


def test_a_new_address_is_due_at_once(filled: Catalogue) -> None:
    check(filled, Answer.ALIVE)
    moved = arrival("a", url="https://example.org/moved")
    filled.intake.commit("wiki", registered(filled), Batch((moved,)), {})
    assert filled.links.due(1)[0].url == "https://example.org/moved"


def test_a_verdict_changes_the_item_and_its_number(filled: Catalogue, calendar: Calendar) -> None:
    for day in range(FAILURES):
        head = filled.changes.head()
        turned = check(filled, Answer.GONE)
        died = day == FAILURES - 1
        assert (turned, filled.changes.head() - head) == ((1, 1) if died else (0, 0))
        assert filled.items.get(A).dead_since == (calendar.now if died else None)
        calendar.now += 2 * DAY
    [dead] = filled.links.failing("wiki")
    assert (dead.item, dead.status, dead.reason) == (A, LinkStatus.DEAD, "answered 404")
    assert filled.links.failing("other") == []
    calendar.now += 8 * DAY
    assert check(filled, Answer.ALIVE) == 1
    assert filled.items.get(A).dead_since is None
    assert filled.links.failing() == []


def test_links_on_their_way_out_are_told_when_asked_for(filled: Catalogue) -> None:
    assert filled.links.of(A) is None
    check(filled, Answer.GONE)
    assert filled.links.failing() == []
    assert [link.failures for link in filled.links.failing(dead=False)] == [1]
    found = filled.links.of(A)
    assert found is not None
    assert found.status is LinkStatus.FAILING
