"""The catalogue API of Microsoft Learn with a small catalogue of its shape."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from requests import PreparedRequest

from connectors.testing import Answer

SECRETS: tuple[str, ...] = ()
WEB = "https://learn.microsoft.com/en-us"


def settings(base: str) -> dict[str, object]:
    return {"url": f"{base}/api/catalog/", "locale": "en-us"}


def _item(kind: str, uid: str, title: str, summary: str, **more: Any) -> dict[str, Any]:
    marked = f'<p sourcefile="{uid}/index.yml" sourcestartlinenumber="1">{summary}</p>\n'
    place = {"learningPath": "training/paths", "module": "training/modules"}.get(kind, kind)
    url = f"{WEB}/{place}/{uid.rpartition('.')[2]}/?WT.mc_id=api_CatalogApi"
    about = {"summary": marked, "levels": ["beginner"], "roles": ["developer"], "url": url}
    looks = {"icon_url": f"{WEB}/media/{uid}.svg", "popularity": 0.5, "rating": {"count": 3}}
    dates = {"locale": "en-us", "last_modified": "2025-02-03T04:05:06+00:00"}
    return {"uid": uid, "type": kind, "title": title, **about, **looks, **dates, **more}


def _units(module: str, *titles: str) -> list[dict[str, Any]]:
    return [
        {
            "uid": f"{module}.{number}-unit",
            "type": "unit",
            "title": title,
            "duration_in_minutes": 5,
            "locale": "en-us",
            "last_modified": "2025-02-03T04:05:06+00:00",
        }
        for number, title in enumerate(titles, 1)
    ]


def catalogue() -> dict[str, list[dict[str, Any]]]:
    queues = _units("learn.queues", "Why messages wait", "Send a message", "Check your knowledge")
    tables = _units("learn.tables", "What a key is", "Partition a table")
    modules = [
        _item(
            "module",
            "learn.queues",
            "Decouple services with queues",
            "Let a slow service catch up <em>later</em>.",
            duration_in_minutes=35,
            products=["azure-service-bus"],
            subjects=["cloud-computing"],
            units=[unit["uid"] for unit in queues],
            number_of_children=3,
            firstUnitUrl=f"{WEB}/training/modules/queues/1-why/?WT.mc_id=api_CatalogApi",
        ),
        _item(
            "module",
            "learn.tables",
            "Store rows in tables",
            "Choose keys, then partitions.",
            duration_in_minutes=20,
            products=["azure"],
            units=[unit["uid"] for unit in tables],
        ),
        _item("module", "learn.alerts", "Alert on what matters", "Signals, rules, people."),
    ]
    paths = [
        _item(
            "learningPath",
            "learn.messaging",
            "Build systems that wait well",
            "Queues first, then tables.",
            levels=["intermediate", "beginner"],
            roles=["developer", "solution-architect"],
            duration_in_minutes=55,
            modules=["learn.queues", "learn.retired", "learn.tables"],
        )
    ]
    skill = _item("appliedSkill", "applied.deploy", "Deploy a container", "Shown in a lab.")
    certification = _item(
        "mergedCertification",
        "certification.developer",
        "Cloud developer associate",
        "",
        skills=["Implement compute", "Secure solutions"],
        study_guide=[{"uid": "learn.messaging", "type": "learningPath"}],
        certification_type="role-based",
    )
    course = _item(
        "course", "course.az-999", "Designing for failure", "Four days.", duration_in_hours=32
    )
    return {
        "modules": modules,
        "units": [*queues, *tables],
        "learningPaths": paths,
        "appliedSkills": [skill],
        "certifications": [],
        "mergedCertifications": [certification],
        "courses": [course],
        "products": [
            {
                "id": "azure",
                "name": "Azure",
                "children": [{"id": "azure-service-bus", "name": "Azure Service Bus"}],
            }
        ],
        "roles": [
            {"id": "developer", "name": "Developer"},
            {"id": "solution-architect", "name": "Solution Architect"},
        ],
        "subjects": [{"id": "cloud-computing", "name": "Cloud computing"}],
        "levels": [{"id": "beginner", "name": "Beginner"}],
    }


def answers(base: str, world: str = "whole") -> Callable[[PreparedRequest], Answer]:
    whole = catalogue()
    if world == "shrunk":
        whole["modules"] = whole["modules"][:2]
    if world == "dented":
        whole["modules"][2] = {**whole["modules"][2], "title": None}

    def server(request: PreparedRequest) -> Answer:
        parts = urlsplit(str(request.url))
        if parts.path != f"{urlsplit(base).path}/api/catalog/":
            return Answer({"message": "not found"}, 404)
        asked = parse_qs(parts.query).get("type", [",".join(whole)])[0].split(",")
        return Answer({name: items for name, items in whole.items() if name in asked})

    return server
