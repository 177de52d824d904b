"""Caring for the data: rebuild, verify, backup, restore."""

from pathlib import Path
from typing import Annotated

import typer

from verbs.bars import Bars
from verbs.home import State
from verbs.output import Exit, answer, out, table

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def register(app: typer.Typer) -> None:
    for verb in (rebuild, verify, backup, restore):
        app.command()(verb)


def rebuild(context: typer.Context) -> None:
    """Build the index anew beside the current one; a running server switches over by itself."""
    from flows.publish import publish
    from flows.rebuild import rebuild as build

    state: State = context.obj
    with state.workshop() as shop, Bars() as bars:
        name = build(shop, bars)
        switched = publish(shop, bars)
    who = "it is current" if switched else "the running server switches to it"
    out.print(f"built {name}; {who}", markup=False)


def verify(
    context: typer.Context,
    repair: Annotated[bool, typer.Option("--repair", help="Make the index agree.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compare every point of the index with the catalogue, and count what waits."""
    from flows.verify import verify as compare

    state: State = context.obj
    with state.workshop() as shop:
        found = compare(shop, repair=repair)
    rows = [
        ("items", found.items),
        ("points", found.points),
        ("missing", len(found.missing)),
        ("stale", len(found.stale)),
        ("orphaned", len(found.orphans)),
        ("without a vector", found.unembedded),
    ]
    answer(found, as_json=as_json, table=table(("index", "count"), rows))
    if not found.agrees:
        if not as_json:
            out.print("they differ; `skillshelf verify --repair` makes the index agree")
        raise typer.Exit(Exit.INCOMPLETE)


def backup(context: typer.Context, file: Path) -> None:
    """Write a backup of the catalogue, consistent while others write."""
    from catalogue.store.backup import backup as write

    state: State = context.obj
    write(state.settings().database_url, file)
    out.print(f"wrote {file}", markup=False)


def restore(
    context: typer.Context,
    file: Path,
    replace: Annotated[bool, typer.Option("--replace", help="Over what is there now.")] = False,
) -> None:
    """Restore the catalogue from a backup and rebuild the index from it."""
    from catalogue.store.backup import restore as read

    state: State = context.obj
    read(file, state.settings().database_url, replace=replace)
    out.print(f"restored {file}; now `skillshelf rebuild`", markup=False)
