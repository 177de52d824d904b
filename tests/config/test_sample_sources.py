"""Every source of the sample, read by its connector from the running sample site."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from catalogue.model import Cursor, Delivery, Draft, Kind, Level
from config.sources import SourceSpec, load_sources
from connectors.base import Checkpoint, Failed, Found
from connectors.http import Limits, polite
from connectors.registry import open_connector
from verbs.sample_site import PORT, SOURCES, environment, serve_sample

COUNTS = {
    "handbook": 14,
    "campus": 10,
    "deck-log": 12,
    "hafenblog": 8,
    "below-deck": 8,
    "crew-clips": 7,
    "harbourlight": 14,
    "live-sessions": 7,
}


@dataclass(frozen=True, slots=True)
class Pulled:
    drafts: Mapping[str, Draft]
    failed: tuple[Failed, ...]
    last: Checkpoint
    again: tuple[type, ...]  # what a second pull showed


@pytest.fixture(scope="module")
def pulled() -> Iterator[Mapping[str, Pulled]]:
    with pytest.MonkeyPatch.context() as shell, serve_sample(0) as address:
        for name, value in environment().items():
            shell.setenv(name, value)
        yield {name: pull(moved(spec, address)) for name, spec in load_sources(SOURCES).items()}


def moved(spec: SourceSpec, address: str) -> SourceSpec:
    """The source at the address where this test's site is served."""
    written = f"http://127.0.0.1:{PORT}"
    settings = {
        name: value.replace(written, address) if isinstance(value, str) else value
        for name, value in spec.settings.items()
    }
    return replace(spec, settings=settings)


def pull(spec: SourceSpec) -> Pulled:
    limits = Limits(spacing_s=0.0)
    connector = open_connector(spec, polite(limits=limits, allow_private=spec.allow_private))

    def events(cursor: Cursor) -> list[Any]:
        return list(connector.pull(cursor))

    first = events({})
    drafts = {e.key: connector.normalise(e.payload) for e in first if isinstance(e, Found)}
    failed = tuple(event for event in first if isinstance(event, Failed))
    last = first[-1]
    assert isinstance(last, Checkpoint)
    return Pulled(drafts, failed, last, tuple(type(event) for event in events(last.cursor)))


@pytest.mark.parametrize(("name", "count"), COUNTS.items())
def test_every_item_is_found(pulled: Mapping[str, Pulled], name: str, count: int) -> None:
    assert len(pulled[name].drafts) == count
    for draft in pulled[name].drafts.values():
        assert draft.title
        assert draft.url.startswith("http://127.0.0.1:")
        text = [draft.summary, *(part.text for part in draft.parts)]
        assert sum(len(piece.split()) for piece in text) >= 80, draft.title


def test_no_source_is_missing_and_there_are_at_least_sixty_items() -> None:
    assert COUNTS.keys() == load_sources(SOURCES).keys()
    assert sum(COUNTS.values()) == 80


def test_exactly_one_item_fails_and_says_why(pulled: Mapping[str, Pulled]) -> None:
    ((name, failure),) = [(name, one) for name, p in pulled.items() for one in p.failed]
    assert (name, failure.key) == ("handbook", "emergency-towing.pdf")
    assert "cut short" in str(failure.error)


@pytest.mark.parametrize("name", COUNTS)
def test_nothing_new_is_found_the_second_time(pulled: Mapping[str, Pulled], name: str) -> None:
    assert Found not in pulled[name].again


@pytest.mark.parametrize("name", ["handbook", "campus", "harbourlight", "live-sessions"])
def test_what_can_be_listed_is_listed_whole(pulled: Mapping[str, Pulled], name: str) -> None:
    assert pulled[name].last.complete


def test_there_are_many_kinds_and_levels(pulled: Mapping[str, Pulled]) -> None:
    drafts = [draft for p in pulled.values() for draft in p.drafts.values()]
    kinds = {draft.kind for draft in drafts}
    assert kinds >= {
        Kind.MANUAL, Kind.COURSE, Kind.VIDEO, Kind.PODCAST, Kind.ARTICLE, Kind.BOOK, Kind.SESSION
    }  # fmt: skip
    assert {draft.level for draft in drafts} >= set(Level)


def test_a_handbook_hit_opens_at_its_page(pulled: Mapping[str, Pulled]) -> None:
    parts = pulled["handbook"].drafts["safety-handbook.pdf"].parts
    (place,) = [part.locator for part in parts if "chain locker" in part.text]
    assert str(place) == "page 4"


def test_a_film_and_an_episode_know_their_length(pulled: Mapping[str, Pulled]) -> None:
    films = {draft.title: draft.duration for draft in pulled["crew-clips"].drafts.values()}
    assert films["Sending a Mayday by VHF radio"] == 280
    episodes = [draft.duration for draft in pulled["below-deck"].drafts.values()]
    assert 27 * 60 + 40 in episodes


def test_a_catalogue_row_says_level_price_and_length(pulled: Mapping[str, Pulled]) -> None:
    rows = {draft.title: draft for draft in pulled["harbourlight"].drafts.values()}
    row = rows["Testing Python software with pytest"]
    assert row.level is Level.ADVANCED
    assert (row.cost, row.currency, row.duration) == (310.0, "EUR", 12 * 3600)
    assert row.subjects == ("software testing", "Python")
    assert rows["Bookkeeping in practice"].kind is Kind.BOOK
    assert rows["Verhandlungsführung für den Einkauf"].language == "de"


def test_a_live_session_is_one(pulled: Mapping[str, Pulled]) -> None:
    rows = {draft.title: draft for draft in pulled["live-sessions"].drafts.values()}
    row = rows["Presentation coaching for small groups"]
    assert (row.kind, row.delivery) == (Kind.SESSION, Delivery.INSTRUCTOR_LED)
    assert row.authors == ("Oona Vey",)
    assert {draft.delivery for draft in rows.values()} == {
        Delivery.INSTRUCTOR_LED,
        Delivery.VIRTUAL,
    }


def test_a_page_of_a_course_opens_by_itself(pulled: Mapping[str, Pulled]) -> None:
    parts = pulled["campus"].drafts["3"].parts
    (place,) = [part.locator for part in parts if "tourniquet five to seven" in part.text]
    assert place
    assert str(place) == "unit 300"
    assert place.url
    assert place.url.endswith("/moodle/mod/book/view.php?id=300")
