"""Which items are the same work: found by the machine, decided by people."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, or_, select

from catalogue.decide import PRESENT
from catalogue.errors import BadRequest, NotFound
from catalogue.model import Item, ItemKey
from catalogue.store import grouping, printing
from catalogue.store.database import Database
from catalogue.store.rows import chunks, read_items, select_items
from catalogue.store.schema import items
from catalogue.store.works_schema import fingerprints, work_reviews, works
from catalogue.works import Compare, Link, Pair, Printed, Relation, Said, pair


@dataclass(frozen=True, slots=True)
class Work:
    """Items that are one thing; the first stands for all. `links` say why, where a machine did."""

    items: tuple[Item, ...]
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Works:
    database: Database

    def waiting(self, version: str, limit: int, after_id: int = 0) -> list[Item]:
        """Enriched items that were not examined as they are now, with their parts."""
        done = and_(
            fingerprints.c.version == version,
            fingerprints.c.model_hash == items.c.model_hash,
            fingerprints.c.rest_hash == items.c.rest_hash,
            fingerprints.c.state == items.c.state,
        )
        query = select_items().outerjoin(fingerprints, fingerprints.c.item == items.c.id)
        query = query.where(items.c.id > after_id, _EXAMINED, or_(~done, done.is_(None)))
        with self.database.read() as conn:
            rows = conn.execute(query.order_by(items.c.id).limit(limit)).all()
            return read_items(conn, rows, with_parts=True)

    def examine(
        self, version: str, read: Sequence[Item], prints: Sequence[Printed], compare: Compare
    ) -> int:
        """Compares these items with those they meet; how many items' work became another.

        `prints` are those of `read`, one by one. An item that changed since it was read is left
        for the next time.
        """
        with self.database.change() as conn:
            rows = {row.id: row for row in _rows(conn, [item.id for item in read])}
            current = {item.id for item in read if rows[item.id].sequence == item.sequence}
            chosen = [one for one in prints if one.item in current]
            printing.store(conn, version, chosen, rows)
            links = _links(conn, chosen, compare)
            affected = grouping.replace(conn, [one.item for one in chosen], links)
            return grouping.regroup(conn, affected, self.database.clock())

    def drop_absent(self) -> int:
        """Takes items that are no longer present out of their works; how many works changed."""
        query = select(fingerprints.c.item).join(items, items.c.id == fingerprints.c.item)
        with self.database.read() as conn:
            if not conn.execute(query.where(~_EXAMINED).limit(1)).first():
                return 0
        with self.database.change() as conn:
            gone = conn.scalars(query.where(~_EXAMINED)).all()
            affected = grouping.replace(conn, gone, ())
            printing.forget_marks(conn, gone)
            for chunk in chunks(gone):
                conn.execute(delete(fingerprints).where(fingerprints.c.item.in_(chunk)))
            return grouping.regroup(conn, affected, self.database.clock())

    def count(self) -> tuple[int, int]:
        """How many works have more than one item, and how many items they have together."""
        query = select(func.count(works.c.leader.distinct()), func.count())
        with self.database.read() as conn:
            found, members = conn.execute(query).one()
            return found, members

    def of(self, key: ItemKey) -> Work:
        """The work of an item; of nothing else where it stands alone. Raises NotFound."""
        with self.database.read() as conn:
            return _work_of(conn, _named(conn, key))

    def translations(self, key: ItemKey) -> list[Item]:
        """Items that are this one's work in another language."""
        with self.database.read() as conn:
            own = {item.id for item in _work_of(conn, _named(conn, key)).items}
            links = grouping.related(conn, own, Relation.TRANSLATION)
            others = {item for link in links for item in link.pair} - own
            leaders = grouping.led(conn, others)
            return _items(conn, sorted({leaders.get(item, item) for item in others} - own))

    def split(self, key: ItemKey, who: str, why: str = "") -> Work:
        """A person says that an item is not the same as the others of its work."""
        with self.database.change() as conn:
            mine = _named(conn, key)
            others = [item.key for item in _work_of(conn, mine).items if item.id != mine]
            if not others:
                raise BadRequest(f"{key.key!r} of {key.source} is folded with nothing")
            self._say(conn, [(key, other) for other in others], who, why, same=False)
            return _work_of(conn, mine)

    def merge(self, one: ItemKey, other: ItemKey, who: str, why: str = "") -> Work:
        """A person says that two items are the same work, and with them their works."""
        with self.database.change() as conn:
            works_of = [_work_of(conn, _named(conn, key)) for key in (one, other)]
            said = grouping.people(conn)
            pairs = [
                (a.key, b.key)
                for a in works_of[0].items
                for b in works_of[1].items
                if (a.key, b.key) == (one, other) or said.get(pair(a.id, b.id)) is False
            ]
            if one == other:
                raise BadRequest("name two different items")
            self._say(conn, pairs, who, why, same=True)
            return _work_of(conn, _named(conn, one))

    def said(self, key: ItemKey) -> Sequence[Said]:
        """What people said of an item and others; oldest first."""
        mine = and_(work_reviews.c.source == key.source, work_reviews.c.key == key.key)
        its = and_(work_reviews.c.other_source == key.source, work_reviews.c.other_key == key.key)
        query = select(work_reviews).where(or_(mine, its)).order_by(work_reviews.c.id)
        with self.database.read() as conn:
            return [
                Said(
                    ItemKey(r.source, r.key),
                    ItemKey(r.other_source, r.other_key),
                    r.same,
                    r.who,
                    r.why,
                    r.at,
                )
                for r in conn.execute(query)
            ]

    def page(self, source: str | None = None, limit: int = 100, after: int = 0) -> Sequence[Work]:
        """Works of more than one item, one of them from `source`, by their leaders' ids."""
        query = select(works.c.leader).join(items, items.c.id == works.c.item).distinct()
        query = query.where(works.c.leader > after)
        if source is not None:
            query = query.where(items.c.source == source)
        with self.database.read() as conn:
            leaders = conn.scalars(query.order_by(works.c.leader).limit(limit)).all()
            return _read(conn, leaders)

    def _say(
        self,
        conn: Connection,
        pairs: Iterable[tuple[ItemKey, ItemKey]],
        who: str,
        why: str,
        *,
        same: bool,
    ) -> None:
        now = self.database.clock()
        spoken = {"who": who, "why": why, "at": now, "same": same}
        touched = set()
        for one, other in pairs:
            names = {"source": one.source, "key": one.key}
            names |= {"other_source": other.source, "other_key": other.key}
            conn.execute(work_reviews.insert().values(**names, **spoken))
            touched |= {_named(conn, one), _named(conn, other)}
        grouping.regroup(conn, touched, now)


_EXAMINED: ColumnElement[bool] = and_(
    items.c.state.in_(PRESENT), items.c.filtered == "", items.c.enriched_hash == items.c.model_hash
)


def _links(conn: Connection, chosen: Sequence[Printed], compare: Compare) -> list[Link]:
    near = printing.met(conn, chosen)
    known = printing.read(conn, {*chain.from_iterable(near.values()), *near})
    pairs: set[Pair] = {pair(one, other) for one, others in near.items() for other in others}
    judged = ((each, compare(known[each[0]], known[each[1]])) for each in sorted(pairs))
    return [Link(each, judgement) for each, judgement in judged if judgement is not None]


def _rows(conn: Connection, ids: Collection[int]) -> Sequence[Row[Any]]:
    query = select(items.c.id, items.c.sequence, items.c.model_hash, items.c.rest_hash)
    query = query.add_columns(items.c.state)
    return [
        row
        for chunk in chunks(ids)
        for row in conn.execute(query.where(items.c.id.in_(chunk)).order_by(items.c.id))
    ]


def _named(conn: Connection, key: ItemKey) -> int:
    mine = and_(items.c.source == key.source, items.c.key == key.key)
    found = conn.execute(select(items.c.id).where(mine)).scalar()
    if found is None:
        raise NotFound(f"there is no item {key.key!r} of {key.source}")
    return int(found)


def _work_of(conn: Connection, item: int) -> Work:
    leader = grouping.led(conn, [item]).get(item)
    return Work(tuple(_items(conn, [item]))) if leader is None else _read(conn, [leader])[0]


def _read(conn: Connection, leaders: Sequence[int]) -> list[Work]:
    query = select(works.c.item, works.c.leader)
    of: dict[int, list[int]] = {leader: [leader] for leader in leaders}
    for chunk in chunks(leaders):
        for row in conn.execute(query.where(works.c.leader.in_(chunk)).order_by(works.c.item)):
            if row.item != row.leader:
                of[row.leader].append(row.item)
    every = [item for members in of.values() for item in members]
    read = {item.id: item for item in _items(conn, every)}
    leader_of = {item: leader for leader, members in of.items() for item in members}
    links: defaultdict[int, list[Link]] = defaultdict(list)
    for link in grouping.related(conn, every, Relation.SAME):
        first, second = (leader_of.get(item) for item in link.pair)
        if first is not None and first == second and link not in links[first]:
            links[first].append(link)
    return [
        Work(tuple(read[item] for item in members), tuple(links[leader]))
        for leader, members in of.items()
    ]


def _items(conn: Connection, ids: Sequence[int]) -> list[Item]:
    found = {
        item.id: item
        for chunk in chunks(ids)
        for item in read_items(
            conn, conn.execute(select_items().where(items.c.id.in_(chunk))).all()
        )
    }
    return [found[item] for item in ids]
