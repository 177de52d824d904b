"""Real packages, with expectations written after reading them by eye."""

from pathlib import Path

import pytest

from catalogue.model import Draft
from connectors.base import Failed, Found
from connectors.http import polite
from connectors.package import Package, Settings

pytestmark = pytest.mark.shared_data


@pytest.fixture(scope="module")
def found(shared_data: Path) -> tuple[dict[str, Draft], dict[str, str]]:
    """Drafts, and reasons of failures, of every package there is, by key."""
    settings = Settings(
        path=shared_data / "wire",
        include=("scorm/**", "cmi5/**", "common-cartridge/**", "xapi/**"),
    )
    package = Package(settings, polite())
    events = list(package.pull({}))
    drafts = {e.key: package.normalise(e.payload) for e in events if isinstance(e, Found)}
    return drafts, {e.key: str(e.error) for e in events if isinstance(e, Failed)}


Read = tuple[dict[str, Draft], dict[str, str]]


def places(draft: Draft) -> list[tuple[str, str]]:
    """Id and title of the unit of each part, each pair once. Titles end where headings begin."""
    pairs = [(p.locator.value if p.locator else "", p.heading.split(": ")[0]) for p in draft.parts]
    return list(dict.fromkeys(pairs))


def test_every_package_is_read_or_refused_with_a_reason(found: Read) -> None:
    drafts, failures = found
    assert len(drafts) == 14
    assert failures == {
        "scorm/invalid.zip": "scorm/invalid.zip is no learning package: it has no imsmanifest.xml,"
        " cmi5.xml, tincan.xml, h5p.json or AICC's .crs",
        "scorm/validaicc.zip": "scorm/validaicc.zip is an AICC course without its .crs, .au",
        "scorm/validscorm.zip": "scorm/validscorm.zip has an imsmanifest.xml that is no well-formed"
        " XML: line 2: Start tag expected, '<' not found",
    }


def test_scorm_of_many_scos(found: Read) -> None:
    golf = found[0]["scorm/RuntimeMinimumCalls_SCORM12.zip"]
    assert golf.title == "Golf Explained - Minimum Run-time Calls"
    # Two resources launch CalculatingScore.html: it belongs to none of the two items.
    assert places(golf) == [
        ("", "Calculating a Score"),
        ("playing_item", "Playing the Game"),
        ("playing_playing_item", "How to Play"),
        ("playing_par_item", "Par?"),
        ("playing_scoring_item", "Keeping Score"),
        ("playing_otherscoring_item", "Other Scoring Systems"),
        ("playing_rules_item", "The Rules of Golf"),
        ("playing_quiz_item", "Playing Golf Quiz"),
        ("etiquette_item", "Etiquette"),
        ("etiquette_course_item", "Taking Care of the Course"),
        ("etiquette_distracting_item", "Avoiding Distraction"),
        ("etiquette_play_item", "Playing Politely"),
        ("etiquette_quiz_item", "Etiquette Quiz"),
        ("handicapping_item", "Handicapping"),
        ("handicapping_overview_item", "Handicapping Overview"),
        ("handicapping_calchandi_item", "Calculating a Handicap"),
        ("handicapping_calcscore_item", "Calculating a Handicapped Score"),
        ("handicapping_example_item", "Handicapping Example"),
        ("handicapping_quiz_item", "Handicapping Quiz"),
        ("havingfun_item", "Having Fun"),
        ("havingfun_howto_item", "How to Have Fun Playing Golf"),
        ("havingfun_makefriends_item", "How to Make Friends Playing Golf"),
        ("havingfun_quiz_item", "Having Fun Quiz"),
    ]
    (par,) = [p for p in golf.parts if p.heading == "Par?: Par"]
    assert "the number of strokes a skilled golfer should require" in par.text
    assert "AddLicenseInfo" not in par.text


def test_scorm_of_one_sco_with_many_pages(found: Read) -> None:
    golf = found[0]["scorm/singlesco_scorm12.zip"]
    assert golf.title == "Golf Explained - CP Single SCO"
    assert {place for place, _ in places(golf)} == {"item_1"}
    assert "Golf Explained: Par" in {p.heading for p in golf.parts}
    (etiquette,) = [p for p in golf.parts if '"90 degree rule"' in p.text]
    assert etiquette.heading == "Golf Explained: Golf carts"


def test_cmi5_whose_units_share_one_page(found: Read) -> None:
    geology = found[0]["cmi5/multi_au_framed.zip"]
    root = "https://w3id.org/xapi/cmi5/catapult/lts/course/geology-intro-multi-au-framed/"
    assert (geology.title, geology.language) == (
        "Introduction to Geology - Multi AU at Root",
        "en-US",
    )
    assert geology.summary.startswith("This course will introduce you into the basics of geology.")
    assert [place for place in places(geology) if place[0]] == [
        (f"{root}1", "Introduction to Geology"),
        (f"{root}2", "Geological Materials"),
        (f"{root}3", "Whole-Earth Structure"),
        (f"{root}4", "Geological Time"),
        (f"{root}5", "Dating Methods"),
        (f"{root}6", "Geological Development of an Area"),
        (f"{root}7", "Applied Geology"),
        (f"{root}quiz", "Quiz"),
    ]
    assert any("-λoγία, -logia" in p.text for p in geology.parts if p.locator is None)


def test_a_cmi5_structure_alone(found: Read) -> None:
    tests = found[0]["cmi5/pre_post_test_framed.cmi5.xml"]
    root = "https://w3id.org/xapi/cmi5/catapult/lts/course/geology-intro-preposttest/"
    assert [place for place, _ in places(tests)][:5] == [
        f"{root}block1",
        f"{root}block1/pre",
        f"{root}block1/content",
        f"{root}block1/post",
        f"{root}block2",
    ]


def test_a_cartridge_that_was_unpacked(found: Read) -> None:
    course = found[0]["common-cartridge/course-1/imsmanifest.xml"]
    assert course.title == "COURSE-for-modules-testing"
    assert course.published
    assert course.published.date().isoformat() == "2018-11-28"
    assert course.licence == "Private (Copyrighted)"
    read = {p.heading: p.text for p in course.parts}
    assert list(read) == [
        "First Module Assignment 1",
        "First Module Quiz 1",
        "First Module Wiki Page 1",
        "First Module Discussion 1",
        "First Module Text Header 1",
        "First Module External URL 1",
        "Sample Document: page 1",
        "photo.jpg",
        "Assignment with internal links",
        "The First Measured Century: 1930-1960 (60:00)",
    ]
    assert read["First Module Assignment 1"] == "This is RCE content for this assignment"
    assert read["First Module Wiki Page 1"] == "This is RCE content for a Wiki Page"
    assert read["First Module Discussion 1"] == "This is RCE content for a Discussion"
    assert read["First Module Quiz 1"] == "First Module Quiz 1"
    assert read["Sample Document: page 1"] == "This is a sample document."
    links = {p.heading: p.locator.url for p in course.parts if p.locator and p.locator.url}
    assert links == {"First Module External URL 1": "http://google.com"}


def test_a_cartridge_of_unpublished_tests_shows_none_of_them(found: Read) -> None:
    course = found[0]["common-cartridge/grouptest.zip"]
    assert (course.title, course.licence, course.parts) == (
        "questionGroupCourse",
        "Public Domain",
        (),
    )


def test_a_cartridge_without_an_organisation(found: Read) -> None:
    course = found[0]["common-cartridge/canvas_cc_gem_course.imscc"]
    assert [(p.heading, p.text) for p in course.parts][:1] == [
        ("Assignment: Course with Known Submission Type", "This is assignment content.")
    ]
    assert len(course.parts) == 3
