"""The skills taxonomy."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.answers import skill_answer
from api.callers import Identified
from api.desk import AtDesk
from api.models import SkillAnswer, SkillsAnswer
from api.parameters import only_known
from api.replies import Json, errors
from catalogue.errors import NotFound

router = APIRouter(prefix="/api/v1", tags=["skills"], dependencies=[Depends(only_known)])


@router.get("/skills", response_model=SkillsAnswer, responses=errors(503))
def skills(
    caller: Identified,
    desk: AtDesk,
    q: Annotated[
        str, Query(max_length=200, description="The beginning of a name, or what is meant.")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=100, description="Most skills in the answer.")] = 20,
) -> Json:
    """Skills whose label begins so, then skills near in meaning."""
    begin = desk.services.taxonomy.completing(q, limit)
    results = [{**skill_answer(skill), "score": None} for skill in begin]
    if len(results) < limit and q.strip():
        shown = {skill.id for skill in begin}
        near = desk.services.skill_search(q, limit)
        results += [
            {**skill_answer(skill), "score": round(float(score), 4)}
            for skill, score in near
            if skill.id not in shown
        ]
    return Json({"count": len(results[:limit]), "results": results[:limit]})


@router.get("/skills/{skill:path}", response_model=SkillAnswer, responses=errors(404))
def skill(skill: str, caller: Identified, desk: AtDesk) -> Json:
    """One skill, by its UUID or its URI (percent-encoded)."""
    found = desk.skills.find(skill)
    if found is None:
        raise NotFound(f"there is no skill {skill[:200]!r}")
    return Json(skill_answer(found))
