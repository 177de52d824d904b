"""Reading sources: ingest, status, runs, and what a held run waits for."""

from collections.abc import Iterable, Mapping, Sequence
from textwrap import shorten
from typing import Annotated, Any

import typer
from rich.table import Table

from catalogue.errors import SkillshelfError
from catalogue.model import Failure, Outcome, Run
from verbs.bars import Bars
from verbs.home import State, init, known, person
from verbs.output import Exit, answer, out, say, table

REASONS = 10  # of a source that are told below the table, each in so many characters
REASON = 300

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Sources = Annotated[list[str] | None, typer.Argument(help="Sources; none means every one.")]


def register(app: typer.Typer) -> None:
    for verb in (init, ingest, status, runs, held):
        app.command()(verb)


def ingest(context: typer.Context, sources: Sources = None, as_json: AsJson = False) -> None:
    """Read sources, tag and encode what changed, publish it."""
    from flows.processes import step_back

    state: State = context.obj
    step_back()
    with state.workshop() as shop:
        names = [shop.spec(name).name for name in dict.fromkeys(sources or shop.specs)]
        shop.catalogue.runs.close_crashed()
        with Bars() as bars:
            done, stopped = run_all(shop, names, bars)
        failed = {run.source: failures_of(shop, run) for run in done if run.counters.failed}
    answer(done, as_json=as_json, table=runs_table(done))
    complain(done, failed)
    for error in stopped[:-1]:
        say(str(error))
    if stopped:
        raise stopped[-1]
    if any(run.outcome is not Outcome.COMPLETED for run in done):
        raise typer.Exit(Exit.INCOMPLETE)


def run_all(shop: Any, names: Iterable[str], bars: Bars) -> tuple[list[Run], list[Exception]]:
    """The runs, and what kept a source from being run to an outcome; defects last.

    What stops one source stops no other.
    """
    from flows.ingest import ingest as run_one

    done, stopped = list[Run](), list[Exception]()
    for name in names:
        try:
            done.append(run_one(shop, name, bars))
        except Exception as error:
            stopped.append(error)
    return done, sorted(stopped, key=lambda error: not isinstance(error, SkillshelfError))


def failures_of(shop: Any, run: Run) -> list[Failure]:
    return [f for f in shop.catalogue.failures.list(run.source) if f.last_seen >= run.started]


def complain(done: Iterable[Run], failed: Mapping[str, Sequence[Failure]]) -> None:
    """Say below the table what went wrong with each run, and with which of its items."""
    for run in done:
        if run.message:
            say(f"{run.source}: {run.message}")
        if run.outcome is Outcome.HELD:
            say(
                f"{run.source}: much has vanished from it at once, so nothing was retired. "
                f"See `skillshelf held {run.source}`."
            )
        items = failed.get(run.source, ())
        for failure in items[:REASONS]:
            reason = shorten(failure.message, REASON, placeholder=" …")
            say(f"{run.source}: {failure.item.key}: {reason}")
        if len(items) > REASONS:
            more = f"{len(items) - REASONS} more failed"
            say(f"{run.source}: {more}; see `skillshelf failures list {run.source}`")


def runs_table(done: Sequence[Run]) -> Table:
    columns = (
        "run",
        "source",
        "outcome",
        "found",
        "added",
        "changed",
        "unchanged",
        "filtered",
        "failed",
        "gone",
        "encoded",
        "seconds",
    )
    return table(columns, (_row(run) for run in done))


def _row(run: Run) -> tuple[object, ...]:
    c = run.counters
    seconds = (run.ended - run.started).total_seconds() if run.ended else None
    kept = (c.found, c.added, c.changed, c.unchanged, c.filtered)
    return (run.id, run.source, run.outcome, *kept, c.failed, c.gone, c.encoded, seconds)


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """What the catalogue holds, what waits, and how far the index follows it."""
    from flows.status import status as look

    state: State = context.obj
    with state.workshop() as shop:
        shop.catalogue.runs.close_crashed()
        now = look(shop)
    rows = (
        (s.source, s.items, s.filtered, s.failures, s.to_enrich, s.held, s.outcome, s.last_run)
        for s in now.sources
    )
    waiting = ("failures", "to enrich", "held")
    columns = ("source", "items", "filtered", *waiting, "last outcome", "last run")
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
        known(shop, source)
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
    from flows.publish import publish

    state: State = context.obj
    with state.workshop() as shop:
        known(shop, source)
        hold = shop.catalogue.sources.held(source)
        keys = sorted(hold.keys) if hold else []
        answer(keys, as_json=as_json, table=table(("vanished",), ((k,) for k in keys)))
        if hold is None:
            say(f"{source} holds nothing back")
        elif approve:
            gone = shop.catalogue.sources.approve_hold(source, who=person())
            publish(shop)
            say(f"{gone} of {hold.live} items let go")
        elif dismiss:
            shop.catalogue.sources.dismiss_hold(source, who=person())
            say(f"all {hold.live} items kept")
        else:
            say(f"{len(keys)} of {hold.live} items: --approve lets them go, --dismiss keeps them")
