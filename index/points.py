"""From a change of the catalogue to the points that stand for the item. Pure."""

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalogue.model import Change, Item, ItemKey, Locator, Passage, Standing
from enrichment.quality import worth
from index.engine import FieldType, Payload, Point
from index.words import Sparse, document, searched_text

FREE, PAID = "true", "false"
ALIVE, DEAD = "alive", "dead"  # what is known of the item's link; alive until found dead
SCHEMA = 4  # raise it whenever points or payload below change shape: an index is rebuilt, not mixed

TAUGHT = "tags[].skill"  # the field: skills that a tag in effect says the item teaches

# What is filtered, counted or sorted by; what only travels to the answer stays unindexed. No
# booleans: qdrant-edge-py 0.9.0 reads True as the integer 1, so that matching one finds nothing.
INDEXED: Mapping[str, FieldType] = {
    "of": FieldType.UUID,
    "cluster": FieldType.KEYWORD,
    "number": FieldType.INTEGER,
    "order": FieldType.INTEGER,
    "groups": FieldType.KEYWORD,
    "source": FieldType.KEYWORD,
    "kind": FieldType.KEYWORD,
    "level": FieldType.KEYWORD,
    "languages": FieldType.KEYWORD,
    "provider": FieldType.KEYWORD,
    "delivery": FieldType.KEYWORD,
    "free": FieldType.KEYWORD,
    "duration": FieldType.INTEGER,
    "published": FieldType.DATETIME,
    "updated": FieldType.DATETIME,
    "link": FieldType.KEYWORD,
    TAUGHT: FieldType.KEYWORD,
    "tags[].probability": FieldType.FLOAT,
}
_NAMESPACE = uuid.UUID("5b0c9f3e-6f0e-4d7a-9a53-2f9d8c1b7e40")
_NUMBER = 2**32 - 1
_NUMBER_DIGITS = 8
_FIRST = "0" * _NUMBER_DIGITS
_FIRST_DAY = date(1970, 1, 1).toordinal()
_DAY_SPAN = 2**36  # leaves 16 bits of the 52 a double keeps exactly: days until the year 2149


def point_id(key: ItemKey, number: int) -> str:
    """A UUID of version 5 over the item's key, its last 32 bits replaced by the part's number.

    So an item's points are recognised by their ids alone: reading even one payload field of the 300
    points a search ranks took 12 ms of its 16 (100,000 points, Edge 0.9.0). As 32 hexadecimal
    digits: writing a search's with hyphens, as engines tell them, took 0.17 ms longer.
    """
    name = uuid.uuid5(_NAMESPACE, json.dumps([key.source, key.key]))
    return uuid.UUID(int=name.int & ~_NUMBER | number).hex


def item_id(key: ItemKey) -> str:
    """Names an item within the index: its first point's id, which all its points carry as `of`."""
    return point_id(key, 0)


def item_of(point: str) -> str:
    """The `item_id` of a point's item."""
    return point[:-_NUMBER_DIGITS] + _FIRST


def points(change: Change, vectors: Mapping[str, NDArray[np.float32]]) -> tuple[Point, ...]:
    """One point a passage, numbered from 0; none where the item is not to be seen.

    Point 0 also carries what concerns the whole item (title, summary, link and so on); an item
    without a passage gets a point 0 of its summary. Passages not in `vectors` get no dense vector.
    """
    if change.item is None:
        return ()
    item = change.item
    passages = change.passages or (_stand_in(item),)
    shared = _shared(change, item)
    whole = {**_whole_item(item), "quality": worth(item, change.passages)}
    return tuple(_point(item, passage, shared, whole, vectors) for passage in passages)


def _point(
    item: Item,
    passage: Passage,
    shared: Payload,
    whole: Payload,
    vectors: Mapping[str, NDArray[np.float32]],
) -> Point:
    dense = vectors.get(passage.text_hash)
    first = passage.number == 0
    own = {"number": passage.number, "text": passage.text, **_place(passage)}
    return Point(
        id=point_id(item.key, passage.number),
        payload={**shared, **own, **(whole if first else {})},
        dense=None if dense is None else dense,
        text=document(
            searched_text(item.draft.title, passage.heading, passage.text), item.language
        ),
        title=_title(item) if first else None,
    )


def _stand_in(item: Item) -> Passage:
    text = item.draft.summary or item.draft.title
    return Passage(number=0, text=text, embedded_text=text, text_hash="")


def _title(item: Item) -> Sparse:
    words = " \n".join((item.draft.title, *item.draft.subjects))
    return document(words, item.language)


def _shared(change: Change, item: Item) -> Payload:
    """What every point of the item carries, because any of them may have to pass a filter."""
    draft = item.draft
    tags = [
        {"skill": tag.tag.skill, "probability": tag.tag.probability}
        for tag in item.tags
        if tag.standing is Standing.EFFECTIVE
    ]
    return _known(
        of=item_id(item.key),
        sequence=change.sequence,
        source=item.key.source,
        groups=list(change.visibility),
        kind=draft.kind.value,
        level=item.level.value if item.level else None,
        languages=spoken(item.language),
        provider=draft.provider,
        delivery=draft.delivery.value if draft.delivery else None,
        free=None if draft.cost is None else FREE if draft.cost == 0 else PAID,
        duration=item.duration,
        link=DEAD if item.dead_since else ALIVE,
        published=_moment(draft.published),
        updated=_moment(draft.updated),
        tags=tags,
    )


def _whole_item(item: Item) -> Payload:
    draft = item.draft
    return _known(
        item=item.id,
        key=item.key.key,
        cluster=item_id(item.represented_by) if item.represented_by else None,
        order=order(item),
        state=item.state.value,
        language=item.language,
        title=draft.title,
        summary=draft.summary,
        url=draft.url,
        cost=draft.cost,
        currency=draft.currency,
        licence=draft.licence,
        image=draft.image,
        authors=list(draft.authors),
        subjects=list(draft.subjects),
    )


def order(item: Item) -> int:
    """Sorts by day of the latest update or publication, then by catalogue id; unique.

    Whole days, so that number and id together fit the 53 bits in which engines compare numbers.
    """
    moment = item.draft.updated or item.draft.published or item.first_seen
    day = min(max(moment.astimezone(UTC).toordinal() - _FIRST_DAY, 0), 2**16 - 1)
    return day * _DAY_SPAN + item.id


def day_of(order: int) -> int:
    """The day, counted from 1970, in the number that `order` made."""
    return order // _DAY_SPAN


def spoken(language: str | None) -> list[str]:
    """A BCP 47 tag and its primary subtag, so that asking for "en" finds "en-GB"."""
    if not language:
        return []
    tag = language.lower()
    return list(dict.fromkeys((tag.split("-")[0], tag)))


def _place(passage: Passage) -> Payload:
    return _known(heading=passage.heading, locator=_locator(passage.locator))


def _locator(locator: Locator | None) -> dict[str, str] | None:
    if locator is None:
        return None
    return dict(_known(place=locator.place.value, value=locator.value, url=locator.url))


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def _known(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", [])}
