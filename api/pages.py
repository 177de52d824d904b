"""The pages for people: search, one item, and the description of the API."""

from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from api import views
from api.callers import Caller, Identified
from api.desk import AtDesk, Desk
from api.items import Number, told
from api.models import NewReview
from api.parameters import NAMED, SearchParameters, only_known
from api.places import spoken_duration
from api.problems import bad_value
from api.reference import operations
from api.rendering import form, page
from catalogue.model import Verdict
from index.search import SearchResult

router = APIRouter(include_in_schema=False, dependencies=[Depends(only_known)])

PAGE_SIZE = 10
REVIEWER = "skillshelf_reviewer"  # a cookie with the name that the operator gave last

Posted = Annotated[dict[str, str], Depends(form)]


@router.get("/")
def front(
    request: Request,
    asked: Annotated[SearchParameters, Query()],
    caller: Identified,
    desk: AtDesk,
) -> Response:
    facets = [NAMED[name] for name in views.SHOWN_FACETS]
    size = asked.limit if "limit" in asked.model_fields_set else PAGE_SIZE
    skills = {name: desk.skills.resolve(name).id for name in asked.skill if name.strip()}
    update = {"aggregations": facets, "limit": size, "skill": list(skills.values())}
    asked = asked.model_copy(update=update)
    query = _query(request, skills)
    return _search_page(query, asked, desk.search(asked, caller), desk, caller)


def _query(request: Request, skills: dict[str, str]) -> views.Query:
    """The parameters as given, skills by their ids and without what is empty."""
    return tuple(
        (name, skills.get(value, value) if name == "skill" else value)
        for name, value in request.query_params.multi_items()
        if value
    )


def _search_page(
    query: views.Query, asked: SearchParameters, result: SearchResult, desk: Desk, caller: Caller
) -> Response:
    before, after = views.pages(query, asked, result)
    labels = {skill: desk.label(skill) for skill in asked.skill}
    return page(
        "search.html",
        asked=asked,
        reader=caller,
        result=result,
        hits=views.shown(query, result.hits),
        groups=views.facet_groups(query, result.facets),
        durations=views.duration_group(query),
        chosen=views.chosen_filters(query, labels),
        kept=views.own_words(query, ("q", "explain")),
        kept_for_skill=views.own_words(query, ()),
        explain=views.replaced(query, "explain", None if asked.explain else "true"),
        before=before,
        after=after,
        clear=views.address([("q", asked.q)] if asked.q else []),
        nearest=_nearest(asked.q, desk) if not result.hits else [],
    )


def _nearest(text: str, desk: Desk) -> list[views.Choice]:
    return [
        views.Choice(skill.label, views.address([("skill", skill.id)]))
        for skill in (desk.skills.near(text) if text.strip() else [])
    ]


@router.get("/items/{number}")
def item(request: Request, number: Number, caller: Identified, desk: AtDesk) -> Response:
    found = desk.item(number, caller)
    return page(
        "item.html",
        item=told(found, desk, caller),
        address=found.draft.url,
        duration=spoken_duration(found.duration),
        language=views.language_name(found.language) if found.language else "",
        reviews=[(review, desk.label(review.skill)) for review in desk.reviews(found)][::-1],
        reader=caller,
        who=caller.name or unquote(request.cookies.get(REVIEWER, "")),
    )


@router.post("/items/{number}/reviews")
def review(number: Number, posted: Posted, caller: Identified, desk: AtDesk) -> Response:
    """One button of the item's page was pressed: its name is the verdict, its value the skill."""
    said = _said(posted)
    desk.review(desk.item(number, caller), said, caller)
    answer = RedirectResponse(f"/items/{number}", 303)
    if not caller.name:
        answer.set_cookie(REVIEWER, quote(said.who), httponly=True, samesite="strict")
    return answer


def _said(posted: dict[str, str]) -> NewReview:
    # A button says more than what may stand half typed in the field for a further skill.
    order = (Verdict.ACCEPT, Verdict.REJECT, Verdict.ADD)
    verdict = next((one for one in order if posted.get(one, "").strip()), None)
    if verdict is None:
        raise bad_value("skill", "say which skill is taught or not")
    skill, why, who = (posted.get(name, "").strip()[:500] for name in (verdict, "why", "who"))
    return NewReview(skill=skill, verdict=verdict, why=why, who=who[:200])


@router.get("/docs")
def description(request: Request, caller: Identified) -> Response:
    """The OpenAPI document for people."""
    document = request.app.openapi()
    return page("docs.html", document=document, operations=operations(document), reader=caller)
