import subprocess
import sys
from dataclasses import replace

import pytest

from catalogue.errors import Busy, NotFound
from catalogue.model import ItemKey, Stage, Standing, State
from catalogue.records import ItemFailure
from catalogue.store import Catalogue
from tests.catalogue.making import SOURCE, batch, enrich_all, registered

HOLDER = """
import sys, time
from catalogue.store import Catalogue
with Catalogue.open(sys.argv[1]) as catalogue, catalogue.sources.lock("wiki"):
    print("locked", flush=True)
    time.sleep(600)
"""


def test_a_source_comes_back_as_it_was_registered(catalogue: Catalogue) -> None:
    full = replace(SOURCE, visibility=("staff", "hr"), language="de", provider="ACME")
    catalogue.sources.register(full)
    catalogue.sources.register(replace(SOURCE, name="blog"))
    assert catalogue.sources.get("wiki") == full
    assert [source.name for source in catalogue.sources.all()] == ["blog", "wiki"]
    assert catalogue.sources.cursor("wiki") == {}


def test_an_unknown_source_is_named(catalogue: Catalogue) -> None:
    for asking in (catalogue.sources.get, catalogue.sources.cursor, catalogue.sources.approved):
        with pytest.raises(NotFound, match="no source 'nobody'"):
            asking("nobody")
    with pytest.raises(NotFound, match="no source 'nobody'"):
        catalogue.sources.reset_cursor("nobody")


def test_registering_the_same_again_changes_nothing(catalogue: Catalogue) -> None:
    catalogue.intake.commit("wiki", registered(catalogue), batch("a"), {"at": 1})
    catalogue.sources.register(SOURCE)
    assert catalogue.changes.head() == 1
    assert catalogue.sources.cursor("wiki") == {"at": 1}


def test_other_settings_start_from_the_beginning_and_need_a_new_approval(
    catalogue: Catalogue,
) -> None:
    catalogue.intake.commit("wiki", registered(catalogue), batch("a"), {"at": 1})
    assert not catalogue.sources.approved("wiki")
    catalogue.sources.approve("wiki", "ada")
    assert catalogue.sources.approved("wiki")
    catalogue.sources.register(replace(SOURCE, fingerprint="two"))
    assert not catalogue.sources.approved("wiki")
    assert catalogue.sources.cursor("wiki") == {}
    assert catalogue.changes.head() == 1
    assert [d.who for d in catalogue.decisions.of(ItemKey("wiki", ""))] == ["ada"]


def test_once_its_approval_has_lapsed_a_source_publishes_nothing_new(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    catalogue.sources.approve("wiki", "ada")
    catalogue.intake.commit("wiki", run, batch("a"), {})
    moved = replace(SOURCE, fingerprint="two")
    catalogue.sources.register(moved)
    catalogue.intake.commit("wiki", run, batch("a", "b"), {})
    states = {key: catalogue.items.get(ItemKey("wiki", key)).state for key in "ab"}
    assert states == {"a": State.PUBLISHED, "b": State.SUGGESTED}
    catalogue.sources.approve("wiki", "ada")
    catalogue.intake.commit("wiki", run, batch("c"), {})
    assert catalogue.items.get(ItemKey("wiki", "c")).state is State.PUBLISHED


def test_other_settings_forget_what_could_not_be_fetched_under_the_old_ones(
    catalogue: Catalogue,
) -> None:
    catalogue.sources.register(SOURCE)
    unfetched = ItemFailure("a", Stage.FETCH, "BadItem", "404")
    unread = ItemFailure("b", Stage.READ, "BadItem", "no title", {"text": "kept"})
    catalogue.failures.record("wiki", [unfetched, unread])
    catalogue.sources.register(replace(SOURCE, fingerprint="two"))
    assert [failure.item.key for failure in catalogue.failures.list("wiki")] == ["b"]


@pytest.mark.parametrize(
    "changed",
    [
        replace(SOURCE, visibility=("staff",)),
        replace(SOURCE, threshold=0.9),
        replace(SOURCE, language="de"),
        replace(SOURCE, provider="ACME"),
    ],
)
def test_what_items_show_of_their_source_reaches_followers(
    catalogue: Catalogue, changed: object
) -> None:
    assert isinstance(changed, type(SOURCE))
    catalogue.intake.commit("wiki", registered(catalogue), batch("a", "b"), {})
    head = catalogue.changes.head()
    catalogue.sources.register(changed)
    assert [c.key.key for c in catalogue.changes.after(head, 10)] == ["a", "b"]


def test_a_changed_owner_is_no_change_to_the_items(catalogue: Catalogue) -> None:
    catalogue.intake.commit("wiki", registered(catalogue), batch("a"), {})
    catalogue.sources.register(replace(SOURCE, owner="bob", publish=False))
    assert catalogue.changes.head() == 1
    assert catalogue.sources.get("wiki").owner == "bob"


def test_the_source_speaks_for_items_that_say_nothing(catalogue: Catalogue) -> None:
    run = registered(catalogue, replace(SOURCE, language="de", provider="ACME"))
    catalogue.intake.commit("wiki", run, batch("a"), {})
    item = catalogue.items.get(ItemKey("wiki", "a"))
    assert (item.language, item.draft.provider) == ("de", "ACME")
    enrich_all(catalogue)
    (change,) = catalogue.changes.after(0, 10)
    assert change.item is not None
    assert (change.item.language, change.visibility) == ("en", ("public",))


def test_a_raised_threshold_turns_tags_into_suggestions(catalogue: Catalogue) -> None:
    catalogue.intake.commit("wiki", registered(catalogue), batch("a"), {})
    enrich_all(catalogue, ("skill", 0.6))
    standings = []
    for threshold in (0.5, 0.7):
        catalogue.sources.register(replace(SOURCE, threshold=threshold))
        standings.append(catalogue.items.get(ItemKey("wiki", "a")).tags[0].standing)
    assert standings == [Standing.EFFECTIVE, Standing.SUGGESTED]


def test_a_cursor_can_be_reset(catalogue: Catalogue) -> None:
    catalogue.intake.commit("wiki", registered(catalogue), batch("a"), {"at": 1})
    catalogue.sources.reset_cursor("wiki")
    assert catalogue.sources.cursor("wiki") == {}


def test_one_lock_a_source_even_within_a_process(catalogue: Catalogue) -> None:
    second = catalogue.sources.lock("wiki")
    with (
        catalogue.sources.lock("wiki"),
        catalogue.sources.lock("blog"),
        pytest.raises(Busy, match=r"source wiki is in use by process \d+ on "),
    ):
        second.__enter__()
    with catalogue.sources.lock("wiki"):
        pass


def test_names_that_look_alike_have_locks_of_their_own(catalogue: Catalogue) -> None:
    with catalogue.sources.lock("a/b"), catalogue.sources.lock("a-b"):
        pass


def test_kill_9_frees_the_lock(url: str) -> None:
    with Catalogue.open(url) as catalogue:
        command = [sys.executable, "-c", HOLDER, url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "locked\n"
            with pytest.raises(Busy, match=f"process {holder.pid} on"):
                catalogue.sources.lock("wiki").__enter__()
            holder.kill()
        for _ in range(1000):  # PostgreSQL notices the broken connection a moment later
            try:
                with catalogue.sources.lock("wiki"):
                    return
            except Busy:
                continue
        pytest.fail("the lock outlived its process")
