"""`GET /api/v1/search` and a skill's items."""

from collections.abc import Iterable
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request

from api.answers import search_answer
from api.callers import Identified, KeySent, identify
from api.desk import AtDesk
from api.models import SearchAnswer
from api.parameters import SearchParameters, only_known
from api.replies import Json, errors
from catalogue.errors import NotFound
from config.settings import Settings
from index.search import SearchResult

router = APIRouter(prefix="/api/v1", tags=["search"], dependencies=[Depends(only_known)])

Asked = Annotated[SearchParameters, Query()]


@router.get("/search", response_model=SearchAnswer, responses=errors(503))
def search(request: Request, asked: Asked, key: KeySent, desk: AtDesk) -> Json:
    """Items by words, by skills, or both.

    With a `q` the best come first, each with the passage that answers best; without one, the
    newest.
    """
    # Who asks is looked up here: a dependency that asks the database is handed to a thread too.
    result = desk.search(asked, identify(desk.services, key))
    return _answer(request, asked, result, desk.services.settings)


@router.get("/skills/{skill:path}/items", response_model=SearchAnswer, responses=errors(404, 503))
def skill_items(
    request: Request, skill: str, asked: Asked, caller: Identified, desk: AtDesk
) -> Json:
    """Items that teach this skill: a search with that filter, and any further ones."""
    found = desk.skills.find(skill)
    if found is None:
        raise NotFound(f"there is no skill {skill[:200]!r}")
    narrowed = asked.model_copy(update={"skill": [*asked.skill, found.id]})
    result = desk.search(narrowed, caller)
    return _answer(request, asked, result, desk.services.settings)


def _answer(
    request: Request, asked: SearchParameters, result: SearchResult, settings: Settings
) -> Json:
    base = (settings.public_url or str(request.base_url)).rstrip("/")
    steps = neighbours(asked, result.next_cursor, request.query_params.multi_items())
    links = {
        name: f"{base}{request.url.path}?{urlencode(query)}" if query else None
        for name, query in steps.items()
    }
    return Json(search_answer(result, links, explain=asked.explain))


def neighbours(
    asked: SearchParameters, cursor: str | None, query: Iterable[tuple[str, str]]
) -> dict[str, list[tuple[str, str]] | None]:
    """The queries for the results after and before these, where there are any."""
    same = [(name, value) for name, value in query if name not in ("cursor", "offset")]
    before = max(0, asked.offset - asked.limit)
    return {
        "next": [*same, ("cursor", cursor)] if cursor else None,
        "previous": [*same, ("offset", str(before))] if asked.offset else None,
    }
