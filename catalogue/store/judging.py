"""Stored items judged anew by their source's filter."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from catalogue import wire
from catalogue.filtering import Judge, keep_all
from catalogue.model import Counters, Draft, State
from catalogue.store.schema import items, sources
from catalogue.store.sequence import take

_ROWS = 1000
_SAID = select(
    items.c.id,
    items.c.draft,
    items.c.filtered,
    items.c.language,
    sources.c.provider,
    sources.c.language.label("source_language"),
).join(sources, sources.c.name == items.c.source)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why item `item` is left out, and why it was before; "" where it is let in."""

    item: int
    filtered: str
    before: str


def differing(conn: Connection, source: str, judge: Judge) -> list[Verdict]:
    """Verdicts that are not those which stand. What is gone is judged when it comes back."""
    query = _SAID.where(items.c.source == source, items.c.state != State.GONE)
    if judge is keep_all:
        query = query.where(items.c.filtered != "")
    rows = conn.execution_options(yield_per=_ROWS).execute(query.order_by(items.c.id))
    verdicts = (Verdict(row.id, judge(_draft(row)), row.filtered) for row in rows)
    return [verdict for verdict in verdicts if verdict.filtered != verdict.before]


def _draft(row: Row[Any]) -> Draft:
    """As the source gave it, with what its text and its source say where it said nothing."""
    draft = wire.read_draft(row.draft)
    return replace(
        draft,
        provider=draft.provider or row.provider,
        language=draft.language or row.language or row.source_language,
    )


def store(conn: Connection, verdicts: Sequence[Verdict], now: datetime) -> Counters:
    """Within the caller's transaction. Followers learn of each by its new number."""
    numbers = take(conn, len(verdicts))
    rows = [
        {"which": v.item, "number": n, "reason": v.filtered}
        for v, n in zip(verdicts, numbers, strict=True)
    ]
    one = update(items).where(items.c.id == bindparam("which"))
    new = {"sequence": bindparam("number"), "filtered": bindparam("reason"), "last_changed": now}
    conn.execute(one.values(**new), rows)
    newly_out = sum(bool(v.filtered) and not v.before for v in verdicts)
    return Counters(filtered=newly_out, changed=sum(not v.filtered for v in verdicts))
