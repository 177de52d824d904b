"""Items that are the same work, dead links and quality, as callers see them."""

from collections.abc import Iterator

import pytest

from api.callers import EVERYTHING
from api.models import ItemAnswer, SearchAnswer
from catalogue.links import FAILURES, Answer, Checked
from catalogue.model import Item
from flows.duplicates import find_all
from tests.api.shelf import Client, opened, served

MANUAL, HOUR, SECRET = "maintainer's manual", "Backups in an hour", "Secret packages"


def item(client: Client, title: str) -> Item:
    return client.shelf.catalogue.items.find(client.shelf.number(title))


@pytest.fixture(scope="module")
def folded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """An operator where a person said that the manual, the hour and the board's secret are one."""
    with opened(tmp_path_factory.mktemp("home")) as shelf, served(shelf) as base:
        shelf.fill()
        client = Client(base, shelf)
        find_all(shelf.catalogue)
        for other in (HOUR, SECRET):
            shelf.catalogue.works.merge(item(client, MANUAL).key, item(client, other).key, "ada")
        shelf.index.refresh()
        yield client.with_key("operator", EVERYTHING)


def test_a_search_names_the_other_formats(folded: Client) -> None:
    answer = folded.get("/api/v1/search?q=packages+backups").json()
    SearchAnswer.model_validate(answer)
    [hit] = [one for one in answer["results"] if one["also"]]
    titles = {hit["title"], *(one["title"] for one in hit["also"])}
    assert len(titles) == 3
    assert {one["format"] for one in hit["also"]} <= {"PDF", "web page"}
    assert answer["count"] == len(answer["results"]) == 3


def test_nobody_learns_of_what_they_may_not_see(folded: Client) -> None:
    stranger, director = folded.with_key("stranger"), folded.with_key("director", "board")
    number = stranger.shelf.number(MANUAL)
    for path in ("/api/v1/search?q=packages", f"/api/v1/items/{number}"):
        assert SECRET not in stranger.get(path).text
        assert SECRET in director.get(path).text
    assert SECRET not in stranger.get("/?q=packages").text


def test_an_item_tells_of_its_other_formats(folded: Client) -> None:
    found = folded.get(f"/api/v1/items/{folded.shelf.number(HOUR)}").json()
    assert {one["format"] for one in ItemAnswer.model_validate(found).model_dump()["also"]} == {
        "PDF", "web page",
    }  # fmt: skip
    page = folded.get(f"/items/{folded.shelf.number(HOUR)}").text
    assert "Also as" in page


def test_the_page_of_results_names_them_too(folded: Client) -> None:
    assert "Also as" in folded.get("/?q=packages").text
    assert "Also as" in folded.get("/").text


def test_quality_is_told_with_its_reasons(reader: Client) -> None:
    found = reader.get(f"/api/v1/items/{reader.shelf.number(MANUAL)}").json()
    quality = ItemAnswer.model_validate(found).quality
    assert 0 < quality.value <= 1
    told = {aspect.name: aspect.reason for aspect in quality.aspects}
    assert told["metadata"] == "does not tell a duration and subjects"
    assert "freshness" in told
    assert "does not tell" in reader.get(f"/items/{reader.shelf.number(MANUAL)}").text


def test_a_dead_link_is_told_and_can_be_left_out(client: Client) -> None:
    shelf = client.shelf
    for _ in range(FAILURES):
        due = [one for one in shelf.catalogue.links.due(100) if one.url.endswith("manual.pdf")]
        if not due:
            with shelf.catalogue.database.write() as conn:
                conn.exec_driver_sql("UPDATE links SET next_check = '2020-01-01 00:00:00'")
            due = [one for one in shelf.catalogue.links.due(100) if one.url.endswith("manual.pdf")]
        shelf.catalogue.links.record([Checked(one, Answer.GONE, "answered 404") for one in due])
    shelf.index.refresh()
    assert len(client.titles("link_status=dead")) == 1
    assert MANUAL not in " ".join(client.titles("link_status=alive"))
    assert "Link is dead" in client.get("/?link_status=dead").text
    found = client.get(f"/api/v1/items/{shelf.number(MANUAL)}").json()
    assert (found["link_status"], found["quality"]["value"]) == ("dead", 0)
