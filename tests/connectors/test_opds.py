"""OPDS: the contract for a server and for files, both versions, and recorded feeds."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from requests import PreparedRequest

from catalogue.errors import BadItem, NeedsPerson
from catalogue.model import Draft, Kind
from connectors.base import Checkpoint, Event, Failed, Found, Gone
from connectors.formats.opds.book import available, draft
from connectors.formats.opds.feed import read_feed
from connectors.opds import Opds, Settings
from connectors.testing import CANARY, Answer, Case, Conformance, FolderPlace, served
from connectors.testing.worlds import Build, Server
from tests.connectors.sites import opds as site

BASE = "https://library.example"
ROOT = f"{BASE}/root"


class TestOpds(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        whole, shrunk, dented = (
            served(site.answers(BASE, world)) for world in ("whole", "shrunk", "dented")
        )
        return Case(Opds, {**site.settings(BASE), "password": CANARY}, whole, shrunk, dented)


def files_of(world: str) -> Build:
    def build(folder: Path) -> None:
        for name, text in site.feeds(world).items():
            (folder / name).write_text(text)

    return build


class TestOpdsFiles(Conformance):
    @pytest.fixture
    def case(self, tmp_path: Path) -> Case:
        place = FolderPlace(tmp_path / "feeds", {"path": "."})
        whole, shrunk, dented = (place.world(files_of(w)) for w in ("whole", "shrunk", "dented"))
        settings = {"password": CANARY}  # of no use here, and shown nowhere
        return Case(Opds, settings, whole, shrunk, dented, outage=place.missing)


def run(server: Server, cursor: Any = None, **settings: Any) -> list[Event]:
    with served(server)() as scene:
        config = Settings.model_validate({"url": ROOT, **settings})
        return list(Opds(config, scene.http).pull(json.loads(json.dumps(cursor or {}))))


def pages(known: dict[str, Any]) -> Callable[[PreparedRequest], Answer]:
    def server(request: PreparedRequest) -> Answer:
        path = str(request.url).removeprefix(f"{BASE}/")
        return Answer(known[path]) if path in known else Answer(status=404)

    return server


def drafts(events: list[Event]) -> dict[str, Draft]:
    return {e.key: draft(e.payload, ROOT) for e in events if isinstance(e, Found)}


def last(events: list[Event]) -> Checkpoint:
    assert isinstance(events[-1], Checkpoint)
    return events[-1]


def test_a_book_read_by_eye() -> None:
    with served(site.answers(BASE))() as scene:
        config = Settings.model_validate({**site.settings(BASE), "password": CANARY})
        read = drafts(list(Opds(config, scene.http).pull({})))
    assert list(read) == [
        f"urn:book:{n}" for n in ("welding", "negotiation", "ergonomics", "python", "statistics")
    ]
    welding, python = read["urn:book:welding"], read["urn:book:python"]
    assert (welding.title, welding.kind) == ("Welding without fear", Kind.BOOK)
    assert welding.summary == "Arc, gas and spot welding, with the reasons why seams crack."
    assert (welding.url, welding.image) == (f"{BASE}/books/welding", f"{BASE}/covers/welding.jpg")
    assert (welding.provider, welding.authors) == ("House Press", ("Ola Berg",))
    assert (welding.subjects, str(welding.published)) == (
        ("Technology / Mechanical",),
        "2019-01-01 00:00:00+00:00",
    )
    assert (welding.cost, python.cost) == (None, 0)
    assert read["urn:book:ergonomics"].language == "de"


def publication(name: str, **about: Any) -> dict[str, Any]:
    links = [{"rel": "http://opds-spec.org/acquisition", "href": f"/{name}.epub", "type": "e"}]
    return {"metadata": {"identifier": name, "title": f"On {name}", **about}, "links": links}


def feed(*publications: Any, **more: Any) -> dict[str, Any]:
    return {"metadata": {"title": "Books"}, "publications": list(publications), **more}


def test_version_2() -> None:
    full = publication(
        "urn:isbn:1",
        title={"en": "Splicing ropes", "fr": "Épissures"},
        subtitle="A manual",
        author=[{"name": "Kim Sailor"}, "Lee Rigger"],
        language=["eng", "fra"],
        publisher={"name": "Harbour Press"},
        published="2020-02-03",
        duration=5400,
        subject=[
            "Ropes",
            {"code": "SPO059000", "scheme": "https://www.bisg.org/"},
            {"name": "Adult", "scheme": "http://schema.org/audience"},
        ],
        **{"@type": "http://schema.org/Audiobook"},
    )
    full["links"] = [
        {
            "rel": "http://opds-spec.org/acquisition/buy",
            "href": "/buy",
            "type": "text/html",
            "properties": {
                "price": {"value": 12.5, "currency": "EUR"},
                "availability": {"state": "unavailable"},
            },
        },
        {"rel": "self", "href": "/read{?who}", "templated": True},
    ]
    full["images"] = [{"href": "cover.jpg", "type": "image/jpeg"}]
    events = run(pages({"root": feed(full)}))
    read = drafts(events)["urn:isbn:1"]
    assert (read.title, read.authors) == ("Splicing ropes: A manual", ("Kim Sailor", "Lee Rigger"))
    assert (read.kind, read.language, read.provider) == (Kind.BOOK, "en", "Harbour Press")
    assert (read.cost, read.currency, read.duration) == (12.5, "EUR", 5400)
    assert (read.subjects, read.audience) == (("Ropes", "Sports & Recreation"), "Adult")
    assert (read.url, read.image) == (f"{BASE}/buy", f"{BASE}/cover.jpg")
    assert not drafts(run(pages({"root": feed(full)}), available_only=True))


def test_navigation_groups_and_pages_are_followed_once() -> None:
    known = {
        "root": {
            "navigation": [{"href": "/a", "type": "application/opds+json"}, {"href": "/root"}],
            "groups": [
                {"links": [{"rel": "self", "href": "/b"}], "publications": [publication("1")]}
            ],
            "metadata": {},
        },
        "a": feed(publication("1"), publication("2"), links=[{"rel": "next", "href": "/a2"}]),
        "a2": feed(publication("3"), links=[{"rel": "next", "href": "/a"}]),
        "b": feed(publication("4"), navigation=[{"href": "https://other.example/x"}]),
    }
    with served(pages(known))() as scene:
        config = Settings.model_validate({"url": ROOT})
        events = list(Opds(config, scene.http).pull({}))
    assert list(drafts(events)) == ["1", "2", "4", "3"]
    assert [str(r.url).removeprefix(BASE) for r in scene.wire.requests] == [
        "/root",
        "/a",
        "/b",
        "/a2",
    ]
    assert last(events).complete


def test_a_feed_of_everything_is_read_instead_of_the_shelves() -> None:
    links = [{"rel": "http://opds-spec.org/crawlable", "href": "/all"}]
    shelf = [{"href": "/shelf", "type": "application/opds+json"}]
    known = {"root": feed(links=links, navigation=shelf), "all": feed(publication("1"))}
    events = run(pages(known))
    assert list(drafts(events)) == ["1"]
    assert last(events).complete


def test_more_feeds_than_the_bound_are_left_and_nothing_is_taken_for_vanished() -> None:
    known: dict[str, Any] = {
        f"p{n}": feed(publication(str(n)), links=[{"rel": "next", "href": f"/p{n + 1}"}])
        for n in range(9)
    }
    known["root"] = known["p0"]
    events = run(pages(known), max_feeds=3)
    assert list(drafts(events)) == ["0", "1", "2"]
    (failed,) = [e for e in events if isinstance(e, Failed)]
    assert failed.key == "max_feeds"
    assert not last(events).complete


def test_a_shelf_that_cannot_be_read_costs_itself_until_it_is_mended() -> None:
    known = {"root": feed(publication("1"), navigation=[{"href": "/a?token=s3cret"}])}
    first = run(pages(known))
    (failed,) = [e for e in first if isinstance(e, Failed)]
    assert failed.key == f"{BASE}/a?token=***"
    assert not last(first).complete
    mended = run(pages({**known, "a?token=s3cret": feed(publication("2"))}), last(first).cursor)
    assert Gone(failed.key) in mended
    assert last(mended).complete
    assert "s3cret" not in repr(first + mended)


def test_a_publication_without_an_identifier_is_told() -> None:
    events = run(pages({"root": feed(publication("1"), {"metadata": {"title": "?"}})}))
    assert [e.key for e in events if isinstance(e, Failed)] == ["nameless 1"]
    assert not last(events).complete


def test_bare_codes_get_words(tmp_path: Path) -> None:
    table = tmp_path / "bisac.csv"
    table.write_text('"SPO059000","Sports / Sailing"\n')
    coded = publication("1", subject=[{"code": "FBSPO059000"}, {"code": "XYZ"}])
    read = drafts(run(pages({"root": feed(coded)}), headings=str(table)))["1"]
    assert read.subjects == ("Sports / Sailing", "XYZ")
    with pytest.raises(NeedsPerson, match="no CSV file of codes and words"):
        run(pages({"root": feed(coded)}), headings=str(tmp_path / "none.csv"))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<html><body>Sign in</body></html>", "its root is html"),
        (b'{"error": 1}', "no publications, navigation, groups"),
        (b'{"a": ' * 100_000, "no well-formed JSON"),
        (b"{", "no well-formed JSON"),
        (b"<feed", "no well-formed XML"),
        (
            b'<!DOCTYPE feed [<!ENTITY a "b">]><feed xmlns="http://www.w3.org/2005/Atom">&a;</feed>',
            "entities",
        ),
        (b"", "no well-formed XML"),
    ],
)
def test_what_is_no_feed(data: bytes, says: str) -> None:
    with pytest.raises(BadItem, match=says):
        read_feed(data, ROOT)
    with pytest.raises(NeedsPerson, match=f"{ROOT} .*{says}"):
        run(lambda _: Answer(data))


def test_odd_shapes_are_survived() -> None:
    odd = {
        "metadata": {"identifier": "1", "title": "T", "author": [None, 3, {}], "subject": [7, {}]},
        "links": [None, {"href": 5}, {"rel": None, "href": "http://[x"}],
        "images": "none",
    }
    read = drafts(run(pages({"root": feed(odd, None, "x")})))["1"]
    assert read.url == f"{ROOT}#1"
    assert read.authors == ()


@pytest.mark.parametrize("settings", [{}, {"url": ROOT, "path": "x"}, {"url": "ftp://a"}])
def test_one_place(settings: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(settings)


RECORDED = "wire/opds"


@pytest.mark.shared_data
def test_the_test_catalogue_of_feedbooks(shared_data: Path) -> None:
    folder = shared_data / RECORDED / "npm"
    url = "https://feedbooks.example/test/acquisition/main.xml"
    read = read_feed((folder / "acquisition.xml").read_bytes(), url)
    books = {d.title: d for d in (draft(e, url) for e in read.entries)}
    assert len(books) == 17
    assert read.following == ["https://feedbooks.example/test/acquisition/page2.xml"]
    pride = books["Pride and Prejudice"]
    assert (pride.url, pride.language) == ("http://www.feedbooks.com/book/52", "en")
    assert pride.image == "https://feedbooks.example/test/larger.jpg"
    assert (pride.authors, pride.subjects) == (("Jane Austen",), ("Fiction", "Romance"))
    assert str(pride.published) == "1813-01-01 00:00:00+00:00"
    assert pride.licence.startswith("This work is available for countries")
    assert books["Metadata: Contributor"].authors == ("Jane Austen",)
    assert books["Metadata: No Label"].subjects == ("Fiction",)
    assert (books["Acquisition: Buy"].cost, books["Acquisition: Buy"].currency) == (10.99, "USD")
    assert books["Acquisition: Open Access"].cost == 0
    root = read_feed((folder / "navigation.xml").read_bytes(), "https://feedbooks.example/root.xml")
    assert len(root.following) == 6
    assert not root.entries


@pytest.mark.shared_data
def test_subjects_without_words_by_the_bisac_table(shared_data: Path) -> None:
    folder = shared_data / RECORDED
    table = folder / "palace/src/palace/manager/resources/classifier/bisac.csv"
    recorded = (folder / "npm/acquisition.xml").read_bytes()
    read = drafts(run(lambda _: Answer(recorded), headings=str(table), max_feeds=1))
    unlabelled = next(d for d in read.values() if d.title == "Metadata: No Label")
    assert unlabelled.subjects == ("Fiction / General", "Fiction / Romance / General")


@pytest.mark.slow
@pytest.mark.shared_data
def test_recorded_feeds_of_libraries(shared_data: Path) -> None:
    """Every feed among the recordings is read; what is no feed says so."""
    folder = shared_data / RECORDED / "palace/tests/files"
    books, refused = list[Draft](), 0
    for file in sorted(p for p in folder.rglob("*") if p.suffix in (".opds", ".json", ".xml")):
        try:
            entries = read_feed(file.read_bytes(), f"https://library.example/{file.name}").entries
        except BadItem:
            refused += 1
            continue
        for entry in entries:
            try:
                books.append(draft(entry, ROOT))
            except BadItem as error:
                assert "has no title" in str(error)
    assert (len(books), refused) == (224, 119)
    star = next(b for b in books if b.title == "The Star")
    assert (star.authors, star.licence, star.cost) == (("H. G. Wells",), "CC BY-NC 4.0", 0)
    assert (star.subjects, star.audience) == (
        ("Science Fiction", "Literary Fiction", "Short Stories"),
        "Adult",
    )
    moby = next(b for b in books if b.title == "Moby-Dick" and b.duration)
    assert (moby.duration, moby.provider) == (100, "Test Publisher")
    tokens = [b.url for b in books if "authToken" in b.url or "{" in b.url]
    assert not tokens


def test_availability() -> None:
    offer = {"rel": ["http://opds-spec.org/acquisition/borrow"], "href": "x", "type": ""}
    assert available({"links": []})
    assert available({"links": [{**offer, "state": "reserved"}]})
    assert not available({"links": [{**offer, "state": "unavailable"}]})
