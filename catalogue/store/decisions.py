"""The log of what people decided besides their reviews of tags. Append-only."""

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, select

from catalogue.model import ItemKey
from catalogue.records import Decision
from catalogue.store.database import Database
from catalogue.store.schema import decisions


def record(conn: Connection, decision: Decision) -> None:
    conn.execute(decisions.insert().values(**asdict(decision)))


@dataclass(frozen=True, slots=True)
class Decisions:
    database: Database

    def of(self, item: ItemKey) -> list[Decision]:
        """What was decided on an item, or with key "" on its source; oldest first."""
        mine = (decisions.c.source == item.source) & (decisions.c.key == item.key)
        with self.database.read() as conn:
            rows = conn.execute(select(decisions).where(mine).order_by(decisions.c.id))
            return [Decision(r.source, r.key, r.action, r.who, r.at) for r in rows]
