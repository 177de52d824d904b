"""The feed connector: the contract, and what only feeds do."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import ValidationError

from catalogue.errors import NeedsPerson, SkillshelfError
from catalogue.model import Kind, Place
from connectors.base import Checkpoint, Failed, Found, Unchanged
from connectors.feed import Feed, Settings
from connectors.http import polite
from connectors.testing import Answer, Case, Conformance, FolderPlace, World, served
from connectors.testing.visits import checkpoints, payloads, present, read
from tests.connectors.sites import feed as site
from tests.connectors.sites.feed import ENTRIES, SITE, rss, school

URL = {"url": f"{SITE}/feed"}


def case(settings: Mapping[str, object], etag: str = "") -> Case:
    return Case(
        Feed,
        settings,
        served(school(rss(), etag)),
        served(school(rss(ENTRIES[:-1]))),
        served(school(rss(dented="splices"), etag)),
        window=True,
    )


def always(settings: Mapping[str, object], world: World) -> Case:
    """A source that stays as it is."""
    return Case(Feed, settings, world, world, world, window=True)


class TestFeed(Conformance):
    @pytest.fixture(params=["", '"v1"'], ids=["plain", "conditional"])
    def case(self, request: pytest.FixtureRequest) -> Case:
        return case(URL, request.param)


class TestWithArticles(Conformance):
    @pytest.fixture(params=["", '"v1"'], ids=["plain", "conditional"])
    def case(self, request: pytest.FixtureRequest) -> Case:
        return case({**URL, "full_text": True}, request.param)


class TestPostsAndEpisodes(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        names = ("whole", "shrunk", "dented")
        whole, shrunk, dented = (served(site.answers(SITE, name)) for name in names)
        return Case(Feed, site.settings(SITE), whole, shrunk, dented, window=True)


class TestFolderOfFeeds(Conformance):
    @pytest.fixture
    def case(self, tmp_path: Path) -> Case:
        place = FolderPlace(tmp_path / "feeds", {"files": "."})

        def whole(folder: Path) -> None:
            (folder / "a.xml").write_text(rss(ENTRIES[:2]))
            (folder / "b.rss").write_text(rss(ENTRIES[2:]))

        def shrunk(folder: Path) -> None:
            whole(folder)
            (folder / "b.rss").write_text(rss(ENTRIES[2:-1]))

        def dented(folder: Path) -> None:
            whole(folder)
            (folder / "a.xml").write_text(rss(ENTRIES[:2], dented="splices"))

        worlds = place.world(whole), place.world(shrunk), place.world(dented)
        return Case(Feed, {}, *worlds, outage=place.missing, window=True)


def test_an_unchanged_feed_costs_one_request() -> None:
    feed = case({**URL, "full_text": True}, '"v1"')
    cursor = checkpoints(feed.run(feed.whole))[-1].cursor
    with feed.visit(feed.whole) as (connector, scene):
        events = list(connector.pull(cursor))
        assert len(scene.wire.requests) == 1
    assert [type(event) for event in events] == [Checkpoint]


def test_articles_read_before_are_not_fetched_again() -> None:
    feed = case({**URL, "full_text": True})
    cursor = checkpoints(feed.run(feed.whole))[-1].cursor
    events = feed.run(feed.whole, cursor)
    assert [type(event) for event in events[:-2]] == [Unchanged] * len(ENTRIES)


def test_the_article_is_read_by_heading() -> None:
    feed = case({**URL, "full_text": True})
    with feed.visit(feed.whole) as (connector, _):
        drafts = read(connector, list(connector.pull({}))).drafts
    parts = drafts["school.example/feed#knots"].parts
    practice = next(part for part in parts if part.heading == "Practice")
    assert practice.text.startswith("Take a rope")
    assert practice.locator
    assert practice.locator.place is Place.ANCHOR
    assert practice.locator.url == f"{SITE}/knots#practice"
    assert "Imprint" not in str(parts)
    assert "About us" not in str(parts)


def test_a_missing_article_costs_itself_and_is_tried_again() -> None:
    feed = case({**URL, "full_text": True}, '"v1"')
    broken = served(school(rss(), '"v1"', out=["splices"]))
    first = feed.run(broken)
    [failed] = [event for event in first if isinstance(event, Failed)]
    assert failed.key == "school.example/feed#splices"
    assert "404" in str(failed.error)
    again = feed.run(feed.whole, checkpoints(first)[-1].cursor)
    assert list(payloads(again)) == [failed.key]


def test_one_dead_feed_of_several_costs_one_failure() -> None:
    settings = {"url": [f"{SITE}/feed", f"{SITE}/closed"]}
    feed = always(settings, served(school(rss(), out=["closed"])))
    events = feed.run(feed.whole)
    assert len(present(events)) == len(ENTRIES)
    assert [event.key for event in events if isinstance(event, Failed)] == ["school.example/closed"]


def test_one_article_in_two_feeds_is_one_item() -> None:
    feed = rss().replace('isPermaLink="false">', f">{SITE}/")
    both = always({"url": [f"{SITE}/feed", f"{SITE}/feed?all=1"]}, served(school(feed)))
    assert len([e for e in both.run(both.whole) if isinstance(e, Found)]) == len(ENTRIES)


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ("<html><body>Hello", "text/html", "is no feed but text/html beginning '<html><body>Hello"),
        (
            '<html><link rel="alternate" type="application/rss+xml" href="/rss">',
            "text/html",
            f"the page names its feed: {SITE}/rss",
        ),
        ("", "text/xml", "without content"),
        ('{"items": []}', "application/json", "is JSON but no JSON Feed; its fields are items"),
        ('{"version": ', "application/json", "begins like JSON but is not"),
        ("%PDF-1.7", "application/rss+xml", "beginning '%PDF-1.7'"),
    ],
)
def test_what_is_no_feed_is_named(body: str, kind: str, words: str) -> None:
    answer = Answer(body, headers={"Content-Type": kind})
    feed = always(URL, served(lambda _: answer))
    with pytest.raises(NeedsPerson) as told:
        feed.run(feed.whole)
    assert f"{SITE}/feed" in str(told.value)
    assert words in str(told.value)


@pytest.mark.parametrize("levels", [0, pytest.param(9, marks=pytest.mark.slow)])
def test_xml_entities_are_not_expanded(levels: int) -> None:
    bomb = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(levels))
    doctype = f'<!DOCTYPE rss [<!ENTITY l0 "lol"><!ENTITY f SYSTEM "file:///etc/hostname">{bomb}]>'
    title = f"<title>On &l{levels};&f;</title>"
    feed = f'<?xml version="1.0"?>{doctype}' + rss(["knots"]).replace(
        "<title>On knots</title>", title
    )
    bombed = always(URL, served(school(feed)))
    events = bombed.run(bombed.whole)
    hostname = Path("/etc/hostname").read_text().strip() if Path("/etc/hostname").exists() else "-"
    assert len(str(events)) < 10_000
    assert hostname not in str(list(payloads(events).values()))


@pytest.mark.parametrize("settings", [{}, {"url": "https://a.example/", "files": "feeds"}])
def test_a_source_has_one_place(settings: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="either `url` or `files`"):
        Settings(**settings)  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.shared_data
@pytest.mark.parametrize(("folder", "found", "failed"), [("feeds", 1159, 2), ("podcasts", 77, 71)])
def test_real_feeds_end_in_items_or_reasons(
    shared_data: Path, folder: str, found: int, failed: int
) -> None:
    connector = Feed(Settings(files=shared_data / "wire" / folder), polite())
    events = list(connector.pull({}))
    reading = read(connector, events)
    assert len(payloads(events)) == found
    assert sum(isinstance(event, Failed) for event in events) == failed
    assert all(isinstance(error, SkillshelfError) and str(error) for error in reading.errors)


@pytest.mark.shared_data
def test_a_real_podcast(shared_data: Path) -> None:
    connector = Feed(Settings(files=shared_data / "wire" / "podcasts"), polite())
    drafts = read(connector, list(connector.pull({}))).drafts.values()
    episodes = [draft for draft in drafts if draft.kind is Kind.PODCAST]
    assert len(episodes) >= 20
    assert sum(episode.duration is not None for episode in episodes) >= 20
