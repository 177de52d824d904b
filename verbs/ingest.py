"""Reading sources: ingest, status, runs, and what a held run waits for."""

from collections.abc import Iterable, Sequence
from typing import Annotated

import typer
from rich.table import Table

from catalogue.model import Outcome, Run
from verbs.bars import Bars
from verbs.home import State, init, person
from verbs.output import Exit, answer, err, out, table

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Sources = Annotated[list[str] | None, typer.Argument(help="Sources; none means every one.")]


def register(app: typer.Typer) -> None:
    for verb in (init, ingest, status, runs, held):
        app.command()(verb)


def ingest(context: typer.Context, sources: Sources = None, as_json: AsJson = False) -> None:
    """Read sources, tag and encode what changed, publish it."""
    from flows.ingest import ingest as run_one

    state: State = context.obj
    with state.workshop() as shop:
        shop.catalogue.runs.close_crashed()
        with Bars() as bars:
            done = [run_one(shop, name, bars) for name in sources or list(shop.specs)]
    answer(done, as_json=as_json, table=runs_table(done))
    complain(done)
    if any(run.outcome is not Outcome.COMPLETED for run in done):
        raise typer.Exit(Exit.INCOMPLETE)


def complain(done: Iterable[Run]) -> None:
    """Say below the table what each run that went wrong needs."""
    for run in done:
        if run.message:
            err.print(f"{run.source}: {run.message}", markup=False)
        if run.outcome is Outcome.HELD:
            err.print(
                f"{run.source}: much has vanished from it at once, so nothing was retired. "
                f"See `skillshelf held {run.source}`.",
                markup=False,
            )
        if run.counters.failed:
            err.print(f"{run.source}: see `skillshelf failures list {run.source}`", markup=False)


def runs_table(done: Sequence[Run]) -> Table:
    columns = (
        "run",
        "source",
        "outcome",
        "found",
        "added",
        "changed",
        "unchanged",
        "failed",
        "gone",
        "encoded",
        "seconds",
    )
    return table(columns, (_row(run) for run in done))


def _row(run: Run) -> tuple[object, ...]:
    c = run.counters
    seconds = (run.ended - run.started).total_seconds() if run.ended else None
    numbers = (c.found, c.added, c.changed, c.unchanged, c.failed, c.gone, c.encoded)
    return (run.id, run.source, run.outcome, *numbers, seconds)


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """What the catalogue holds, what waits, and how far the index follows it."""
    from flows.status import status as look

    state: State = context.obj
    with state.workshop() as shop:
        shop.catalogue.runs.close_crashed()
        now = look(shop)
    rows = (
        (s.source, s.items, s.failures, s.to_enrich, s.held, s.outcome, s.last_run)
        for s in now.sources
    )
    columns = ("source", "items", "failures", "to enrich", "held", "last outcome", "last run")
    answer(now, as_json=as_json, table=table(columns, rows))
    if not as_json:
        where = f"served at {now.served_at}" if now.served_at else "not served"
        out.print(f"index {', '.join(now.generations) or 'not built yet'}, {where}", markup=False)


def runs(
    context: typer.Context,
    source: Annotated[str | None, typer.Argument(help="Only this source's.")] = None,
    limit: Annotated[int, typer.Option(min=1)] = 20,
    as_json: AsJson = False,
) -> None:
    """The latest runs, with what each did and how it ended."""
    state: State = context.obj
    with state.workshop() as shop:
        shop.catalogue.runs.close_crashed()
        done = shop.catalogue.runs.list(source, limit)
    answer(done, as_json=as_json, table=runs_table(done))


def held(
    context: typer.Context,
    source: str,
    approve: Annotated[bool, typer.Option("--approve", help="Retire these items.")] = False,
    dismiss: Annotated[bool, typer.Option("--dismiss", help="Keep them; forget the hold.")] = False,
    as_json: AsJson = False,
) -> None:
    """What a run found vanished and did not dare to retire; approve or dismiss it."""
    state: State = context.obj
    with state.workshop() as shop:
        hold = shop.catalogue.sources.held(source)
        if hold is None:
            out.print(f"{source} holds nothing back", markup=False)
            return
        keys = sorted(hold.keys)
        answer(keys, as_json=as_json, table=table(("vanished",), ((k,) for k in keys)))
        if approve:
            shop.catalogue.sources.approve_hold(source, who=person())
        elif dismiss:
            shop.catalogue.sources.dismiss_hold(source, who=person())
