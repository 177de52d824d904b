"""What a source's filters leave out: decided in pure code, stored without loss."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest
from sqlalchemy import text

from catalogue.filtering import Judge, judge, keep_all
from catalogue.model import Counters, Draft, ItemKey, Kind, Session, State, Verdict
from catalogue.records import Arrival, Batch
from catalogue.store import Catalogue
from config.stanza import Filter, KindName
from tests.catalogue.making import NOON, SOURCE, batch, draft, enrich_all, registered, review

A = ItemKey("wiki", "a")
PLAIN = Draft("T", "https://example.org/open/a%20b", Kind.VIDEO)
OLD, NEW = NOON - timedelta(days=400), NOON - timedelta(days=3)


def left_out(shown: Draft, allow: dict[str, Any], deny: dict[str, Any]) -> str:
    return judge(Filter.model_validate(allow), Filter.model_validate(deny), NOON)(shown)


@pytest.mark.parametrize(
    ("shown", "asked"),
    [
        (PLAIN, {"kind": ["video", "book"]}),
        (PLAIN, {"kind": "video"}),
        (replace(PLAIN, language="en-GB"), {"language": ["de", "en"]}),
        (replace(PLAIN, language="de-AT"), {"language": "de-AT"}),
        (replace(PLAIN, provider="Acme"), {"provider": "ACME"}),
        (PLAIN, {"url": "*/open/*"}),
        (PLAIN, {"url": "*/a b"}),
        (replace(PLAIN, published=OLD, updated=NEW), {"newer_than": "30d"}),
        (replace(PLAIN, published=OLD, sessions=(Session(NEW),)), {"newer_than": "30d"}),
        (replace(PLAIN, published=OLD), {"older_than": "1y"}),
    ],
)
def test_what_matches_is_let_in_and_denied(shown: Draft, asked: dict[str, Any]) -> None:
    assert left_out(shown, asked, {}) == ""
    assert left_out(shown, {}, asked).startswith(f"deny.{next(iter(asked))}: ")


@pytest.mark.parametrize(
    ("shown", "asked"),
    [
        (PLAIN, {"kind": "book"}),
        (replace(PLAIN, language="en"), {"language": "en-US"}),
        (replace(PLAIN, language="eno"), {"language": "en"}),
        (replace(PLAIN, provider="Acme Academy"), {"provider": "Acme"}),
        (PLAIN, {"url": "*/closed/*"}),
        (replace(PLAIN, published=OLD), {"newer_than": "1y"}),
        (replace(PLAIN, published=NEW), {"older_than": "1y"}),
    ],
)
def test_what_does_not_match_is_left_out_and_not_denied(
    shown: Draft, asked: dict[str, Any]
) -> None:
    assert left_out(shown, asked, {}).startswith(f"allow.{next(iter(asked))}: ")
    assert left_out(shown, {}, asked) == ""


@pytest.mark.parametrize(
    "asked",
    [{"language": "de"}, {"provider": "Acme"}, {"newer_than": "1d"}, {"older_than": "1d"}],
)
def test_what_an_item_does_not_say_is_not_held_against_it(asked: dict[str, Any]) -> None:
    assert left_out(PLAIN, asked, asked) == ""


def test_every_field_of_allow_and_any_of_deny() -> None:
    both = {"kind": "video", "url": "*/closed/*"}
    assert left_out(PLAIN, both, {}).startswith("allow.url")
    assert left_out(PLAIN, {}, both) == "deny.kind: video"
    assert left_out(PLAIN, {"kind": "video"}, {"kind": "video"}) == "deny.kind: video"


def test_without_filters_nothing_is_asked() -> None:
    assert judge(Filter(), Filter(), NOON) is keep_all


def test_filters_know_every_kind() -> None:
    assert get_args(KindName) == tuple(kind.value for kind in Kind)


def of_kind(*unwanted: Kind) -> Judge:
    return judge(Filter(), Filter(kind=tuple(kind.value for kind in unwanted)), NOON)


def shown(catalogue: Catalogue, after: int = 0) -> dict[str, bool]:
    changes = catalogue.changes.after(after, 1000)
    return {change.key.key: change.item is not None for change in changes}


def test_a_filtered_item_is_stored_counted_and_not_shown(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    counters = catalogue.intake.commit("wiki", run, batch("a", "b"), {}, of_kind(Kind.ARTICLE))
    assert counters == Counters(found=2, filtered=2)
    assert catalogue.items.get(A).filtered == "deny.kind: article"
    assert catalogue.items.to_enrich("v1", 10) == []
    assert catalogue.items.counts() == {}
    assert catalogue.items.left_out() == {"wiki": 2}
    again = catalogue.intake.commit("wiki", run, batch("a", "b"), {}, of_kind(Kind.ARTICLE))
    assert (again, catalogue.changes.head()) == (Counters(found=2, filtered=2), 2)


def test_a_changed_filter_takes_out_and_lets_in_again_what_is_stored(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    catalogue.intake.commit("wiki", run, batch("a", "b"), {"at": 1})
    enrich_all(catalogue, ("skill", 0.3))
    catalogue.reviews.add(review("a", "skill", Verdict.ACCEPT))
    head = catalogue.changes.head()
    out = catalogue.intake.judge_again("wiki", run, of_kind(Kind.ARTICLE))
    assert out == Counters(filtered=2)
    assert shown(catalogue, head) == {"a": False, "b": False}
    assert list(catalogue.changes.live_passages()) == []
    assert catalogue.reviews.suggestions() == []
    head = catalogue.changes.head()
    assert catalogue.intake.judge_again("wiki", run, of_kind(Kind.ARTICLE)) == Counters()
    assert catalogue.intake.judge_again("wiki", run, keep_all) == Counters(changed=2)
    assert shown(catalogue, head) == {"a": True, "b": True}
    assert len(list(catalogue.changes.live_passages())) == 2
    assert [tag.reviewed_by for tag in catalogue.items.get(A).tags] == ["ada"]
    assert catalogue.sources.cursor("wiki") == {"at": 1}
    assert catalogue.runs.get(run).counters == Counters(found=2, added=2, changed=2, filtered=2)


@pytest.mark.parametrize("state", [s for s in State if s is not State.GONE])
def test_a_filter_keeps_what_a_person_decided(catalogue: Catalogue, state: State) -> None:
    run = registered(catalogue)
    catalogue.intake.commit("wiki", run, batch("a"), {})
    catalogue.items.set_state(A, state, "ada")
    for verdict in (of_kind(Kind.ARTICLE), keep_all):
        catalogue.intake.judge_again("wiki", run, verdict)
        catalogue.intake.commit("wiki", run, batch("a"), {}, verdict)
        assert catalogue.items.get(A).state is state
    assert catalogue.items.get(A).filtered == ""


def test_filtering_a_whole_source_is_no_vanishing(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    keys = [f"k{number}" for number in range(50)]
    catalogue.intake.commit("wiki", run, batch(*keys, seen=frozenset(keys)), {})
    everything = batch(*keys, seen=frozenset(keys))
    counters = catalogue.intake.commit("wiki", run, everything, {}, of_kind(Kind.ARTICLE))
    assert counters == Counters(found=50, filtered=50)
    assert catalogue.sources.held("wiki") is None


def test_the_guard_looks_at_the_source_and_not_at_its_filter(catalogue: Catalogue) -> None:
    """Filtered items that a source stops listing go like the others, and a collapse is held."""
    run = registered(catalogue)
    keys = [f"k{number}" for number in range(50)]
    deny = of_kind(Kind.ARTICLE)
    catalogue.intake.commit("wiki", run, batch(*keys, seen=frozenset(keys)), {}, deny)
    few = catalogue.intake.commit("wiki", run, Batch(seen=frozenset(keys[5:])), {}, deny)
    assert (few.gone, catalogue.items.get(ItemKey("wiki", "k0")).state) == (5, State.GONE)
    collapse = catalogue.intake.commit("wiki", run, Batch(seen=frozenset(keys[:9])), {}, deny)
    assert (collapse.gone, collapse.held) == (0, 41)
    catalogue.sources.dismiss_hold("wiki", "ada")
    catalogue.intake.judge_again("wiki", run, keep_all)
    assert catalogue.items.counts()["wiki"] == {State.PUBLISHED: 45, State.GONE: 5}
    assert catalogue.items.left_out() == {}


def test_a_language_found_in_the_text_is_asked_too(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    german = judge(Filter(language=("de",)), Filter(), NOON)
    catalogue.intake.commit("wiki", run, batch("a"), {}, german)
    assert catalogue.items.get(A).filtered == ""
    enrich_all(catalogue)  # finds English
    assert catalogue.intake.judge_again("wiki", run, german) == Counters(filtered=1)
    counters = catalogue.intake.commit("wiki", run, batch("a"), {}, german)
    assert counters == Counters(found=1, filtered=1)
    new = batch("a", text="Ein neuer Text.")
    assert catalogue.intake.commit("wiki", run, new, {}, german) == Counters(found=1, changed=1)


def test_what_the_source_says_for_its_items_is_judged(catalogue: Catalogue) -> None:
    run = registered(catalogue, replace(SOURCE, language="fr", provider="Acme"))
    catalogue.intake.commit("wiki", run, batch("a"), {})
    for deny in (Filter(language=("fr",)), Filter(provider=("acme",))):
        out = judge(Filter(), deny, NOON)
        assert catalogue.intake.judge_again("wiki", run, out).filtered == 1
        assert catalogue.intake.judge_again("wiki", run, keep_all).changed == 1


def test_a_catalogue_from_before_filters_is_read(url: str) -> None:
    with Catalogue.open(url) as now:
        now.intake.commit("wiki", registered(now), batch("a"), {})
        with now.database.write() as conn:
            conn.execute(text("ALTER TABLE items DROP COLUMN filtered"))
            for later in ("marks", "relations", "works", "fingerprints", "work_reviews", "links"):
                conn.execute(text(f"DROP TABLE {later}"))
            conn.execute(text("UPDATE skillshelf_version SET version_num = '0001'"))
    with Catalogue.open(url) as then:
        assert then.items.get(A).filtered == ""
        assert then.items.counts() == {"wiki": {State.PUBLISHED: 1}}


def saying(key: str, *unmapped: tuple[str, str]) -> Arrival:
    told = replace(draft(key), unmapped=unmapped, summary='They said "unmapped": nothing.')
    return Arrival(key, {}, told)


def test_words_that_nobody_could_map_are_counted(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    two, one = ("level", 'tier "2"'), ("licence", "100 % ours_")
    catalogue.intake.commit("wiki", run, Batch((saying("a", two), saying("b", one, two))), {})
    catalogue.intake.commit("wiki", run, Batch((saying("c"),)), {})
    other = registered(catalogue, replace(SOURCE, name="blog"))
    catalogue.intake.commit("blog", other, Batch((saying("d", two),)), {})
    found = [(u.source, u.field, u.word, u.items, u.example) for u in catalogue.items.unmapped()]
    assert found == [
        ("wiki", *two, 2, "a"),
        ("blog", *two, 1, "d"),
        ("wiki", *one, 1, "b"),
    ]
    assert [u.example for u in catalogue.items.unmapped("blog")] == ["d"]
    catalogue.intake.commit("wiki", run, Batch((saying("a"), saying("b"))), {})
    assert catalogue.items.unmapped("wiki") == []
    catalogue.intake.judge_again("blog", other, of_kind(Kind.ARTICLE))
    assert catalogue.items.unmapped() == []
