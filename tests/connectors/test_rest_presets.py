"""Each preset against an item in the shape of its service's public reference."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from requests import PreparedRequest

from catalogue.model import Draft, Kind, Level
from connectors.base import Checkpoint, Found
from connectors.formats.rest.presets import merged, preset_names
from connectors.rest import Rest, Settings
from connectors.testing import Answer, served

OWN: dict[str, dict[str, Any]] = {
    "coursera-business": {"url": "https://api.coursera.com/api/businesses.v1/o/contents"},
    "edx": {"url": "https://api.edx.org/enterprise/v2/enterprise-catalogs/c/"},
    "go1": {},
    "linkedin-learning": {},
    "udemy-business": {"url": "https://acme.udemy.com/api-2.0/organizations/1/courses/list/"},
}
LINKEDIN = {
    "urn": "urn:li:lyndaCourse:184457",
    "type": "COURSE",
    "title": {"locale": {"country": "US", "language": "en"}, "value": "Learning Relational Tables"},
    "details": {
        "availability": "AVAILABLE",
        "level": "BEGINNER",
        "description": {"value": "Design tables that last."},
        "urls": {"webLaunch": "https://www.linkedin.com/learning/learning-relational-tables"},
        "images": {"primary": "https://media.example/cover.jpg"},
        "contributors": [{"contributionType": "AUTHOR", "name": {"value": "Ines Okafor"}}],
        "timeToComplete": {"duration": 5400, "unit": "SECOND"},
        "publishedAt": 1700000000000,
        "lastUpdatedAt": 1710000000000,
        "classifications": [
            {"associatedClassification": {"type": "LIBRARY", "name": {"value": "Technology"}}},
            {"associatedClassification": {"type": "SKILL", "name": {"value": "Databases"}}},
        ],
    },
    "contents": [],
}
UDEMY = {
    "id": 567828,
    "title": "Spreadsheets from scratch",
    "url": "https://acme.udemy.com/course/spreadsheets",
    "description": "<p>Formulas that <b>work</b>.</p>",
    "estimated_content_length": 90,
    "level": "Beginner Level",
    "locale": {"locale": "en_US", "title": "English (US)"},
    "instructors": ["Rui Costa"],
    "categories": ["Office Productivity"],
    "primary_category": {"id": 1, "title": "Office Productivity"},
    "topics": [{"id": 2, "title": "Excel"}],
    "images": {"size_480x270": "https://img.example/1.jpg"},
    "requirements": {"list": ["A spreadsheet program"]},
    "what_you_will_learn": {"list": ["Write formulas", "Draw charts"]},
    "last_update_date": "2025-11-02",
    "num_lectures": 40,
}
COURSERA = {
    "id": "Course~abc",
    "contentId": "abc",
    "contentType": "Specialization",
    "name": "Statistics in practice",
    "slug": "statistics",
    "description": "From samples to decisions.",
    "languageCode": "en",
    "instructors": [{"name": "Lena Vogt", "title": "Professor"}],
    "partners": [{"name": "Example University"}],
    "programs": [
        {"programId": "p", "contentUrl": "https://www.coursera.org/programs/p?collection=x"}
    ],
    "extraMetadata": {
        "typeName": "specializationMetadata",
        "definition": {
            "estimatedLearningTime": 36000000,
            "difficultyLevel": "INTERMEDIATE",
            "promoPhoto": "https://img.example/2.jpg",
            "domainTypes": [{"domainId": "data-science", "subdomainId": "statistics"}],
            "skills": [{"skillId": "1", "skillName": "Regression"}],
        },
    },
}
GO1 = {
    "id": "con_01HBYXF3HYPTG5Q1RJ7BPFAF23",
    "lo_id": "1234",
    "created_time": "2023-05-19T05:13:30.827Z",
    "updated_time": "2024-05-19T05:13:30.827Z",
    "core": {
        "type": "playlist",
        "title": "Managing your time",
        "description": "<p>Plan a week.</p>",
        "image": {"key": "k", "value": "https://img.example/3.jpg", "mimetype": "image/jpeg"},
    },
    "lifecycle": {"state": "published"},
    "pricing": {"price": 12.5, "currency": "AUD"},
    "provider": {"id": "9", "name": "Example Learning"},
    "topics": {"items": [{"id": "1", "name": "Productivity"}]},
}
EDX = {
    "aggregation_key": "course:ExampleX+STAT1",
    "key": "ExampleX+STAT1",
    "content_type": "course",
    "title": "Statistics for engineers",
    "marketing_url": "https://www.edx.org/course/statistics",
    "full_description": "<p>Measure, model, decide.</p>",
    "languages": ["German"],
    "owners": [{"key": "ExampleX", "name": "Example Institute"}],
    "level_type": "Advanced",
    "image_url": "https://img.example/4.jpg",
    "subjects": [{"name": "Data Analysis & Statistics"}],
    "skill_names": ["Regression analysis"],
    "content_last_modified": "2025-10-01T12:00:00Z",
}


def connector(preset: str) -> Rest:
    mine = {"auth": {"user": "client"}, "secret": "s"}
    config = Settings.model_validate({"preset": preset, **mine, **OWN[preset]})
    with served(lambda _: Answer())() as scene:
        return Rest(config, scene.http)


def read(preset: str, item: dict[str, Any]) -> Draft:
    return connector(preset).normalise(item)


def test_every_preset_is_tried_here() -> None:
    assert preset_names() == sorted(OWN)


def test_linkedin_learning() -> None:
    draft = read("linkedin-learning", LINKEDIN)
    assert (draft.title, draft.language) == ("Learning Relational Tables", "en-US")
    assert (draft.kind, draft.level, draft.duration) == (Kind.COURSE, Level.BEGINNER, 5400)
    assert (draft.subjects, draft.skills) == (("Technology",), ("Databases",))
    assert draft.authors == ("Ines Okafor",)
    assert str(draft.published) == "2023-11-14 22:13:20+00:00"
    assert connector("linkedin-learning").left(LINKEDIN) == ("contents",)


def test_udemy_business() -> None:
    draft = read("udemy-business", UDEMY)
    assert (draft.title, draft.summary) == ("Spreadsheets from scratch", "Formulas that work.")
    assert (draft.duration, draft.level, draft.language) == (5400, Level.BEGINNER, "en-US")
    assert draft.subjects == ("Office Productivity", "Excel")
    assert draft.prerequisites == ("A spreadsheet program",)
    assert [p.text for p in draft.parts] == ["Write formulas", "Draw charts"]
    assert connector("udemy-business").left(UDEMY) == ("num_lectures",)


def test_coursera_for_business() -> None:
    draft = read("coursera-business", COURSERA)
    assert (draft.title, draft.kind) == ("Statistics in practice", Kind.PATH)
    assert (draft.duration, draft.level) == (36000, Level.INTERMEDIATE)
    assert (draft.provider, draft.skills) == ("Example University", ("Regression",))
    assert draft.subjects == ("data-science", "statistics")
    assert draft.url == "https://www.coursera.org/programs/p?collection=x"


def test_go1() -> None:
    draft = read("go1", GO1)
    assert (draft.title, draft.kind, draft.summary) == (
        "Managing your time",
        Kind.PATH,
        "Plan a week.",
    )
    assert (draft.cost, draft.currency, draft.provider) == (12.5, "AUD", "Example Learning")
    assert (draft.url, draft.subjects) == ("https://www.go1.com/play/1234", ("Productivity",))


def test_edx() -> None:
    draft = read("edx", EDX)
    assert (draft.title, draft.language, draft.level) == (
        "Statistics for engineers",
        "de",
        Level.ADVANCED,
    )
    assert (draft.provider, draft.kind) == ("Example Institute", Kind.COURSE)
    assert (draft.subjects, draft.skills) == (
        ("Data Analysis & Statistics",),
        ("Regression analysis",),
    )


@pytest.mark.parametrize(
    ("preset", "item"),
    [
        (
            "linkedin-learning",
            {
                "urn": "u",
                "title": {"value": "T"},
                "details": {"urls": {"webLaunch": "https://a.example/"}},
            },
        ),
        ("udemy-business", {"id": 1, "title": "T", "url": "/course/t"}),
        ("coursera-business", {"contentId": "1", "name": "T", "contentUrl": "https://a.example/"}),
        ("go1", {"id": "1", "lo_id": "2", "core": {"title": "T"}}),
        ("edx", {"key": "k", "title": "T", "marketing_url": "https://a.example/"}),
    ],
)
def test_the_barest_item_can_be_read(preset: str, item: dict[str, Any]) -> None:
    draft = read(preset, item)
    assert draft.title == "T"
    assert draft.unmapped == ()


def coursera(items: list[Any], query: dict[str, str]) -> Any:
    start = int(query.get("start", "0"))
    paging = {"total": len(items)} | ({"next": str(start + 1)} if start + 1 < len(items) else {})
    return {"elements": items[start : start + 1], "paging": paging}


def django(items: list[Any], query: dict[str, str]) -> Any:
    page = int(query.get("page", "1"))
    more = f"?page={page + 1}" if page < len(items) else None
    return {"count": len(items), "next": more, "results": items[page - 1 : page]}


def go1(items: list[Any], query: dict[str, str]) -> Any:
    start = int(query["offset"])
    return {"total": len(items), "hits": items[start : start + 1]}


def linkedin(items: list[Any], query: dict[str, str]) -> Any:
    start = int(query.get("start", "0"))
    later = {"rel": "next", "href": f"/v2/learningAssets?q=localeAndType&start={start + 1}"}
    links = [{"rel": "prev", "href": "/x"}, *([later] if start + 1 < len(items) else [])]
    paging = {"total": len(items), "start": start, "links": links}
    return {"elements": items[start : start + 1], "paging": paging}


@pytest.mark.parametrize(
    ("preset", "shape", "item", "key", "access"),
    [
        ("coursera-business", coursera, COURSERA, "contentId", "Bearer t"),
        ("edx", django, EDX, "aggregation_key", "JWT t"),
        ("go1", go1, GO1, "id", "Bearer t"),
        ("linkedin-learning", linkedin, LINKEDIN, "urn", "Bearer t"),
        ("udemy-business", django, UDEMY, "id", "Basic Y2xpZW50OnM="),
    ],
)
def test_pages_are_walked_with_access(
    preset: str, shape: Any, item: dict[str, Any], key: str, access: str
) -> None:
    items = [{**item, key: name} for name in ("a", "b", "c")]

    def server(request: PreparedRequest) -> Answer:
        if request.method == "POST":
            return Answer({"access_token": "t", "expires_in": 1800})
        assert request.headers["Authorization"] == access
        query = parse_qs(urlsplit(str(request.url)).query)
        return Answer(shape(items, {name: values[0] for name, values in query.items()}))

    with served(server)() as scene:
        events = list(Rest(connector(preset).config, scene.http).pull({}))
    assert [e.key for e in events if isinstance(e, Found)] == ["a", "b", "c"]
    assert isinstance(events[-1], Checkpoint)
    assert events[-1].complete


def test_own_settings_hold_over_the_presets() -> None:
    own = {"fields": {"title": "name"}, "params": {"page_size": 50}, "auth": {"user": "me"}}
    config = Settings.model_validate({"preset": "udemy-business", **OWN["udemy-business"], **own})
    assert (config.fields.title, config.fields.url) == ("name", "url")
    assert config.params == {"page_size": 50}
    assert (config.auth.kind, config.auth.user) == ("basic", "me")


def test_blocks_are_merged_and_values_replaced() -> None:
    under = {"a": {"b": 1, "c": {"d": 2}}, "e": 3}
    assert merged(under, {"a": {"c": {"f": 4}}, "e": {"g": 5}}) == {
        "a": {"b": 1, "c": {"d": 2, "f": 4}},
        "e": {"g": 5},
    }
