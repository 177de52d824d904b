"""Sources and runs: how the content gets here, and whether it does."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from api.answers import Json as Written
from api.answers import run_answer
from api.callers import Identified
from api.desk import AtDesk, Desk
from api.operation_models import RunAnswer, RunsAnswer, SourcesAnswer
from api.parameters import only_known
from api.replies import Json, errors
from catalogue.model import State
from catalogue.records import Source

router = APIRouter(prefix="/api/v1", tags=["operations"], dependencies=[Depends(only_known)])


@router.get("/sources", response_model=SourcesAnswer, responses=errors())
def sources(caller: Identified, desk: AtDesk) -> Json:
    """The sources whose items the caller may see, and how each is doing."""
    counts = desk.services.catalogue.items.counts()
    found = [_source(desk, one, counts.get(one.name, {})) for one in desk.sources(caller)]
    return Json({"results": found})


@router.get("/runs", response_model=RunsAnswer, responses=errors())
def runs(
    caller: Identified,
    desk: AtDesk,
    source: Annotated[str | None, Query(max_length=500, description="Only of this source.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Most runs in the answer.")] = 20,
) -> Json:
    """What the latest runs did and how they ended, latest first."""
    return Json({"results": [run_answer(run) for run in desk.runs(source, limit, caller)]})


@router.get("/runs/{number}", response_model=RunAnswer, responses=errors(404))
def run(number: Annotated[int, Path(ge=1, le=2**31 - 1)], caller: Identified, desk: AtDesk) -> Json:
    """One run."""
    return Json(run_answer(desk.run(number, caller)))


def _source(desk: Desk, source: Source, counts: Mapping[State, int]) -> Written:
    catalogue = desk.services.catalogue
    hold = catalogue.sources.held(source.name)
    latest = catalogue.runs.list(source.name, 1)
    return {
        "name": source.name,
        "connector": source.connector,
        "owner": source.owner,
        "provider": source.provider,
        "publishes": "at once" if source.publish else "after review",
        "approved": catalogue.sources.approved(source.name),
        "items": {state.value: count for state, count in counts.items()},
        "failures": catalogue.failures.count(source.name),
        "held": hold
        and {"since": hold.since.isoformat(), "vanished": len(hold.keys), "live": hold.live},
        "last_run": run_answer(latest[0]) if latest else None,
    }
