"""The page that a curator reads of a run."""

from datetime import UTC, datetime

from catalogue.links import Link, LinkStatus
from catalogue.model import Counters, Failure, ItemKey, Outcome, Run, Stage
from catalogue.records import Unmapped
from flows.report import MOST_FAILURES, MOST_WORDS, report

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RUN = Run(1, "wiki", Outcome.COMPLETED, NOON, counters=Counters(found=3, added=2, filtered=1))


def test_a_quiet_run_has_counters_alone() -> None:
    page = report(RUN, [])
    assert "| filtered | 1 |" in page
    assert "##" not in page


def test_text_from_outside_is_inert() -> None:
    word = Unmapped("wiki", "level", "[x](javascript:1) | <b>", 2, "a")
    failure = Failure(ItemKey("wiki", "a|b"), Stage.READ, "BadItem", "no *title*", NOON, NOON)
    page = report(RUN, [failure], [word])
    assert "| level | \\[x\\]\\(javascript:1\\) \\| \\<b\\> | 2 |" in page
    assert "| a\\|b | read | no \\*title\\* |" in page


def test_only_the_words_of_most_items_are_shown() -> None:
    words = [Unmapped("wiki", "level", f"tier {n}", 1, "a") for n in range(MOST_WORDS + 2)]
    page = report(RUN, [], words)
    assert page.count("| level |") == MOST_WORDS
    assert "2 more: `skillshelf sources unmapped`" in page


def test_dead_links_are_told_to_the_owner() -> None:
    dead = Link(ItemKey("wiki", "a|b"), "u", LinkStatus.DEAD, 4, "answered 404", NOON, NOON)
    page = report(RUN, [], (), [dead] * (MOST_FAILURES + 1))
    assert page.count("| a\\|b | 2026-03-01 | answered 404 |") == MOST_FAILURES
    assert "1 more: `skillshelf links list`" in page
