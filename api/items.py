"""Items and what people say of their skills."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path

from api.answers import Related, item_answer, review_answer
from api.callers import Caller, Identified
from api.desk import AtDesk, Desk
from api.models import ItemAnswer, NewReview, ReviewAnswer
from api.parameters import only_known
from api.replies import Json, errors
from catalogue.model import Item

router = APIRouter(prefix="/api/v1", tags=["items"], dependencies=[Depends(only_known)])

# What fits a database's integer column; larger numbers name nothing.
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="The `id` of a search's result.")]


@router.get("/items/{number}", response_model=ItemAnswer, responses=errors(404))
def item(number: Number, caller: Identified, desk: AtDesk) -> Json:
    """One item with its skills: those in effect, those waiting for a person, those rejected."""
    found = desk.item(number, caller)
    return Json(told(found, desk, caller))


@router.get("/items/{number}/reviews", response_model=list[ReviewAnswer], responses=errors(404))
def reviews(number: Number, caller: Identified, desk: AtDesk) -> Json:
    """What people said of the item's skills, oldest first; the latest on each skill holds."""
    found = desk.reviews(desk.item(number, caller))
    return Json([review_answer(review, desk.label(review.skill)) for review in found])


@router.post(
    "/items/{number}/reviews",
    status_code=201,
    response_model=ItemAnswer,
    responses=errors(403, 404),
)
def add_review(number: Number, said: NewReview, caller: Identified, desk: AtDesk) -> Json:
    """Accept or reject a skill of an item, or add one; answers with the item as it then stands.

    Search knows of it as soon as `/readyz` reports the item's `sequence` as applied.
    """
    reviewed, _ = desk.review(desk.item(number, caller), said, caller)
    return Json(told(reviewed, desk, caller), 201)


def told(item: Item, desk: Desk, caller: Caller) -> dict[str, Any]:
    related = Related(desk.same_work(item, caller), desk.translations(item, caller))
    return item_answer(item, desk.passages(item), desk.services.taxonomy, related)
