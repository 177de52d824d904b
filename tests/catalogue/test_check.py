from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from catalogue.check import checked
from catalogue.errors import BadItem
from catalogue.model import Draft, Session

GOOD = Draft(
    "T",
    "https://example.org",
    published=datetime(2026, 1, 1, tzinfo=UTC),
    sessions=(Session(datetime(2026, 1, 1, tzinfo=UTC)),),
    duration=0,
)
NAIVE = datetime(2026, 1, 1)  # noqa: DTZ001
EAST = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=5)))


def test_a_good_draft_passes_as_it_is() -> None:
    assert checked(GOOD) is GOOD


@pytest.mark.parametrize(
    ("bad", "complaint"),
    [
        (replace(GOOD, title=" \n"), "no title"),
        (replace(GOOD, url="javascript:alert(1)"), "address 'javascript:alert"),
        (replace(GOOD, url=" JavaScript:alert(1)"), "address"),
        (replace(GOOD, url=""), "address ''"),
        (replace(GOOD, url="http://[broken"), "address"),
        (replace(GOOD, image="data:text/html,x"), "image 'data:"),
        (replace(GOOD, duration=-1), "lasts -1 seconds"),
        (replace(GOOD, updated=NAIVE), "without a time zone"),
        (replace(GOOD, published=EAST), "not in UTC"),
        (replace(GOOD, sessions=(Session(GOOD.sessions[0].start, NAIVE),)), "without a time zone"),
    ],
)
def test_each_fault_is_named(bad: Draft, complaint: str) -> None:
    with pytest.raises(BadItem, match=complaint):
        checked(bad)


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(BadItem, match=r"no title; .*address"):
        checked(Draft("", ""))
