"""schema.org on pages: three syntaxes into one shape, and that shape into a draft."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import html

from catalogue.model import Delivery, Draft, Kind, Level, Locator, Part, Place, Session
from connectors.formats.schemaorg import described, draft, jsonld, microdata, rdfa
from connectors.vocabulary import Vocabulary

URL = "https://school.example/page"


def root(markup: str) -> Any:
    return html.document_fromstring(markup, parser=html.HTMLParser(encoding="utf-8"))


def about(markup: str, title: str = "") -> list[Draft]:
    found = described(root(markup), URL, URL, title)
    return [draft(thing, URL, Vocabulary()) for thing in found.things]


def linked(*blocks: Any) -> str:
    written = (json.dumps(block) if not isinstance(block, str) else block for block in blocks)
    return "".join(f'<script type="application/ld+json">{block}</script>' for block in written)


COURSE = {"@context": "https://schema.org", "@type": "Course", "name": "Knots"}
AS_JSONLD = linked(
    {**COURSE, "provider": {"@type": "Organization", "name": "School"}, "teaches": ["tying"]}
)
AS_MICRODATA = """<div itemscope itemtype="http://schema.org/Course"><b itemprop="name">Knots</b>
<i itemprop="provider" itemscope itemtype="https://schema.org/Organization"><u itemprop="name">
School</u></i><meta itemprop="teaches" content="tying"></div>"""
AS_RDFA = """<div vocab="https://schema.org/" typeof="Course"><b property="name">Knots</b>
<i property="provider" typeof="Organization"><u property="name">School</u></i>
<meta property="teaches" content="tying"></div>"""
AS_RDFA_WITH_PREFIX = """<div prefix="s: http://schema.org/" typeof="s:Course">
<b property="s:name">Knots</b><i rel="s:provider"><u typeof="s:Organization" property="s:name"
content="School"></u></i><meta property="s:teaches" content="tying"></div>"""


@pytest.mark.parametrize("markup", [AS_JSONLD, AS_MICRODATA, AS_RDFA])
def test_three_syntaxes_say_the_same(markup: str) -> None:
    expected = Draft(title="Knots", url=URL, kind=Kind.COURSE, provider="School", skills=("tying",))
    assert about(markup) == [expected]


def test_prefixes_and_hanging_relations() -> None:
    (thing,) = rdfa.read(root(AS_RDFA_WITH_PREFIX), URL)
    assert (thing["@type"], thing["name"], thing["teaches"]) == (["Course"], ["Knots"], ["tying"])


@pytest.mark.parametrize(
    "block",
    [
        '<!-- {"@type": "Course", "name": "Knots"} -->',
        '<![CDATA[{"@type": "Course", "name": "Knots"}]]>',
        '//<![CDATA[\n{"@type": "Course", "name": "Knots"}\n//]]>',
        '/*<![CDATA[*/{"@type": "Course", "name": "Knots"}/*]]>*/',
        '<!--//--><![CDATA[//><!--\n{"@type": "Course", "name": "Knots"}\n//--><!]]>',
        '<!-- what this is --> {"@type": "Course", "name": "Knots"}',
        '// what this is\n{"@type": "Course", "name": "Knots"}',
        '{"@type": "Course", /* here */ "name": "Knots",}',
        '{"@type": "Course", "name": "Knots"};',
        '\ufeff{"@type": "Course", "name": "Knots"}',
        '[[{"@type": "Course", "name": "Knots"}]]',
        "null",
        '{"@type": "Course", "name": "Knots"}{"@type": "Person"}',
        "{&quot;@type&quot;: &quot;Course&quot;, &quot;name&quot;: &quot;Knots&quot;}",
        '{"@type": "Course", "name": "Knots", "description": "two\nlines\tand // no comment"}',
        '{"@type": "Course", "name": "Knots", "price": NaN, "rank": 1e999}',
    ],
)
def test_slips_in_json_ld_are_forgiven(block: str) -> None:
    found, faults = jsonld.read(root(linked(block)))
    assert not faults
    json.dumps(found, allow_nan=False)
    names = [t["name"] for t in found if t.get("@type") == ["Course"]]
    assert names == ([["Knots"]] if block != "null" else [])


@pytest.mark.parametrize(
    "block",
    ['{"name": "a "quoted" name"}', "{name: 'Knots'}", '{"name": ', "[" * 100_000, "9" * 5000],
)
def test_what_cannot_be_read_is_told_and_costs_itself_alone(block: str) -> None:
    found, faults = jsonld.read(root(linked(block, COURSE)))
    assert [t["name"] for t in found] == [["Knots"]]
    assert len(faults) == 1
    assert faults[0].startswith("block 1: ")
    assert len(faults[0]) < 140


@pytest.mark.parametrize(
    "hostile",
    ["{}" + " " * 1_000_000 + "x", "<!--" + " " * 1_000_000, "/*" * 500_000, '"' * 200_001],
)
def test_a_block_made_to_take_long_does_not(hostile: str) -> None:
    """Were one of the patterns to backtrack, this would take hours."""
    jsonld.read(root(linked(hostile)))


def test_contexts_of_other_vocabularies_say_nothing() -> None:
    other = {"@context": "https://www.w3.org/ns/activitystreams", "type": "Course", "name": "x"}
    mixed = {
        "@context": ["https://www.w3.org/ns/activitystreams", {"sdo": "https://schema.org/"}],
        "@type": "sdo:Course",
        "sdo:name": "Knots",
    }
    aliased = {"@context": {"@vocab": "http://schema.org/", "id": "@id", "type": "@type"}}
    assert about(linked(other)) == []
    assert [d.title for d in about(linked(mixed))] == ["Knots"]
    assert [d.title for d in about(linked({**aliased, "type": "Course", "name": "K"}))] == ["K"]


def test_a_graph_is_followed_to_what_it_refers_to() -> None:
    graph = [
        {"@type": "WebPage", "@id": URL, "mainEntity": {"@id": "#course"}},
        {"@type": "Course", "@id": "#course", "name": "Knots", "provider": {"@id": "#org"}},
        {"@type": "Organization", "@id": "#org", "name": "School", "owns": {"@id": "#course"}},
        {"@type": "Article", "headline": "Elsewhere", "url": "https://school.example/news"},
    ]
    (course,) = about(linked({"@context": "https://schema.org", "@graph": graph}))
    assert (course.title, course.provider) == ("Knots", "School")


def test_things_that_refer_to_each_other_many_times_are_bounded() -> None:
    refers = [{"@id": f"#{n}"} for n in range(60)]
    graph = [{"@type": "Course", "@id": f"#{n}", "name": f"c{n}", "hasPart": refers}
             for n in range(60)]  # fmt: skip
    found = described(
        root(linked({"@context": "https://schema.org", "@graph": graph})), URL, URL, ""
    )
    assert len(json.dumps(found.things)) < 2_000_000


def test_items_that_contain_themselves_end() -> None:
    markup = """<div itemscope id="a" itemref="b" itemtype="https://schema.org/Course"><i
    itemprop="name">Knots</i></div><div itemscope id="b" itemref="a" itemprop="hasPart"></div>"""
    assert [d.title for d in about(markup)] == ["Knots"]


def test_deep_pages_end() -> None:
    deep = '<div itemscope itemprop="a" vocab="https://schema.org/" property="b" typeof="C">' * 3000
    assert described(root(f"<div itemscope>{deep}</div>"), URL, URL, "").things == ()


def course(**more: Any) -> Draft:
    (read,) = about(linked({**COURSE, **more}))
    return read


def test_all_that_a_course_may_say() -> None:
    read = course(
        description="<p>Tie &amp; untie.</p>",
        about=[{"@type": "Thing", "name": "Ropes, lines"}, "Seamanship"],
        keywords="knots, bends; hitches",
        educationalAlignment=[
            {"alignmentType": "teaches", "targetName": "rope work"},
            {"alignmentType": "requires", "targetName": "two hands"},
            {"alignmentType": "educationalLevel", "targetName": "Advanced"},
        ],
        coursePrerequisites=["Patience", {"@type": "Course", "name": "Ropes 1"}],
        audience={"@type": "EducationalAudience", "educationalRole": "sailor"},
        inLanguage={"@type": "Language", "name": "German", "alternateName": "de"},
        author=[{"@type": "Person", "name": "Ann"}, "https://school.example/ben"],
        datePublished="2025-01-02",
        dateModified="2025-03-04T05:06:07+02:00",
        license={"@type": "CreativeWork", "url": "https://creativecommons.org/licenses/by/4.0/"},
        image=[{"@type": "ImageObject", "contentUrl": "/a.png"}],
        syllabusSections=[{"@type": "Syllabus", "name": "Hitches", "description": "Half, clove."}],
    )
    assert read == Draft(
        title="Knots",
        url=URL,
        kind=Kind.COURSE,
        summary="Tie & untie.",
        language="de",
        authors=("Ann",),
        published=datetime(2025, 1, 2, tzinfo=UTC),
        updated=datetime(2025, 3, 4, 3, 6, 7, tzinfo=UTC),
        level=Level.ADVANCED,
        licence="CC BY 4.0",
        image="https://school.example/a.png",
        subjects=("knots", "bends", "hitches", "Ropes, lines", "Seamanship"),
        skills=("rope work",),
        prerequisites=("Patience", "Ropes 1", "two hands"),
        audience="sailor",
        parts=(Part("Half, clove.", None, "Hitches"),),
    )


@pytest.mark.parametrize(
    ("more", "cost", "currency"),
    [
        ({"offers": {"price": "49,90 €"}}, 49.9, "EUR"),
        ({"offers": {"price": 0}}, 0.0, ""),
        ({"offers": [{"price": 99, "priceCurrency": "EUR"}, {"price": 49}]}, 49.0, ""),
        ({"offers": {"lowPrice": "10", "highPrice": "90", "priceCurrency": "USD"}}, 10.0, "USD"),
        (
            {"offers": {"priceSpecification": {"price": 5, "priceCurrency": "GBP"}}},
            5.0,
            "GBP",
        ),
        ({"offers": {"category": "Free"}}, 0.0, ""),
        ({"offers": {"category": "Paid"}}, None, ""),
        ({"isAccessibleForFree": True, "offers": {"price": 50}}, 0.0, ""),
        ({"isAccessibleForFree": "https://schema.org/True"}, 0.0, ""),
        ({"hasCourseInstance": {"offers": {"price": 7, "priceCurrency": "CHF"}}}, 7.0, "CHF"),
        ({"offers": "https://school.example/buy"}, None, ""),
    ],
)
def test_prices(more: dict[str, Any], cost: float | None, currency: str) -> None:
    read = course(**more)
    assert (read.cost, read.currency) == (cost, currency)


@pytest.mark.parametrize(
    ("instance", "delivery"),
    [
        ({"courseMode": "Blended"}, Delivery.BLENDED),
        ({"courseMode": ["MOOC"]}, Delivery.SELF_PACED),
        ({"courseMode": "Onsite"}, Delivery.INSTRUCTOR_LED),
        ({"eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode"}, Delivery.VIRTUAL),
        ({"eventAttendanceMode": "MixedEventAttendanceMode"}, Delivery.BLENDED),
        ({"eventAttendanceMode": "OfflineEventAttendanceMode"}, Delivery.INSTRUCTOR_LED),
        ({"courseMode": "Online"}, None),
    ],
)
def test_ways_of_taking_part(instance: dict[str, Any], delivery: Delivery | None) -> None:
    assert course(hasCourseInstance=[{"@type": "CourseInstance", **instance}]).delivery is delivery


def test_runs_are_sessions_unless_cancelled() -> None:
    runs = [
        {"startDate": "2026-02-01", "endDate": "2026-01-01", "location": "Kiel"},
        {"startDate": "2026-03-01", "eventStatus": "https://schema.org/EventCancelled"},
        {"courseSchedule": {"startDate": "2026-01-05T09:00:00Z", "duration": "PT2H"}},
        {"startDate": "soon"},
    ]
    read = course(hasCourseInstance=runs)
    assert read.sessions == (
        Session(datetime(2026, 1, 5, 9, tzinfo=UTC)),
        Session(datetime(2026, 2, 1, tzinfo=UTC), None, "Kiel"),
    )


@pytest.mark.parametrize(
    ("load", "seconds"), [("PT22H", 79_200), ("2 hours of lectures per week", None)]
)
def test_only_a_whole_workload_is_a_length(load: str, seconds: int | None) -> None:
    assert course(hasCourseInstance={"courseWorkload": load}).duration == seconds


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        ("EducationalOccupationalProgram", Kind.PATH),
        ("CourseInstance", Kind.COURSE),
        ("BusinessEvent", Kind.SESSION),
        ("Audiobook", Kind.BOOK),
        ("HowTo", Kind.ARTICLE),
        ("TechArticle", Kind.ARTICLE),
        ("APIReference", Kind.MANUAL),
        ("PodcastEpisode", Kind.PODCAST),
        (["LearningResource", "VideoObject"], Kind.VIDEO),
        ("PresentationDigitalDocument", Kind.DOCUMENT),
        ("QAPage", Kind.DISCUSSION),
    ],
)
def test_kinds(types: Any, kind: Kind) -> None:
    assert course(**{"@type": types}).kind is kind


def test_the_word_of_a_learning_resource_decides_its_kind() -> None:
    kinds = {"Lesson": Kind.COURSE, "video": Kind.VIDEO, "odd thing": Kind.ARTICLE}
    for word, kind in kinds.items():
        more = {"@type": "LearningResource", "learningResourceType": word}
        assert course(**more).kind is kind


def test_what_says_nothing_of_learning_is_nothing() -> None:
    for name in ("Organization", "BreadcrumbList", "Product", "Person", "PublicationEvent"):
        assert about(linked({**COURSE, "@type": name})) == []


def test_of_several_things_the_page_s_own_is_taken() -> None:
    video = {"@context": "https://schema.org", "@type": "VideoObject", "name": "Trailer"}
    other = {**COURSE, "name": "Other course", "url": "https://school.example/other"}
    article = {**COURSE, "@type": "BlogPosting", "headline": "How we teach", "name": ""}
    assert [d.title for d in about(linked(video, other, article))] == ["How we teach"]
    assert [d.title for d in about(linked(video, COURSE, article))] == ["Knots"]
    named = about(linked({**COURSE, "url": "https://school.example"}), "Knots | School")
    assert [d.title for d in named] == ["Knots"]


def test_events_of_one_name_are_the_dates_of_one() -> None:
    dates = [{**COURSE, "@type": "Event", "startDate": f"2026-0{n}-01"} for n in (3, 1, 2)]
    (event,) = about(linked(*dates))
    assert [s.start.month for s in event.sessions] == [1, 2, 3]


def test_steps_and_scenes_are_parts() -> None:
    steps = [{"@type": "HowToStep", "name": "Cross", "text": "Over.", "url": "#cross"}, "Pull."]
    (guide,) = about(linked({**COURSE, "@type": "HowTo", "step": steps}))
    place = Locator(Place.ANCHOR, "cross", f"{URL}#cross")
    assert guide.parts == (Part("Over.", place, "Cross"), Part("Pull.", None, "Step 2"))


HOSTILE_ADDRESSES = ["http://[", "//", "https://:x/", "javascript:alert(1)", "\x00", "http://a b"]


@pytest.mark.parametrize("place", HOSTILE_ADDRESSES)
@pytest.mark.parametrize("name", ["url", "image", "@id", "mainEntityOfPage", "license"])
def test_addresses_that_are_none_do_no_harm(place: str, name: str) -> None:
    for read in about(linked({**COURSE, name: place}), "Knots"):
        assert read.title == "Knots"
        assert "javascript" not in read.image
    item = f'<div itemscope itemid="{place}"><a itemprop="url" href="{place}"></a></div>'
    microdata.read(root(item.replace("\x00", "")), URL)
