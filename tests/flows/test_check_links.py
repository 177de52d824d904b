"""Links checked over a real connection."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from catalogue.links import FAILURES
from catalogue.model import Draft, ItemKey
from catalogue.records import Arrival, Batch, Source
from catalogue.store import Catalogue
from connectors.http import Limits, polite
from flows.check_links import check_links
from tests.catalogue.making import NOON, enrich_all
from tests.connectors.loopback import Loopback, Said, loopback

LIMITS = Limits(timeout_s=0.5, spacing_s=0)


@dataclass
class Calendar:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def catalogue(catalogue_url: str, calendar: Calendar) -> Iterator[Catalogue]:
    with Catalogue.open(catalogue_url, calendar) as opened:
        opened.sources.register(Source("docs", "folder"))
        yield opened


@pytest.fixture
def site() -> Iterator[Loopback]:
    with loopback() as told:
        told.answers["/alive"] = Said(b"here")
        yield told


def store(catalogue: Catalogue, *urls: str) -> None:
    found = tuple(Arrival(url, {}, Draft("Title", url)) for url in urls)
    catalogue.intake.commit("docs", catalogue.runs.start("docs").id, Batch(found), {})
    enrich_all(catalogue)


def check(catalogue: Catalogue, calendar: Calendar, times: int = 1) -> tuple[int, int]:
    said = (0, 0)
    for _ in range(times):
        door = polite("", LIMITS, allow_private=True)
        said = check_links(catalogue, {"docs": door}, polite("", LIMITS), limit=100)
        calendar.now += timedelta(days=8)
    return said


def dead(catalogue: Catalogue) -> list[str]:
    return [link.url for link in catalogue.links.failing()]


def test_what_is_gone_is_dead_after_four_failures(
    catalogue: Catalogue, calendar: Calendar, site: Loopback
) -> None:
    store(catalogue, site.url("/gone"), site.url("/alive"))
    assert check(catalogue, calendar, FAILURES - 1) == (2, 0)
    assert dead(catalogue) == []
    assert check(catalogue, calendar) == (2, 1)
    assert dead(catalogue) == [site.url("/gone")]
    site.answers["/gone"] = Said(b"back")
    assert check(catalogue, calendar) == (2, 1)
    assert dead(catalogue) == []


@pytest.mark.parametrize("status", [403, 405, 406, 412, 429, 500, 503])
def test_what_is_only_unwilling_is_not_dead(
    catalogue: Catalogue, calendar: Calendar, site: Loopback, status: int
) -> None:
    site.answers["/it"] = Said(status=status)
    store(catalogue, site.url("/it"), site.url("/alive"))
    check(catalogue, calendar, FAILURES + 1)
    assert dead(catalogue) == []


def test_a_head_that_is_answered_wrongly_is_followed_by_a_get_of_one_byte(
    catalogue: Catalogue, calendar: Calendar, site: Loopback
) -> None:
    site.answers["/it"] = lambda heard: Said(status=404 if heard.method == "HEAD" else 206)
    store(catalogue, site.url("/it"))
    check(catalogue, calendar, FAILURES)
    assert dead(catalogue) == []
    asked = [(one.method, one.headers.get("Range")) for one in site.heard if one.path == "/it"]
    assert asked[:2] == [("HEAD", None), ("GET", "bytes=0-0")]


def test_a_redirect_is_followed_and_its_end_counts(
    catalogue: Catalogue, calendar: Calendar, site: Loopback
) -> None:
    site.answers["/old"] = Said(status=301, headers={"Location": "/alive"})
    site.answers["/lost"] = Said(status=302, headers={"Location": "/nowhere"})
    store(catalogue, site.url("/old"), site.url("/lost"))
    check(catalogue, calendar, FAILURES)
    assert dead(catalogue) == [site.url("/lost")]


def test_a_large_page_counts_by_its_status(
    catalogue: Catalogue, calendar: Calendar, site: Loopback
) -> None:
    site.answers["/it"] = lambda heard: Said(b"x" * 200_000, 404 if heard.method == "HEAD" else 200)
    store(catalogue, site.url("/it"))
    check(catalogue, calendar, FAILURES)
    assert dead(catalogue) == []


def test_a_host_that_is_gone_is_dead_unless_no_host_answers(
    catalogue: Catalogue, calendar: Calendar, site: Loopback
) -> None:
    store(catalogue, "http://127.0.0.1:1/it")
    check(catalogue, calendar, FAILURES)
    assert dead(catalogue) == [], "then it may be our own network"
    store(catalogue, site.url("/alive"))
    check(catalogue, calendar, FAILURES)
    assert dead(catalogue) == ["http://127.0.0.1:1/it"]


def test_robots_and_private_addresses_are_no_verdict(
    catalogue: Catalogue, calendar: Calendar, site: Loopback
) -> None:
    site.answers["/robots.txt"] = Said(b"User-agent: *\nDisallow: /closed")
    store(catalogue, site.url("/closed/it"), site.url("/alive"))
    check(catalogue, calendar, FAILURES)
    for _ in range(FAILURES):
        check_links(catalogue, {}, polite("", LIMITS), limit=100)
        calendar.now += timedelta(days=8)
    assert dead(catalogue) == []
    link = catalogue.links.of(ItemKey("docs", site.url("/closed/it")))
    assert link is not None
    assert "private" in link.reason


def test_addresses_that_are_no_links_are_passed_over(
    catalogue: Catalogue, calendar: Calendar
) -> None:
    store(catalogue, "file:///srv/book.pdf", "urn:isbn:1", "")
    assert check(catalogue, calendar) == (0, 0)


def test_a_run_has_a_limit(catalogue: Catalogue, site: Loopback) -> None:
    store(catalogue, *(site.url(f"/{n}") for n in range(5)))
    door = polite("", LIMITS, allow_private=True)
    assert check_links(catalogue, {"docs": door}, door, limit=3)[0] == 3
    assert check_links(catalogue, {"docs": door}, door, limit=3)[0] == 2
