"""Searching from a terminal: by asking the process that serves, else in this one."""

from collections.abc import Mapping, Sequence
from typing import Any

import requests

from catalogue.errors import BadRequest, NeedsPerson, TryLater
from config.settings import Settings
from flows.workshop import Workshop
from index.lock import publisher

Query = Mapping[str, str | int | bool | Sequence[str]]


def find(shop: Workshop, query: Query) -> dict[str, Any]:
    """What the API answers to these parameters of `/api/v1/search`."""
    at = publisher(shop.settings.index_path)
    return asked(at, shop.settings, query) if at else found_here(shop, query)


def asked(at: str, settings: Settings, query: Query) -> dict[str, Any]:
    """The answer of the server at `at`, which holds the index."""
    key = settings.api_key.get_secret_value() if settings.api_key else None
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        reply = requests.get(f"{at}/api/v1/search", dict(query), headers=headers, timeout=30)
        answer: dict[str, Any] = reply.json()
    except (requests.RequestException, ValueError):
        raise TryLater(f"the server at {at} holds the index and does not answer") from None
    if reply.status_code == 401:
        raise NeedsPerson(f"the server at {at} wants an API key; set SKILLSHELF_API_KEY")
    if not reply.ok:
        raise BadRequest(str(answer.get("detail", reply.reason)))
    return answer


def found_here(shop: Workshop, query: Query) -> dict[str, Any]:
    from api.answers import search_answer
    from api.callers import OPERATOR
    from api.desk import Desk
    from api.named_skills import NamedSkills
    from api.parameters import SearchParameters
    from verbs.serving import services

    with services(shop) as handed:
        desk = Desk(handed, NamedSkills(handed.taxonomy, handed.skill_search))
        parameters = SearchParameters.model_validate(dict(query))
        result = desk.search(parameters, OPERATOR)
    return search_answer(result, {"next": None, "previous": None}, explain=parameters.explain)
