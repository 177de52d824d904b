"""Whether the process lives, and whether it can answer. Both without a key."""

from fastapi import APIRouter, Depends

from api.desk import AtDesk, Desk
from api.operation_models import Alive, Ready
from api.parameters import only_known
from api.replies import Json
from catalogue.errors import SkillshelfError

router = APIRouter(tags=["health"], dependencies=[Depends(only_known)])


@router.get("/healthz", response_model=Alive)
async def alive() -> Json:
    """The process lives."""
    return Json({"status": "alive"})


@router.get("/readyz", response_model=Ready, responses={503: {"model": Ready}})
def ready(desk: AtDesk) -> Json:
    """The catalogue and the index are open, the encoder encodes; how far search lags behind."""
    try:
        state = _state(desk)
    except SkillshelfError:
        state = {"status": "not open", "head": 0, "applied": 0, "lag": 0}
    return Json(state, 200 if state["status"] == "ready" else 503)


def _state(desk: Desk) -> dict[str, int | str]:
    """An index that follows another life of the catalogue, or has not begun, says too little."""
    changes = desk.services.catalogue.changes
    mark = desk.services.watermark()
    desk.services.skill_search("ready", 1)
    head, same = changes.head(), mark.epoch == changes.epoch()
    applied = mark.sequence if same else 0
    status = "ready" if same or head == 0 else "not followed yet"
    return {"status": status, "head": head, "applied": applied, "lag": max(0, head - applied)}
