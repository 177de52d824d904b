"""Runs: what each did, and how it ended, on every path."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from catalogue import wire
from catalogue.errors import NotFound
from catalogue.model import Counters, Outcome, Run
from catalogue.store.database import Database
from catalogue.store.processes import Process, ended, this_process
from catalogue.store.schema import runs


@dataclass(frozen=True, slots=True)
class Runs:
    database: Database

    def start(self, source: str) -> Run:
        me = this_process()
        values = {"host": me.host, "pid": me.pid, "process": me.mark, "counters": {}}
        values |= {"source": source, "outcome": Outcome.RUNNING, "message": ""}
        with self.database.write() as conn:
            starting = runs.insert().values(started=self.database.clock(), **values)
            return _run(conn.execute(starting.returning(runs)).one())

    def finish(
        self, run_id: int, outcome: Outcome, counters: Counters | None = None, message: str = ""
    ) -> Run:
        """Ends the run. Without `counters`, those that intake counted stand."""
        values: dict[str, Any] = {"outcome": outcome, "message": message}
        values["ended"] = self.database.clock()
        if counters is not None:
            values["counters"] = wire.write_counters(counters)
        with self.database.write() as conn:
            _find(conn, run_id)
            ending = update(runs).where(runs.c.id == run_id).values(**values)
            return _run(conn.execute(ending.returning(runs)).one())

    def get(self, run_id: int) -> Run:
        """Raises NotFound."""
        with self.database.read() as conn:
            return _run(_find(conn, run_id))

    def list(self, source: str | None = None, limit: int = 50) -> list[Run]:
        """Latest first."""
        query = select(runs).order_by(runs.c.id.desc()).limit(limit)
        if source is not None:
            query = query.where(runs.c.source == source)
        with self.database.read() as conn:
            return [_run(row) for row in conn.execute(query)]

    def close_crashed(self) -> Sequence[Run]:
        """Ends the runs whose process is no more, and returns them."""
        with self.database.write() as conn:
            running = conn.execute(select(runs).where(runs.c.outcome == Outcome.RUNNING)).all()
            dead = [r.id for r in running if ended(Process(r.host, r.pid, r.process))]
            if not dead:
                return []
            closing = (
                update(runs)
                .where(runs.c.id.in_(dead))
                .values(
                    outcome=Outcome.CRASHED,
                    ended=self.database.clock(),
                    message="its process ended without a word; what it had stored stands",
                )
            )
            return [_run(row) for row in conn.execute(closing.returning(runs))]


def count(conn: Connection, run_id: int, more: Counters) -> None:
    """Adds to a run's counters, within the transaction that did what they count."""
    before = wire.read_counters(_find(conn, run_id).counters)
    total = Counters(*(a + b for a, b in zip(astuple(before), astuple(more), strict=True)))
    counting = update(runs).where(runs.c.id == run_id)
    conn.execute(counting.values(counters=wire.write_counters(total)))


def _find(conn: Connection, run_id: int) -> Row[Any]:
    row = conn.execute(select(runs).where(runs.c.id == run_id)).first()
    if row is None:
        raise NotFound(f"there is no run {run_id}")
    return row


def _run(row: Row[Any]) -> Run:
    counters = wire.read_counters(row.counters)
    return Run(
        row.id, row.source, Outcome(row.outcome), row.started, row.ended, counters, row.message
    )
