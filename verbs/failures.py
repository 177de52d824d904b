"""The work queue of items that could not be read."""

from typing import Annotated

import typer

from verbs.bars import Bars
from verbs.home import State, known
from verbs.output import Exit, answer, out, table

app = typer.Typer(help="Items that wait for repair.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Source = Annotated[str | None, typer.Argument(help="Only this source's.")]


@app.command("list")
def list_failures(context: typer.Context, source: Source = None, as_json: AsJson = False) -> None:
    """Every failed item with its reason."""
    state: State = context.obj
    with state.workshop() as shop:
        known(shop, source)
        found = shop.catalogue.failures.list(source)
    rows = ((f.item.source, f.item.key, f.stage, f.message, f.attempts, f.last_seen) for f in found)
    columns = ("source", "item", "stage", "reason", "attempts", "last seen")
    answer(found, as_json=as_json, table=table(columns, rows))


@app.command()
def retry(context: typer.Context, source: Source = None, as_json: AsJson = False) -> None:
    """Read the kept payloads again and enrich what waits; nothing is fetched."""
    from flows.retry import retry as again

    state: State = context.obj
    with state.workshop() as shop, Bars() as bars:
        known(shop, source)
        outcome = again(shop, source, bars)
    answer(outcome, as_json=as_json)
    if not as_json:
        out.print(f"repaired {outcome.repaired}, still failing {outcome.failing}")
        if outcome.unfetched:
            out.print(f"{outcome.unfetched} were never fetched: `skillshelf ingest` tries again")
    if outcome.failing or outcome.unfetched:
        raise typer.Exit(Exit.INCOMPLETE)
