"""Storing what a connector found: one transaction a checkpoint."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, insert, select, update

from catalogue import wire
from catalogue.decide import PRESENT, Intent, Known, arrival, intent, vanished
from catalogue.filtering import Judge, keep_all
from catalogue.hashing import content_hash, model_hash, rest_hash
from catalogue.model import Counters, Cursor, Stage, State
from catalogue.records import Arrival, Batch, Hold
from catalogue.store import failures, holds, judging, runs
from catalogue.store.columns import storable_key
from catalogue.store.database import Database
from catalogue.store.rows import chunks
from catalogue.store.schema import bodies, items, sources
from catalogue.store.sequence import take
from catalogue.store.sources import find, publishes


@dataclass(frozen=True, slots=True)
class _Incoming:
    key: str
    arrival: Arrival
    model_hash: str
    rest_hash: str
    payload_hash: str
    filtered: str = ""


@dataclass(frozen=True, slots=True)
class _Stored:
    id: int
    known: Known
    payload_hash: str
    language: str | None  # as concluded from the text as it is stored


@dataclass(frozen=True, slots=True)
class Intake:
    database: Database

    def commit(
        self, source: str, run_id: int, batch: Batch, cursor: Cursor, judge: Judge = keep_all
    ) -> Counters:
        """Stores the batch, the cursor and the run's counters, or nothing at all.

        Items that `judge` leaves out are stored like the others, and counted as nothing else.

        What is stored already as it came in is left alone and gets no number. Where `batch.seen`
        shows that too much vanished at once, nothing goes: the keys are held (`Counters.held`).
        """
        incoming = [
            _incoming(one) for one in {storable_key(a.key): a for a in batch.found}.values()
        ]
        with self.database.change() as conn:
            now = self.database.clock()
            publish = publishes(find(conn, source))
            counters = _store(conn, source, publish, incoming, now, judge)
            failures.resolve_read(conn, source, [one.key for one in incoming])
            failures.record(conn, source, batch.failures, now)
            counters = _told(counters, batch)
            counters = _depart(conn, source, batch, counters, now)
            conn.execute(update(sources).where(sources.c.name == source).values(cursor=cursor))
            runs.count(conn, run_id, counters)
        return counters

    def judge_again(self, source: str, run_id: int, judge: Judge) -> Counters:
        """Judges every stored item anew, without asking the source.

        Counts those newly left out as filtered, and those let in again as changed.
        """
        with self.database.read() as conn:
            verdicts = judging.differing(conn, source, judge)
        if not verdicts:
            return Counters()
        with self.database.change() as conn:
            counters = judging.store(conn, verdicts, self.database.clock())
            runs.count(conn, run_id, counters)
        return counters


def _incoming(found: Arrival) -> _Incoming:
    draft = found.draft
    hashes = model_hash(draft), rest_hash(draft), content_hash(found.payload)
    return _Incoming(storable_key(found.key), found, *hashes)


def _store(
    conn: Connection,
    source: str,
    publish: bool,
    incoming: list[_Incoming],
    now: datetime,
    judge: Judge,
) -> Counters:
    stored = _stored(conn, source, [one.key for one in incoming])
    incoming = [_judged(one, stored.get(one.key), judge) for one in incoming]
    new = [one for one in incoming if one.key not in stored]
    changed: list[_Incoming] = []
    same: list[_Incoming] = []
    for one in incoming:
        if one.key in stored:
            (same if _intent(stored, one) is Intent.KEEP else changed).append(one)
    _add(conn, source, new, arrival(None, publish=publish), now)
    _rewrite(conn, stored, changed, publish, now)
    _keep_payloads(conn, stored, [*changed, *same])
    return Counters(
        found=len(incoming),
        added=_let_in(new),
        changed=_let_in(changed),
        unchanged=_let_in(same),
        filtered=len(incoming) - _let_in(incoming),
    )


def _judged(one: _Incoming, stored: _Stored | None, judge: Judge) -> _Incoming:
    """An item that names no language is judged by the one its text was found to be in."""
    draft = one.arrival.draft
    if draft.language is None and stored and stored.known.model_hash == one.model_hash:
        draft = replace(draft, language=stored.language)
    return replace(one, filtered=judge(draft))


def _let_in(some: Iterable[_Incoming]) -> int:
    return sum(not one.filtered for one in some)


def _stored(conn: Connection, source: str, keys: Iterable[str]) -> Mapping[str, _Stored]:
    columns = (items.c.id, items.c.key, items.c.state, items.c.payload_hash, items.c.language)
    hashes = (items.c.model_hash, items.c.rest_hash, items.c.filtered)
    query = select(*columns, *hashes).where(items.c.source == source)
    found = {}
    for chunk in chunks(keys):
        for row in conn.execute(query.where(items.c.key.in_(chunk))):
            known = Known(State(row.state), row.model_hash, row.rest_hash, row.filtered)
            found[row.key] = _Stored(row.id, known, row.payload_hash, row.language)
    return found


def _intent(stored: Mapping[str, _Stored], one: _Incoming) -> Intent:
    return intent(stored[one.key].known, one.model_hash, one.rest_hash, one.filtered)


def _add(conn: Connection, source: str, new: list[_Incoming], state: State, now: datetime) -> None:
    if not new:
        return
    same = {"source": source, "state": state, "first_seen": now, "last_changed": now}
    numbers = take(conn, len(new))
    rows = [
        {**same, **_columns(one), "key": one.key, "payload_hash": one.payload_hash, "sequence": n}
        for one, n in zip(new, numbers, strict=True)
    ]
    adding = insert(items).returning(items.c.id, sort_by_parameter_order=True)
    ids = conn.scalars(adding, rows).all()
    texts = [{"item": i, **_body(one)} for i, one in zip(ids, new, strict=True)]
    conn.execute(insert(bodies), texts)


def _rewrite(
    conn: Connection,
    stored: Mapping[str, _Stored],
    changed: list[_Incoming],
    publish: bool,
    now: datetime,
) -> None:
    if not changed:
        return
    rows = []
    for one, number in zip(changed, take(conn, len(changed)), strict=True):
        before = stored[one.key]
        state = arrival(before.known.state, publish=publish)
        values = {**_columns(one), "sequence": number, "state": state, "last_changed": now}
        rows.append({"which": before.id, "text_now": one.model_hash, **values})
    still = case((items.c.model_hash == bindparam("text_now"), items.c.enriched_version))
    one_item = update(items).where(items.c.id == bindparam("which"))
    conn.execute(one_item.values(enriched_version=still), rows)
    parts = [{"which": stored[one.key].id, "parts": _body(one)["parts"]} for one in changed]
    conn.execute(update(bodies).where(bodies.c.item == bindparam("which")), parts)


def _keep_payloads(
    conn: Connection, stored: Mapping[str, _Stored], incoming: list[_Incoming]
) -> None:
    """The latest payload is kept even where it reads the same, but it is no change to the item."""
    fresh = [one for one in incoming if stored[one.key].payload_hash != one.payload_hash]
    if not fresh:
        return
    rows = [{"which": stored[one.key].id, "payload": dict(one.arrival.payload)} for one in fresh]
    conn.execute(update(bodies).where(bodies.c.item == bindparam("which")), rows)
    marks = [{"which": stored[one.key].id, "payload_hash": one.payload_hash} for one in fresh]
    conn.execute(update(items).where(items.c.id == bindparam("which")), marks)


def _told(counters: Counters, batch: Batch) -> Counters:
    """With the items that the source told of but did not show."""
    found, unchanged = counters.found + batch.kept, counters.unchanged + batch.kept
    return replace(counters, found=found, unchanged=unchanged, failed=len(batch.failures))


def _columns(one: _Incoming) -> dict[str, Any]:
    draft = wire.write_draft(one.arrival.draft)
    hashes = {"model_hash": one.model_hash, "rest_hash": one.rest_hash}
    return {"draft": draft, "filtered": one.filtered, **hashes}


def _body(one: _Incoming) -> dict[str, Any]:
    parts = wire.write_parts(one.arrival.draft.parts)
    return {"parts": parts, "payload": dict(one.arrival.payload)}


def _depart(
    conn: Connection, source: str, batch: Batch, counters: Counters, now: datetime
) -> Counters:
    """What the source withdrew goes; what it merely did not show goes if the guard agrees."""
    shown = {storable_key(a.key) for a in batch.found} | {
        storable_key(f.key) for f in batch.failures
    }
    withdrawn = {storable_key(key) for key in batch.gone} - shown
    failures.resolve(conn, source, withdrawn, tuple(Stage))
    gone = holds.drop(conn, source, withdrawn, now)
    if batch.seen is None:
        holds.release(conn, source, shown)
        return replace(counters, gone=gone)
    seen = shown | {storable_key(key) for key in batch.seen}
    live = _present(conn, source)
    vanishing = vanished(live, seen)
    if vanishing.held:
        holds.place(conn, Hold(source, vanishing.keys, now, len(live)))
        return replace(counters, gone=gone, held=len(vanishing.keys))
    holds.lift(conn, source)
    failures.resolve_unseen(conn, source, seen)
    return replace(counters, gone=gone + holds.drop(conn, source, vanishing.keys, now))


def _present(conn: Connection, source: str) -> Collection[str]:
    present = (items.c.source == source) & items.c.state.in_(PRESENT)
    return conn.scalars(select(items.c.key).where(present)).all()
