"""Fingerprints and the marks that items meet under, within the caller's transaction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select

from catalogue import wire
from catalogue.store.rows import chunks
from catalogue.store.schema import enrichments, items, sources
from catalogue.store.upsert import upsert
from catalogue.store.works_schema import fingerprints, marks
from catalogue.works import Printed

# Of the items under one mark so many are compared, those first seen: copies of one notice by the
# hundred become one work through the first of them, at a cost that does not grow by the square.
MET = 20
_AS_BYTES = np.dtype("<i8")


def store(
    conn: Connection, version: str, prints: Sequence[Printed], rows: Mapping[int, Row[Any]]
) -> None:
    """`rows` are the items' own, by id."""
    forget_marks(conn, [one.item for one in prints])
    kept = [{**_facts(rows[one.item]), **_print(one), "version": version} for one in prints]
    upsert(conn, fingerprints, kept)
    fresh = [{"mark": mark, "item": one.item} for one in prints for mark in sorted(one.marks)]
    if fresh:
        conn.execute(insert(marks), fresh)


def _facts(row: Row[Any]) -> dict[str, Any]:
    names = ("model_hash", "rest_hash", "state")
    return {"item": row.id, **{name: getattr(row, name) for name in names}}


def _print(one: Printed) -> dict[str, Any]:
    return {"print": one.print, "marks": np.array(sorted(one.marks), _AS_BYTES).tobytes()}


def forget_marks(conn: Connection, ids: Iterable[int]) -> None:
    mine = (marks.c.mark == bindparam("which")) & (marks.c.item == bindparam("whose"))
    query = select(fingerprints.c.item, fingerprints.c.marks)
    for chunk in chunks(ids):
        stale = [
            {"which": mark, "whose": row.item}
            for row in conn.execute(query.where(fingerprints.c.item.in_(chunk)))
            for mark in np.frombuffer(row.marks, _AS_BYTES).tolist()
        ]
        if stale:
            conn.execute(delete(marks).where(mine), stale)


def met(conn: Connection, prints: Sequence[Printed]) -> dict[int, set[int]]:
    """For each item those it has a mark in common with, at most `MET` by each mark."""
    place = func.row_number().over(partition_by=marks.c.mark, order_by=marks.c.item)
    found: defaultdict[int, list[int]] = defaultdict(list)
    for chunk in chunks({mark for one in prints for mark in one.marks}):
        under = select(marks, place.label("place")).where(marks.c.mark.in_(chunk)).subquery()
        for mark, item in conn.execute(
            select(under.c.mark, under.c.item).where(under.c.place <= MET)
        ):
            found[mark].append(item)
    return {
        one.item: {item for mark in one.marks for item in found[mark]} - {one.item}
        for one in prints
    }


def read(conn: Connection, ids: Iterable[int]) -> dict[int, Printed]:
    query = select(
        fingerprints.c.item,
        fingerprints.c.print,
        items.c.draft,
        items.c.language,
        sources.c.language.label("source_language"),
    ).join(items, items.c.id == fingerprints.c.item)
    query = query.join(sources, sources.c.name == items.c.source)
    found = {}
    for chunk in chunks(ids):
        for row in conn.execute(query.where(fingerprints.c.item.in_(chunk))):
            draft = wire.read_draft(row.draft)
            spoken = row.language or draft.language or row.source_language
            found[row.item] = Printed(row.item, draft, spoken, row.print)
    return found


def passages(conn: Connection, ids: Iterable[int]) -> dict[int, int]:
    """How many passages each item has."""
    query = select(enrichments.c.item, enrichments.c.count)
    return {
        row.item: row._mapping["count"]
        for chunk in chunks(ids)
        for row in conn.execute(query.where(enrichments.c.item.in_(chunk)))
    }
