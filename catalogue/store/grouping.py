"""Relations between items and the works they make, within the caller's transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, insert, or_, select
from sqlalchemy.orm import aliased

from catalogue import wire
from catalogue.links import LinkStatus
from catalogue.model import State
from catalogue.store import printing
from catalogue.store.rows import chunks
from catalogue.store.schema import items, links
from catalogue.store.sequence import renumber
from catalogue.store.upsert import upsert
from catalogue.store.works_schema import fingerprints, relations, work_reviews, works
from catalogue.works import Judgement, Link, Member, Pair, Relation, grouped, pair, representative


@dataclass(slots=True)
class _Neighbourhood:
    """Items that may be one work with each other, and with no item outside."""

    ids: set[int] = field(default_factory=set)
    links: dict[Pair, Link] = field(default_factory=dict)


def replace(conn: Connection, ids: Collection[int], links: Iterable[Link]) -> frozenset[int]:
    """Makes `links` the only relations of these items; all items whose work may be another now."""
    affected = set(ids)
    for chunk in chunks(ids):
        mine = or_(relations.c.first.in_(chunk), relations.c.second.in_(chunk))
        for row in conn.execute(select(relations.c.first, relations.c.second).where(mine)):
            affected |= {row.first, row.second}
        conn.execute(delete(relations).where(mine))
    rows = [_row(link) for link in links]
    if rows:
        conn.execute(insert(relations), rows)
    return frozenset(affected)


def _row(link: Link) -> dict[str, object]:
    first, second = link.pair
    said = link.judgement
    judged = {"relation": said.relation, "score": said.score, "reason": said.reason}
    return {"first": first, "second": second, **judged}


def regroup(conn: Connection, ids: Collection[int], now: datetime) -> int:
    """Works out anew which works these items belong to; how many items' work became another.

    Those get new numbers, so that followers learn of it.
    """
    said = people(conn)
    near = _neighbourhood(conn, ids, said)
    present = _members(conn, near.ids)
    leaders = {
        item: representative([present[each] for each in work])
        for work in grouped(present, near.links.values(), said)
        for item in work
    }
    before = led(conn, near.ids)
    changed = [item for item in near.ids if leaders.get(item) != before.get(item)]
    for chunk in chunks([item for item in changed if item not in leaders]):
        conn.execute(delete(works).where(works.c.item.in_(chunk)))
    upsert(conn, works, [{"item": i, "leader": leaders[i]} for i in changed if i in leaders])
    renumber(conn, sorted(changed), now)
    return len(changed)


def _neighbourhood(
    conn: Connection, ids: Collection[int], said: Mapping[Pair, bool]
) -> _Neighbourhood:
    by_people: defaultdict[int, set[int]] = defaultdict(set)
    for (one, other), same in said.items():
        if same:
            by_people[one].add(other)
            by_people[other].add(one)
    found = _Neighbourhood()
    edge = set(ids)
    while edge:
        found.ids |= edge
        links = related(conn, edge, Relation.SAME)
        found.links |= {link.pair: link for link in links}
        reached = {item for link in links for item in link.pair}
        reached |= {item for each in edge for item in by_people[each]}
        edge = (reached | _companions(conn, edge)) - found.ids
    return found


def related(conn: Connection, ids: Collection[int], relation: Relation) -> list[Link]:
    found = []
    for chunk in chunks(ids):
        mine = or_(relations.c.first.in_(chunk), relations.c.second.in_(chunk))
        query = select(relations).where(mine, relations.c.relation == relation)
        for row in conn.execute(query):
            judged = Judgement(Relation(row.relation), row.score, row.reason)
            found.append(Link((row.first, row.second), judged))
    return found


def _companions(conn: Connection, ids: Collection[int]) -> set[int]:
    """The items that are in one work with these now."""
    own = aliased(works)
    query = select(works.c.item).join(own, own.c.leader == works.c.leader)
    return {
        item for chunk in chunks(ids) for item in conn.scalars(query.where(own.c.item.in_(chunk)))
    }


def led(conn: Connection, ids: Collection[int]) -> dict[int, int]:
    """The leader of each item that is in a work with others."""
    query = select(works.c.item, works.c.leader)
    return {
        row.item: row.leader
        for chunk in chunks(ids)
        for row in conn.execute(query.where(works.c.item.in_(chunk)))
    }


def _members(conn: Connection, ids: Collection[int]) -> dict[int, Member]:
    """Of these items those that have a fingerprint: what is absent belongs to no work."""
    counts = printing.passages(conn, ids)
    dead = func.coalesce(links.c.status == LinkStatus.DEAD, False)
    query = select(items.c.id, items.c.state, items.c.draft, dead.label("dead"))
    query = query.join(fingerprints, fingerprints.c.item == items.c.id)
    query = query.outerjoin(links, links.c.item == items.c.id)
    return {
        row.id: Member(
            row.id,
            State(row.state),
            wire.read_draft(row.draft),
            counts.get(row.id, 0),
            bool(row.dead),
        )
        for chunk in chunks(ids)
        for row in conn.execute(query.where(items.c.id.in_(chunk)))
    }


def people(conn: Connection) -> dict[Pair, bool]:
    """The latest word on each pair of items that people spoke of."""
    one, other = aliased(items), aliased(items)
    query = select(one.c.id, other.c.id, work_reviews.c.same)
    mine = and_(one.c.source == work_reviews.c.source, one.c.key == work_reviews.c.key)
    its = and_(
        other.c.source == work_reviews.c.other_source, other.c.key == work_reviews.c.other_key
    )
    rows: Sequence[tuple[int, int, bool]]
    rows = conn.execute(
        query.select_from(work_reviews).join(one, mine).join(other, its).order_by(work_reviews.c.id)
    ).tuples().all()  # fmt: skip
    return {pair(a, b): same for a, b, same in rows}
