"""From a point's payload back to what a caller reads. Pure."""

from datetime import datetime

from catalogue.model import Delivery, Kind, Level, Locator, Place, State
from config.taxonomy import SkillId, Taxonomy
from index.engine import Payload
from index.facets import label
from index.points import DEAD, FREE
from index.values import FacetName, FoundItem, FoundPassage, FoundSkill


def found_item(first: Payload, taxonomy: Taxonomy) -> FoundItem:
    """`first` is the payload of the item's first point."""
    return FoundItem(
        id=first["item"],
        source=first["source"],
        key=first["key"],
        title=first.get("title", ""),
        url=first.get("url", ""),
        kind=Kind(first["kind"]),
        state=State(first["state"]),
        summary=first.get("summary", ""),
        level=Level(first["level"]) if "level" in first else None,
        language=first.get("language"),
        provider=first.get("provider", ""),
        delivery=Delivery(first["delivery"]) if "delivery" in first else None,
        duration=first.get("duration"),
        free=first["free"] == FREE if "free" in first else None,
        cost=first.get("cost"),
        currency=first.get("currency", ""),
        published=_moment(first.get("published")),
        updated=_moment(first.get("updated")),
        licence=first.get("licence", ""),
        image=first.get("image", ""),
        authors=tuple(first.get("authors", ())),
        subjects=tuple(first.get("subjects", ())),
        skills=_skills(first, taxonomy),
        dead=first.get("link") == DEAD,
    )


def found_passage(point: Payload, highlights: tuple[tuple[int, int], ...] = ()) -> FoundPassage:
    return FoundPassage(
        number=point["number"],
        text=point.get("text", ""),
        heading=point.get("heading", ""),
        locator=_locator(point.get("locator")),
        highlights=highlights,
    )


def found_skill(id: SkillId, taxonomy: Taxonomy, probability: float) -> FoundSkill:
    return FoundSkill(id, label(FacetName.SKILL, id, taxonomy), probability)


def _skills(point: Payload, taxonomy: Taxonomy) -> tuple[FoundSkill, ...]:
    return tuple(
        found_skill(tag["skill"], taxonomy, tag["probability"]) for tag in point.get("tags", ())
    )


def _locator(kept: Payload | None) -> Locator | None:
    return Locator(Place(kept["place"]), kept["value"], kept.get("url")) if kept else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
