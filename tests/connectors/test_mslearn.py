"""Microsoft Learn: the contract, items read by eye, and the German catalogue in the API's shape."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from requests import PreparedRequest

from catalogue.errors import BadItem, NeedsPerson
from catalogue.model import Delivery, Draft, Kind, Level
from connectors.base import Checkpoint, Event, Failed, Found, Unchanged
from connectors.formats.learncatalogue import Catalogue, draft
from connectors.mslearn import MsLearn, Settings
from connectors.testing import Answer, Case, Conformance, served
from connectors.testing.worlds import Server
from tests.connectors.sites import mslearn as site

BASE = "https://catalogue.example"


class TestMsLearn(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        whole, shrunk, dented = (
            served(site.answers(BASE, world)) for world in ("whole", "shrunk", "dented")
        )
        return Case(MsLearn, site.settings(BASE), whole, shrunk, dented)


def run(server: Server, cursor: Any = None, **settings: Any) -> list[Event]:
    with served(server)() as scene:
        config = Settings.model_validate({**site.settings(BASE), **settings})
        return list(MsLearn(config, scene.http).pull(json.loads(json.dumps(cursor or {}))))


def drafts(events: list[Event]) -> dict[str, Draft]:
    return {e.key: draft(e.payload, f"{BASE}/api/") for e in events if isinstance(e, Found)}


def last(events: list[Event]) -> Checkpoint:
    assert isinstance(events[-1], Checkpoint)
    return events[-1]


def test_a_module_read_by_eye() -> None:
    read = drafts(run(site.answers(BASE)))["learn.queues"]
    assert (read.title, read.kind) == ("Decouple services with queues", Kind.COURSE)
    assert read.summary == "Let a slow service catch up later."
    assert read.url == f"{site.WEB}/training/modules/queues/"
    assert (read.duration, read.level, read.language) == (2100, Level.BEGINNER, "en-US")
    assert read.subjects == ("Azure Service Bus", "Cloud computing")
    assert (read.audience, read.delivery) == ("Developer", Delivery.SELF_PACED)
    assert [(str(p.locator), p.text) for p in read.parts] == [
        ("unit learn.queues.1-unit", "Why messages wait"),
        ("unit learn.queues.2-unit", "Send a message"),
        ("unit learn.queues.3-unit", "Check your knowledge"),
    ]
    urls = [p.locator.url for p in read.parts if p.locator]
    assert urls == [f"{read.url}1-why/", read.url, read.url]


def test_a_path_keeps_the_order_of_its_modules() -> None:
    read = drafts(run(site.answers(BASE)))["learn.messaging"]
    assert (read.kind, read.level) == (Kind.PATH, Level.BEGINNER)
    assert [(p.heading, p.text) for p in read.parts] == [
        ("Decouple services with queues", "Let a slow service catch up later."),
        ("Store rows in tables", "Choose keys, then partitions."),
    ]
    assert read.parts[0].locator
    assert read.parts[0].locator.url == f"{site.WEB}/training/modules/queues/"


def test_certifications_and_courses() -> None:
    read = drafts(run(site.answers(BASE)))
    certification, course = read["certification.developer"], read["course.az-999"]
    assert (certification.kind, certification.skills) == (
        Kind.PATH,
        ("Implement compute", "Secure solutions"),
    )
    assert [p.heading for p in certification.parts] == ["Build systems that wait well"]
    assert (course.delivery, course.duration) == (Delivery.INSTRUCTOR_LED, 32 * 3600)


def test_only_what_is_asked_for() -> None:
    events = run(site.answers(BASE), types=["learningPaths"])
    assert list(drafts(events)) == ["learn.messaging"]
    assert last(events).complete


def test_an_unchanged_catalogue_is_not_read_again() -> None:
    def server(request: PreparedRequest) -> Answer:
        if request.headers.get("If-None-Match") == '"1"':
            return Answer(status=304)
        return Answer(site.catalogue(), headers={"ETag": '"1"'})

    first = run(server)
    again = run(server, last(first).cursor)
    assert {e.key for e in again if isinstance(e, Unchanged)} == set(drafts(first))
    assert last(again).complete
    assert last(again).cursor == last(first).cursor


def test_popularity_alone_changes_nothing() -> None:
    cursor = last(run(site.answers(BASE))).cursor
    moved = site.catalogue()
    moved["modules"][0] |= {"popularity": 0.9, "rating": {"count": 4}}
    assert not drafts(run(lambda _: Answer(moved), cursor))


def test_an_item_without_a_uid_hides_no_other() -> None:
    whole = site.catalogue()
    del whole["modules"][1]["uid"]
    events = run(lambda _: Answer(whole))
    assert [e.key for e in events if isinstance(e, Failed)] == ["nameless 1"]
    assert not last(events).complete


def test_a_missing_list_is_not_taken_for_an_empty_one() -> None:
    whole = site.catalogue()
    del whole["courses"]
    assert not last(run(lambda _: Answer(whole))).complete


@pytest.mark.parametrize("body", [{}, {"message": "gone"}, [], "<html>"])
def test_another_answer_needs_a_person(body: Any) -> None:
    with pytest.raises(NeedsPerson):
        run(lambda _: Answer(body))


def test_an_item_without_an_address_is_told() -> None:
    (module, *_) = site.catalogue()["modules"]
    payload = Catalogue({}).payload({**module, "url": ""})
    with pytest.raises(BadItem, match=r"learn\.queues has no url"):
        draft(payload, BASE)


@pytest.mark.shared_data
def test_the_documented_answer(shared_data: Path) -> None:
    text = (shared_data / "wire/mslearn-catalog/catalog_doc_samples.json").read_text()
    events = run(lambda _: Answer(text), types=["modules", "learningPaths"])
    read = drafts(events)
    module, path = read.values()
    assert last(events).complete
    assert module.title == "Cloud Concepts - Principles of cloud computing"
    assert module.summary.startswith("Explore the core concepts of cloud computing")
    assert (module.duration, module.subjects) == (
        3720,
        ("azure", "azure-portal", "azure-resource-manager"),
    )
    assert module.audience == "Administrator, Business Analyst, Developer"
    assert str(module.updated) == "2018-09-24 00:00:00+00:00"
    assert (path.kind, path.level) == (Kind.PATH, Level.BEGINNER)
    assert path.url.endswith("/en-us/learn/paths/create-serverless-applications")
    assert path.unmapped == module.unmapped == ()


def _german(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The public sources of the German catalogue as the API would list them."""
    types = {"Module": "module", "LearningPath": "learningPath", "ModuleUnit": "unit"}
    for path in sorted(folder.rglob("*.yml")):
        text = path.read_text(encoding="utf-8-sig")
        kind = types.get(text.partition("\n")[0].rpartition(":")[2].strip())
        if kind is None:
            continue
        said = yaml.safe_load(text)
        place = f"https://docs.microsoft.com/de-de/learn/{kind}/{path.parent.name}"
        minutes = {"duration_in_minutes": said.get("durationInMinutes")}
        kept = ("uid", "title", "summary", "levels", "roles", "products", "units", "modules")
        known = {name: said[name] for name in kept if name in said}
        yield kind, {"type": kind, "locale": "de-de", "url": place, **minutes, **known}


@pytest.mark.slow
@pytest.mark.shared_data
def test_the_german_catalogue(shared_data: Path) -> None:
    listed = list(_german(shared_data / "catalogues/mslearn-de/learn-pr"))
    names = {"module": "modules", "learningPath": "learningPaths", "unit": "units"}
    answer = {list_: [i for k, i in listed if k == kind] for kind, list_ in names.items()}
    read = drafts(run(lambda _: Answer(answer), types=["modules", "learningPaths"], locale="de-de"))
    modules = [d for d in read.values() if d.kind is Kind.COURSE]
    paths = [d for d in read.values() if d.kind is Kind.PATH]
    assert (len(modules), len(paths)) == (63, 13)
    # Of 465 units, 12 are named by no module.
    assert sum(len(module.parts) for module in modules) == 453
    assert {d.language for d in read.values()} == {"de-DE"}
    containers = read["learn.administer-containers-in-azure"]
    assert containers.title == "Verwalten von Containern in Azure"
    assert [str(p.locator) for p in containers.parts] == [
        "unit learn.intro-to-containers",
        "unit learn.azure-container-registry",
        "unit learn.run-docker-containers-aci",
    ]
    service = read["learn.align-requirements-in-azure"]
    assert [p.text for p in service.parts][2] == "Clouddienstmodelle"
