"""ONIX: the contract for whole lists and for changes, records by eye, and recorded messages."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from catalogue.errors import BadItem, NeedsPerson
from catalogue.model import Draft, Kind
from connectors.base import Checkpoint, Event, Failed, Found, Gone, Unchanged
from connectors.formats.headings import bisac, thema
from connectors.formats.onix.book import draft
from connectors.onix import Onix, Settings
from connectors.testing import Answer, Case, Conformance, FolderPlace, served
from connectors.testing.worlds import Build
from tests.connectors.sites import onix as site

LINK = "https://shop.example/isbn/{isbn}"


def built(world: str) -> Build:
    def build(folder: Path) -> None:
        site.files(folder, world)

    return build


class TestWholeLists(Conformance):
    @pytest.fixture
    def case(self, tmp_path: Path) -> Case:
        place = FolderPlace(tmp_path / "onix", {"path": "."})
        whole, shrunk, dented = (place.world(built(w)) for w in ("whole", "shrunk", "dented"))
        settings = {"whole": True, "link": LINK}
        return Case(Onix, settings, whole, shrunk, dented, outage=place.missing)


class TestChanges(Conformance):
    """A message that tells of a deletion is added; nothing is concluded from absence."""

    @pytest.fixture
    def case(self, tmp_path: Path) -> Case:
        deleted = site.product("hp.3", "What burns and why", "", notice="05")
        later = site.LONG.format(products=deleted).replace("20250301", "20250601")

        def shrunk(folder: Path) -> None:
            site.files(folder, "whole")
            (folder / "2025-06.xml").write_text(later, encoding="utf-8")

        place = FolderPlace(tmp_path / "onix", {"path": "."})
        worlds = place.world(built("whole")), place.world(shrunk), place.world(built("dented"))
        return Case(Onix, {"link": LINK}, *worlds[:2], dented=worlds[2], outage=place.missing)


def run(folder: Path, cursor: Any = None, **settings: Any) -> list[Event]:
    config = Settings.model_validate({"path": str(folder), "link": LINK, **settings})
    with served(lambda _: Answer(status=404))() as scene:
        return list(Onix(config, scene.http).pull(json.loads(json.dumps(cursor or {}))))


def drafts(events: list[Event], link: str = LINK) -> dict[str, Draft]:
    return {e.key: draft(e.payload, link) for e in events if isinstance(e, Found)}


def last(events: list[Event]) -> Checkpoint:
    assert isinstance(events[-1], Checkpoint)
    return events[-1]


def one(tmp_path: Path, product: str, **settings: Any) -> list[Event]:
    (tmp_path / "m.xml").write_text(site.LONG.format(products=product), encoding="utf-8")
    return run(tmp_path, **settings)


def test_a_record_with_long_tags(tmp_path: Path) -> None:
    site.files(tmp_path)
    events = run(tmp_path)
    read = drafts(events)["hp.1"]
    assert (read.title, read.kind) == ("Driving a forklift", Kind.BOOK)
    assert read.summary == "Loads, ramps, and seeing behind you."
    assert read.url == "https://shop.example/isbn/9780000000311"
    assert (read.authors, read.provider) == (("Nadia Haddad", "Piet Vos"), "House Press")
    assert read.subjects == (
        "Technology & Engineering",
        "Technology, Engineering, Agriculture, Industrial processes",
        "forklift",
        "warehouse safety",
    )
    assert (read.audience, read.language) == ("Professionals and scholars", "en")
    assert (read.cost, read.currency) == (19.9, "EUR")
    assert str(read.published) == "2024-01-15 00:00:00+00:00"
    assert read.unmapped == ()


def test_a_record_with_short_tags(tmp_path: Path) -> None:
    site.files(tmp_path)
    read = drafts(run(tmp_path))["hp.5"]
    assert read.title == "The sound of a healthy bearing: Diagnosis by ear"
    assert (read.authors, read.provider) == (("Liv Sørensen",), "House Audio")
    assert (read.language, read.duration, read.summary) == ("da", 5400, "What wear sounds like.")
    assert str(read.published) == "2024-09-01 00:00:00+00:00"
    assert [(str(p.locator), p.text) for p in read.parts] == [("page 7", "Listening for wear")]


def test_the_record_sent_last_holds(tmp_path: Path) -> None:
    site.files(tmp_path)
    assert drafts(run(tmp_path))["hp.2"].title == "Soldering by hand, safely"


def test_within_a_message_too(tmp_path: Path) -> None:
    events = one(tmp_path, site.CORRECTED + site.SOLDERING)
    assert drafts(events)["hp.2"].title == "Soldering by hand"


def test_a_deletion_is_told_once(tmp_path: Path) -> None:
    site.files(tmp_path)
    first = run(tmp_path)
    assert [e for e in first if isinstance(e, Gone)] == [Gone("hp.9")]
    again = run(tmp_path, last(first).cursor)
    assert not [e for e in again if isinstance(e, Gone | Found)]
    assert len([e for e in again if isinstance(e, Unchanged)]) == 5


@pytest.mark.parametrize(
    ("status", "gone"), [("04", False), ("01", True), ("12", True), ("07", False)]
)
def test_cancelled_and_recalled_ones_are_gone(tmp_path: Path, status: str, gone: bool) -> None:
    """A book out of print may still stand on a shelf."""
    product = site.FIRE.replace("<PublishingStatus>04", f"<PublishingStatus>{status}")
    assert (Gone("hp.3") in one(tmp_path, product)) == gone


def test_availability(tmp_path: Path) -> None:
    def supplied(*states: str) -> str:
        details = (
            f"<SupplyDetail><ProductAvailability>{s}</ProductAvailability></SupplyDetail>"
            for s in states
        )
        supply = f"<ProductSupply>{''.join(details)}</ProductSupply></Product>"
        return site.FIRE.replace("</Product>", supply)

    assert Gone("hp.3") in one(tmp_path, supplied("46"))
    assert Gone("hp.3") not in one(tmp_path, supplied("46", "20"))
    assert Gone("hp.3") not in one(tmp_path, supplied("31"))


def test_test_records_are_left_alone(tmp_path: Path) -> None:
    product = site.FIRE.replace("<NotificationType>03", "<NotificationType>89")
    assert not drafts(one(tmp_path, product))


def test_a_partial_update_is_told(tmp_path: Path) -> None:
    product = (
        "<Product><RecordReference>hp.3</RecordReference><NotificationType>04</NotificationType>"
        "</Product>"
    )
    (found,) = [e for e in one(tmp_path, product) if isinstance(e, Found)]
    with pytest.raises(BadItem, match=r"record hp\.3 has no title.*partial update"):
        draft(found.payload, LINK)


def test_a_message_that_cannot_be_read_costs_itself(tmp_path: Path) -> None:
    site.files(tmp_path)
    (tmp_path / "broken.xml").write_text("<ONIXMessage><Product>")
    (tmp_path / "other.xml").write_text("<rss/>")
    events = run(tmp_path, whole=True)
    failed = {e.key: str(e.error) for e in events if isinstance(e, Failed)}
    assert "no well-formed XML" in failed["broken.xml"]
    assert "is no ONIX message: its root is 'rss'" in failed["other.xml"]
    assert len(drafts(events)) == 5
    assert not last(events).complete
    (tmp_path / "broken.xml").unlink()
    (tmp_path / "other.xml").unlink()
    mended = run(tmp_path, last(events).cursor, whole=True)
    assert {Gone("broken.xml"), Gone("other.xml")} <= {e for e in mended if isinstance(e, Gone)}
    assert last(mended).complete


@pytest.mark.parametrize("text", ["<html/>", "", "<!DOCTYPE a [<!ENTITY b 'c'>]><ONIXMessage/>"])
def test_nothing_but_garbage_needs_a_person(tmp_path: Path, text: str) -> None:
    (tmp_path / "m.xml").write_text(text)
    with pytest.raises(NeedsPerson, match=r"m\.xml"):
        run(tmp_path)


def test_an_empty_folder_needs_a_person(tmp_path: Path) -> None:
    with pytest.raises(NeedsPerson, match=r"holds no \.xml, \.onx, \.onix file"):
        run(tmp_path)


def test_a_record_without_its_reference(tmp_path: Path) -> None:
    product = site.FIRE.replace("<RecordReference>hp.3</RecordReference>", "")
    events = one(tmp_path, product + site.FEEDBACK, whole=True)
    assert [e.key for e in events if isinstance(e, Failed)] == ["nameless 1"]
    assert not last(events).complete


def test_entities_of_the_old_document_type_are_read(tmp_path: Path) -> None:
    """Messages of release 2.1 name a DTD for characters; it is not fetched."""
    text = """<!DOCTYPE ONIXMessage SYSTEM "http://www.editeur.org/onix/2.1/onix.dtd">
    <ONIXMessage><Product><RecordReference>r</RecordReference><NotificationType>03</NotificationType>
    <ProductIdentifier><ProductIDType>02</ProductIDType><IDValue>0-00-000000-0</IDValue>
    </ProductIdentifier><Title><TitleType>01</TitleType><TitleText>Caf&eacute; &amp; bar</TitleText>
    </Title></Product></ONIXMessage>"""
    (tmp_path / "m.xml").write_text(text)
    read = drafts(run(tmp_path))["r"]
    assert (read.title, read.url) == ("Café & bar", "https://shop.example/isbn/0000000000")


WEBSITE = (
    "<Website><WebsiteRole>02</WebsiteRole><WebsiteLink>https://house.example/fire</WebsiteLink>"
    "</Website></Publisher>"
)


@pytest.mark.parametrize(
    ("change", "link", "url"),
    [
        (lambda p: p, "https://a.example/?isbn={isbn}", "https://a.example/?isbn=9780000000313"),
        (lambda p: p.replace("</Publisher>", WEBSITE), LINK, "https://house.example/fire"),
        (
            lambda p: p.replace("<ProductIDType>15", "<ProductIDType>01"),
            "https://a.example/{reference}",
            "https://a.example/hp.3",
        ),
    ],
)
def test_addresses(tmp_path: Path, change: Callable[[str], str], link: str, url: str) -> None:
    assert drafts(one(tmp_path, change(site.FIRE)), link)["hp.3"].url == url


def test_no_address_at_all(tmp_path: Path) -> None:
    events = one(tmp_path, site.FIRE.replace("<ProductIDType>15", "<ProductIDType>01"))
    (found,) = [e for e in events if isinstance(e, Found)]
    with pytest.raises(BadItem, match=r"set `link` to one with \{reference\}"):
        draft(found.payload, LINK)


def test_words_of_a_table(tmp_path: Path) -> None:
    table = tmp_path / "bisac.csv"
    table.write_text('TEC009060,"Technology & Engineering / Industrial Engineering"\n')
    read = drafts(one(tmp_path, site.FORKLIFT, headings=str(table)))["hp.1"]
    assert read.subjects[0] == "Technology & Engineering / Industrial Engineering"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Computers", bisac("COM051010")),
        ("", bisac("XYZ000000")),
        ("", bisac("COM")),
        ("Law", thema("LNC")),
        ("", thema("1DFG")),
        ("", thema("")),
    ],
)
def test_what_codes_begin_with(words: str, code: str) -> None:
    assert code == words


def test_a_message_on_the_web() -> None:
    text = site.LONG.format(products=site.FIRE)
    config = Settings.model_validate({"url": "https://house.example/onix.xml", "link": LINK})
    with served(lambda _: Answer(text))() as scene:
        events = list(Onix(config, scene.http).pull({}))
    assert list(drafts(events)) == ["hp.3"]
    with served(lambda _: Answer("<html/>"))() as scene, pytest.raises(NeedsPerson):
        list(Onix(config, scene.http).pull({}))


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "either `path` or `url`"),
        ({"url": "https://a.example/", "path": "x"}, "either `path` or `url`"),
        ({"path": "x", "link": "https://a.example/"}, "pattern"),
        ({"path": "x", "link": "urn:isbn:{isbn}"}, "pattern"),
    ],
)
def test_settings_that_cannot_be(settings: dict[str, str], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Settings.model_validate({"link": LINK, **settings})


@pytest.mark.shared_data
def test_recorded_messages(shared_data: Path) -> None:
    events = run(shared_data / "wire/onix/node-onix", link="https://a.example/{isbn}{reference}")
    read = drafts(events, "https://a.example/{isbn}/{reference}")
    assert set(read) == {"1f261549-df68-479e-a08d-9404101dafd8", "record", "Record-Ref"}
    sample = read["Record-Ref"]
    assert (sample.title, sample.language) == ("The Title", "fr")
    assert (sample.authors, sample.provider) == (("AuthorFirst AuthorLast",), "The Publisher")
    assert (sample.cost, sample.currency) == (13.99, "EUR")
    assert sample.subjects == ("Fiction", "3448", "keyword1", "keyword2", "keyword3")
    assert str(sample.published) == "2015-05-27 04:00:00+00:00"
    assert sample.image == "https://www.domain.com/image.jpg"
    assert (sample.summary, sample.audience) == ("this book is very very good.", "General")
    old = read["1f261549-df68-479e-a08d-9404101dafd8"]
    assert old.title == "Sample Title Name: Sample Subtitle"
    assert (old.authors, old.subjects) == (
        ("John Doe", "Joe Bloggs"),
        ("Social Science", "Medical", "Sample Heading"),
    )
    assert old.summary.startswith("Getting on with Epilepsy illustrates experiences")
    assert (read["record"].title, read["record"].language) == ("Alice in Wonderland", "en")
