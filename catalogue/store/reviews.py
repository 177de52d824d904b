"""What people said of tags. Nothing here updates or deletes, and the database refuses it."""

from dataclasses import dataclass

from sqlalchemy import exists, select

from catalogue.decide import PRESENT
from catalogue.errors import NotFound
from catalogue.model import Item, ItemKey, Review, Standing
from catalogue.store.database import Database
from catalogue.store.rows import CHUNK, read_items, read_review, select_items
from catalogue.store.schema import items, reviews, tags
from catalogue.store.sequence import renumber


@dataclass(frozen=True, slots=True)
class Reviews:
    database: Database

    def add(self, review: Review) -> Item:
        """Appends the review; the item as it stands then. Raises NotFound."""
        key = review.item
        mine = (items.c.source == key.source) & (items.c.key == key.key)
        with self.database.change() as conn:
            item = conn.execute(select(items.c.id).where(mine)).scalar()
            if item is None:
                raise NotFound(f"there is no item {key.key!r} of {key.source}")
            said = {"skill": review.skill, "verdict": review.verdict, "who": review.who}
            where = {"source": key.source, "key": key.key, "why": review.why, "at": review.at}
            conn.execute(reviews.insert().values(**said, **where))
            renumber(conn, [item], self.database.clock())
            return read_items(conn, conn.execute(select_items().where(mine)).all())[0]

    def of(self, item: ItemKey) -> list[Review]:
        """Oldest first."""
        mine = (reviews.c.source == item.source) & (reviews.c.key == item.key)
        with self.database.read() as conn:
            rows = conn.execute(select(reviews).where(mine).order_by(reviews.c.id))
            return [read_review(row) for row in rows]

    def suggestions(
        self, source: str | None = None, limit: int = 20, after_id: int = 0
    ) -> list[Item]:
        """Present items with at least one tag that waits for a person, from after `after_id`."""
        tagged = exists().where(tags.c.item == items.c.id)
        let_in = items.c.filtered == ""
        query = select_items().where(items.c.state.in_(PRESENT), let_in, tagged)
        if source is not None:
            query = query.where(items.c.source == source)
        waiting: list[Item] = []
        with self.database.read() as conn:
            while len(waiting) < limit:
                page = query.where(items.c.id > after_id).order_by(items.c.id).limit(CHUNK)
                rows = conn.execute(page).all()
                waiting += [item for item in read_items(conn, rows) if _waits(item)]
                if len(rows) < CHUNK:
                    break
                after_id = rows[-1].id
        return waiting[:limit]


def _waits(item: Item) -> bool:
    return any(tag.standing is Standing.SUGGESTED for tag in item.tags)
