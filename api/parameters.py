"""Parameters of a search as they stand in an address, and what they ask of the index."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any, Self

from fastapi import FastAPI, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from api.callers import Caller
from api.problems import unknown_parameter
from catalogue.model import Delivery, Kind, Level
from config.taxonomy import Skill
from index.search import MAX_LIMIT, WINDOW, FacetName, Filters, SearchRequest, SkillMatch


class SortBy(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"


class LinkState(StrEnum):
    ALIVE = "alive"
    DEAD = "dead"


class Aggregation(StrEnum):
    """Facets by the names of the parameters that filter by them."""

    SKILL = "skill"
    RESOURCE_TYPE = "resource_type"
    LEVEL = "level"
    LANGUAGE = "language"
    PROVIDER = "provider"
    SOURCE = "source"
    DELIVERY = "delivery"
    FREE = "free"


FACETS: Mapping[Aggregation, FacetName] = {
    one: FacetName("kind" if one is Aggregation.RESOURCE_TYPE else one) for one in Aggregation
}
MOST_DIGITS = 9  # of a duration in seconds: 31 years
NAMED: Mapping[FacetName, Aggregation] = {facet: one for one, facet in FACETS.items()}


def _seconds(value: object) -> object:
    """Plain digits are seconds; everything else is left to pydantic, which reads ISO 8601."""
    plain = isinstance(value, str) and value.isdecimal() and len(value) <= MOST_DIGITS
    return timedelta(seconds=int(str(value))) if plain else value


def _moment(value: object) -> object:
    """A date alone is its first moment; a time without a zone is UTC."""
    if not isinstance(value, str):
        return value
    try:
        return datetime.combine(date.fromisoformat(value), time(), UTC)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(value.replace(" ", "+"))
    except ValueError:
        raise ValueError("give a date or a time in ISO 8601, such as 2026-03-31") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime, BeforeValidator(_moment)]
Tag = Annotated[str, Field(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]
Name = Annotated[str, Field(max_length=500)]


class SearchParameters(BaseModel):
    """Repeat a parameter to allow several values; different parameters must all hold."""

    model_config = ConfigDict(frozen=True)

    q: str = Field("", max_length=1000, description="What to look for, in plain words.")
    limit: int = Field(20, ge=1, le=MAX_LIMIT, description="Most results in one answer.")
    offset: int = Field(
        0, ge=0, le=WINDOW - 1, description="Results to pass over; for more use the `cursor`."
    )
    cursor: str | None = Field(
        None, max_length=32_000, description="Continues an earlier answer: its `cursor`."
    )
    sortby: SortBy | None = Field(
        None, description="`relevance` needs a `q`, and is the default with one; else `newest`."
    )
    resource_type: list[Kind] = Field([], description="Kinds of learning resource.")
    skill: list[Name] = Field(
        [], max_length=20, description="Skills taught: a URI, its UUID, or a label of the taxonomy."
    )
    skill_match: SkillMatch = Field(
        SkillMatch.ANY, description="Whether one of the skills is enough, or all must be taught."
    )
    min_skill_confidence: float = Field(
        0, ge=0, le=1, description="Least probability of the tag by which a `skill` counts."
    )
    level: list[Level] = Field([], description="Levels.")
    language: list[Tag] = Field([], description="Languages, as BCP 47 tags.")
    provider: list[Name] = Field([], description="Providers, by their full names.")
    source: list[Name] = Field([], description="Sources, by their names in this installation.")
    delivery: list[Delivery] = Field([], description="Ways of delivery.")
    max_duration: Annotated[timedelta, BeforeValidator(_seconds), Field(gt=timedelta())] | None = (
        Field(None, description="Longest duration: seconds, or ISO 8601 such as PT1H30M.")
    )
    free: bool | None = Field(None, description="Only what is free of charge, or only what is not.")
    link_status: LinkState | None = Field(
        None, description="`alive` leaves out items whose link was found dead; `dead` shows those."
    )
    published_since: Moment | None = Field(None, description="A date or a time, ISO 8601.")
    updated_since: Moment | None = Field(None, description="A date or a time, ISO 8601.")
    aggregations: list[Aggregation] = Field(
        [], description="Facets to count; each ignores the filter on itself."
    )
    explain: bool = Field(False, description="Say of each result why it stands where it stands.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.cursor is not None and self.offset:
            raise ValueError("`cursor` and `offset` exclude each other")
        if self.min_skill_confidence and not self.skill:
            raise ValueError("`min_skill_confidence` needs a `skill`")
        if self.sortby is SortBy.RELEVANCE and not self.q.strip():
            raise ValueError("`sortby=relevance` needs a `q`")
        if self.sortby is SortBy.NEWEST and self.q.strip():
            # Everything is near a text in some degree: its newest match is just the newest.
            raise ValueError("`sortby=newest` lists what passes the filters and takes no `q`")
        return self


def wanted(
    parameters: SearchParameters, caller: Caller, skill_named: Callable[[str], Skill]
) -> SearchRequest:
    """Raises what `skill_named` raises of an unknown skill."""
    return SearchRequest(
        groups=None if caller.is_operator else caller.groups,
        text=parameters.q.strip(),
        filters=_filters(parameters, tuple(skill_named(text).id for text in parameters.skill)),
        limit=parameters.limit,
        offset=parameters.offset,
        cursor=parameters.cursor,
        facets=tuple(FACETS[name] for name in dict.fromkeys(parameters.aggregations)),
        explain=parameters.explain,
    )


def _filters(parameters: SearchParameters, skills: tuple[str, ...]) -> Filters:
    longest = parameters.max_duration
    return Filters(
        skills=skills,
        skill_match=parameters.skill_match,
        min_probability=parameters.min_skill_confidence,
        kinds=tuple(parameters.resource_type),
        levels=tuple(parameters.level),
        languages=tuple(parameters.language),
        providers=tuple(parameters.provider),
        sources=tuple(parameters.source),
        deliveries=tuple(parameters.delivery),
        max_duration=None if longest is None else int(longest.total_seconds()),
        free=parameters.free,
        dead=None if parameters.link_status is None else parameters.link_status is LinkState.DEAD,
        published_since=parameters.published_since,
        updated_since=parameters.updated_since,
    )


Known = Mapping[tuple[str, str], Sequence[str]]


def known_parameters(document: Mapping[str, Any]) -> Known:
    """The query parameters of each method and path, as the OpenAPI document has them.

    The pages are not in the document; their search takes what the API's takes.
    """
    described = _described(document)
    searched = described["GET", "/api/v1/search"]
    return {**described, ("GET", "/"): searched, ("GET", "/sign-in"): ["next"]}


def _described(document: Mapping[str, Any]) -> Known:
    return {
        (method.upper(), path): [
            one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"
        ]
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }


async def only_known(request: Request) -> None:
    """Refuses a parameter that the document does not have: a misspelt filter finds too much."""
    app: FastAPI = request.app
    known = app.state.parameters.get((request.method, request.scope["route"].path_format), ())
    for name in request.query_params:
        if name not in known:
            raise unknown_parameter(name, known)
