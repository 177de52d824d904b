"""The search as a program asks it."""

from urllib.parse import quote, urlencode

import pytest

from api.models import SearchAnswer
from tests.api.shelf import BACKUP, PACKAGING, TALKS, Client

MANUAL, VIDEO, TALK = "The maintainer's manual", "Backups in an hour", "Gute Vorträge halten"


def test_a_hit_opens_at_its_page_with_the_words_marked(reader: Client) -> None:
    answer = reader.get("/api/v1/search?q=orphaned+maintain+policy&limit=1").json()
    hit = answer["results"][0]
    assert hit["title"] == MANUAL
    assert hit["open_url"] == "https://learn.example/manual.pdf#page=12"
    assert hit["passage"]["locator"] == {"place": "page", "value": "12", "label": "page 12"}
    marked = {hit["passage"]["text"][low:high] for low, high in hit["passage"]["highlights"]}
    assert "orphaned" in marked
    assert [skill["id"] for skill in hit["skills"]] == [PACKAGING]
    assert hit["explain"] is None


@pytest.mark.parametrize(
    "query", ["q=packages&explain=true&aggregations=skill&aggregations=free", "limit=3"]
)
def test_answers_have_the_shape_the_document_promises(reader: Client, query: str) -> None:
    answer = reader.get(f"/api/v1/search?{query}")
    assert answer.headers["content-type"] == "application/json"
    assert SearchAnswer.model_validate(answer.json()).results


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("resource_type=video", {VIDEO}),
        ("resource_type=video&resource_type=manual", {VIDEO, MANUAL}),
        ("level=advanced", {MANUAL}),
        ("language=de", {TALK}),
        ("provider=Harbour+Works", {VIDEO, MANUAL}),
        ("source=handbook&level=beginner", {VIDEO, TALK}),
        ("delivery=self-paced", {VIDEO}),
        ("max_duration=3600", {VIDEO}),
        ("max_duration=PT1H30M", {VIDEO, TALK}),
        ("free=true", {MANUAL}),
        ("free=false", {VIDEO}),
        ("published_since=2025-03-01", {VIDEO, MANUAL}),
        ("published_since=2025-03-01T00:00:01Z", {VIDEO}),
        ("updated_since=2025-01-01", {MANUAL}),
        (f"skill={quote(BACKUP)}", {VIDEO}),
        (f"skill={BACKUP.rpartition('/')[2]}", {VIDEO}),
        ("skill=Perform+Backups", {VIDEO}),
        ("skill=hold+a+talk&skill=perform+backups", {VIDEO, TALK}),
        ("skill=give+presentations&skill=perform+backups&skill_match=all", set()),
        ("skill=perform+backups&min_skill_confidence=0.9", set()),
    ],
)
def test_each_filter_leaves_what_it_says(reader: Client, query: str, titles: set[str]) -> None:
    assert set(reader.titles(query)) == titles


def test_without_words_the_newest_come_first(reader: Client) -> None:
    assert reader.titles("published_since=2000-01-01&sortby=newest") == [VIDEO, MANUAL, TALK]


def test_facets_carry_the_names_of_their_parameters(reader: Client) -> None:
    asked = "level=advanced&aggregations=level&aggregations=resource_type&aggregations=skill"
    facets = reader.get(f"/api/v1/search?{asked}").json()["metadata"]["aggregations"]
    counts = {bucket["key"]: bucket["doc_count"] for bucket in facets["level"]}
    assert counts == {"beginner": 2, "advanced": 1}, "a facet ignores its own filter"
    assert [bucket["key"] for bucket in facets["resource_type"]] == ["manual"]
    assert facets["skill"][0]["label"] == "maintain software packages"


@pytest.mark.parametrize("query", ["", "q=packages"])
def test_following_next_shows_every_item_once(reader: Client, query: str) -> None:
    address, seen = f"/api/v1/search?{query}&limit=2", []
    while address:
        answer = reader.get(address).json()
        seen += [one["id"] for one in answer["results"]]
        address = (answer["next"] or "").removeprefix(reader.base)
    assert len(seen) == len(set(seen)) == 5


def test_an_offset_has_a_way_back(reader: Client) -> None:
    answer = reader.get("/api/v1/search?limit=2&offset=3").json()
    before = answer["previous"].removeprefix(reader.base)
    assert before == "/api/v1/search?limit=2&offset=1"
    assert reader.get("/api/v1/search?limit=2").json()["previous"] is None


def test_an_explanation_names_the_signals(reader: Client) -> None:
    hit = reader.get("/api/v1/search?q=packages&explain=true").json()["results"][0]
    assert any(line.startswith("means the same") for line in hit["explain"])


def test_an_answer_says_what_else_was_searched_for(reader: Client) -> None:
    right = reader.get("/api/v1/search?q=packages").json()["metadata"]
    assert (right["did_you_mean"], right["skills"]) == (None, [])
    wrong = reader.get("/api/v1/search?q=pakcages").json()["metadata"]
    assert wrong["did_you_mean"] == "packages"
    assert "Searched for <strong>packages" in reader.get("/?q=pakcages").text


def test_an_answer_says_that_nothing_fits(reader: Client) -> None:
    """Nonsense gets what is nearest, and is told so."""
    told = "come nearest"
    fitting = reader.get("/api/v1/search?q=packages").json()
    assert fitting["metadata"]["fits"]
    assert told not in reader.get("/?q=packages").text
    hopeless = reader.get("/api/v1/search?q=zqxv%20wrrk").json()
    assert hopeless["results"]
    assert not hopeless["metadata"]["fits"]
    assert told in reader.get("/?q=zqxv%20wrrk").text


def test_a_skills_items_are_the_search_with_that_filter(reader: Client) -> None:
    filtered = reader.titles(urlencode({"skill": TALKS}))
    for named in (TALKS.rpartition("/")[2], quote(TALKS, safe="")):
        answer = reader.get(f"/api/v1/skills/{named}/items?level=beginner").json()
        assert [one["title"] for one in answer["results"]] == filtered == [TALK]


def test_addresses_that_must_not_be_followed_are_left_out(reader: Client) -> None:
    hits = reader.get("/api/v1/search?source=web").json()["results"]
    assert [(hit["url"], hit["open_url"]) for hit in hits] == [(None, None)]
