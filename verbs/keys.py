"""Keys to the API."""

from typing import Annotated

import typer

from verbs.home import State
from verbs.output import answer, out, table

app = typer.Typer(help="Keys to the API.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


@app.command()
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Who will use it; reviews carry this name.")],
    group: Annotated[
        list[str] | None, typer.Option(help="A group whose items it may see; repeatable.")
    ] = None,
    operator: Annotated[
        bool, typer.Option("--operator", help="It may see everything, as you do here.")
    ] = False,
) -> None:
    """Make a key and print it; it is shown this once only."""
    from api.callers import EVERYTHING

    state: State = context.obj
    with state.workshop() as shop:
        groups = (*(group or ()), *((EVERYTHING,) if operator else ()))
        out.print(shop.catalogue.keys.add(name, groups), markup=False)


@app.command("list")
def list_keys(context: typer.Context, as_json: AsJson = False) -> None:
    """The names and groups of the keys; never the keys."""
    state: State = context.obj
    with state.workshop() as shop:
        found = shop.catalogue.keys.list()
    rows = ((key.name, key.groups) for key in found)
    answer(found, as_json=as_json, table=table(("name", "groups"), rows))


@app.command()
def revoke(context: typer.Context, name: str) -> None:
    """Take a key back; it opens nothing from now on."""
    state: State = context.obj
    with state.workshop() as shop:
        shop.catalogue.keys.revoke(name)
