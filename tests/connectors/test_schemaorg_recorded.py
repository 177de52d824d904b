"""schema.org as recorded pages have it, against what others read there."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from catalogue.errors import BadItem
from catalogue.model import Delivery, Draft, Kind, Locator, Place
from connectors.formats.schemaorg import described, draft, jsonld, microdata, rdfa
from connectors.formats.schemaorg.things import Thing, local
from connectors.formats.webpages import draft as page_draft
from connectors.formats.webpages import read_page
from connectors.vocabulary import Vocabulary

SAMPLES = "wire/jsonld/tests/samples"
PAGE = "http://www.example.com/index.html"
# By the HTML standard an item that `itemref` names gives its properties to itself alone, and a
# property may be empty; the recorded expectations hold otherwise.
AGAINST_THE_STANDARD = {"schema.org/product-ref", "schema.org/SearchAction.001"}
BASES = {
    "w3c/microdata.7.1": "http://blog.example.com/progress-report",
    "w3c/microdata.object": "http://www.example.com/microdata/",
}

pytestmark = pytest.mark.shared_data


def root(page: Path) -> Any:
    return html.document_fromstring(page.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))


def squeezed(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: squeezed(held) for name, held in found.items()}
    if isinstance(found, list):
        return [squeezed(one) for one in found]
    return " ".join(found.split()) if isinstance(found, str) else found


def pairs(shared_data: Path, suffix: str) -> Iterator[tuple[str, Path, Any]]:
    """Name, page and expectation of each recorded pair."""
    folder = shared_data / SAMPLES
    for expected in sorted(folder.glob(f"*/*{suffix}")):
        page = expected.with_name(expected.name.removesuffix(suffix) + ".html")
        if page.exists():
            name = page.relative_to(folder).as_posix().removesuffix(".html")
            yield name, page, json.loads(expected.read_text())


def blocks(page: Path) -> list[Any]:
    scripts = root(page).xpath("//script[@type='application/ld+json']")
    return [one for s in scripts for one in jsonld.parsed("".join(s.itertext()))]


def test_json_ld_agrees_everywhere(shared_data: Path) -> None:
    agreeing = []
    for name, page, expected in pairs(shared_data, ".jsonld"):
        if isinstance(expected, dict):  # one that lists what each block has
            expected = [one for block in expected["items"] for one in block]
        assert squeezed(blocks(page)) == squeezed(expected), name
        agreeing.append(name)
    for name, page, expected in pairs(shared_data, ".json"):
        if isinstance(expected, dict) and expected.get("json-ld"):
            assert squeezed(blocks(page)) == squeezed(expected["json-ld"]), name
            agreeing.append(name)
    assert len(agreeing) == 16


def as_thing(expected: Any) -> Any:
    """What the expectations of Microdata say, in the shape of a thing."""
    if isinstance(expected, list):
        return [as_thing(one) for one in expected]
    if isinstance(expected, str):
        return squeezed(expected)
    kinds = expected.get("type", [])
    thing: Thing = {"@type": [local(k) for k in ([kinds] if isinstance(kinds, str) else kinds)]}
    for name, held in expected.get("properties", {}).items():
        thing[local(name)] = as_thing(held if isinstance(held, list) else [held])
    if "value" in expected and len(thing) == 1:
        thing["name"] = [squeezed(expected["value"])]
    return thing | ({"@id": expected["id"]} if "id" in expected else {})


def items_of(expected: Any) -> Any:
    """The items that an expectation is about, if it is about Microdata."""
    items = expected.get("microdata") if isinstance(expected, dict) else expected
    first = items[0] if items else {}
    plain = isinstance(first, dict) and {"properties", "type"} & first.keys()
    microformat = plain and "h-" in str(first.get("type"))
    return items if plain and not microformat and "namespace" not in first else None


def test_microdata_agrees_where_the_expectation_keeps_to_the_standard(shared_data: Path) -> None:
    agreeing, others = set[str](), set[str]()
    for name, page, expected in pairs(shared_data, ".json"):
        if items := items_of(expected):
            read = squeezed(microdata.read(root(page), BASES.get(name, "")))
            (agreeing if read == as_thing(items) else others).add(name)
    assert others == AGAINST_THE_STANDARD
    assert len(agreeing) == 20


def nameless(name: str) -> str:
    return "_" if name.startswith("_:") else name


def expected_triples(graph: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    said = set()
    for node in graph:
        for name, held in node.items():
            if name == "@id" or "usesVocabulary" in name:
                continue
            for one in held:
                said_value = one if name == "@type" else one.get("@id", one.get("@value"))
                predicate = rdfa.TYPE if name == "@type" else name
                said.add((nameless(node["@id"]), predicate, nameless(squeezed(said_value))))
    return said


def test_rdfa_agrees_with_the_examples_of_its_specifications(shared_data: Path) -> None:
    agreeing = 0
    for name, page, expected in pairs(shared_data, ".expanded.json"):
        read = {
            (nameless(s), p, nameless(o.name) if isinstance(o, rdfa.Ref) else squeezed(o))
            for s, p, o in rdfa.triples(root(page), PAGE)
        }
        assert read == expected_triples(expected), name
        agreeing += 1
    assert agreeing == 13


def test_a_page_with_two_courses_read_by_eye(shared_data: Path) -> None:
    page = shared_data / "wire/schemaorg-course/course_rdfa_examples.html"
    found = described(root(page), PAGE, PAGE, "")
    toolbox, proofreading = (draft(t, PAGE, Vocabulary()) for t in found.things)
    assert toolbox == Draft(
        title="The Data Scientist's Toolbox",
        url=PAGE,
        kind=Kind.COURSE,
        provider="Johns Hopkins University",
        authors=("Jeff Leek, PhD",),
        delivery=Delivery.SELF_PACED,
        cost=0.0,
    )
    assert proofreading == Draft(
        title="Basic Proofreading",
        url=PAGE,
        kind=Kind.COURSE,
        summary="The distance learning training course that takes you from complete beginner to"
        " PQB qualified proofreader in one step.",
        cost=395.0,
        currency="GBP",
    )


def test_an_article_read_by_eye(shared_data: Path) -> None:
    source = shared_data / "wire/articles/readability/gitlab-blog/source.html"
    (payload,) = read_page(source.read_bytes(), "http://fakehost/test/page").items.values()
    read = page_draft(json.loads(json.dumps(payload)))
    assert replace(read, parts=(), image="", unmapped=()) == Draft(
        title="3 surprising findings from our 2024 Global DevSecOps Survey",
        url="http://fakehost/test/page",
        kind=Kind.ARTICLE,
        summary="This year, our survey revealed changes in organizations' investment priorities in"
        " the wake of AI — and how AI is shaping the way teams work.",
        language="en-US",
        provider="GitLab",
        authors=("Dave Steer",),
        published=datetime(2024, 6, 25, tzinfo=UTC),
        duration=read.duration,  # "5 min read"
        subjects=("developer survey", "DevSecOps", "AI/ML", "security", "news", "Insights"),
    )
    assert [part.heading[:24] for part in read.parts] == [
        "",
        "1. AI shines a light on ",
        "2. AI speeds up develope",
        "3. The cloud becomes tab",
        "Explore this year’s repo",
    ]
    assert read.parts[3].locator == Locator(
        Place.ANCHOR,
        "3.-the-cloud-becomes-table-stakes",
        "http://fakehost/test/page#3.-the-cloud-becomes-table-stakes",
    )


@pytest.mark.slow
def test_recorded_articles_become_drafts(shared_data: Path) -> None:
    """130 pages with the titles that another reader took from them."""
    drafts, titles = 0, 0
    for folder in sorted((shared_data / "wire/articles/readability").iterdir()):
        if not folder.is_dir():
            continue
        try:
            page = read_page((folder / "source.html").read_bytes(), "http://fakehost/test/page")
            (read,) = map(page_draft, page.items.values())
        except (BadItem, ValueError):  # without a title, without words, or left out
            continue
        expected = json.loads((folder / "expected-metadata.json").read_text())["title"] or ""
        drafts += 1
        titles += read.title in expected or squeezed(expected) in read.title
    assert (drafts, titles) >= (123, 112)
