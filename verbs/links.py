"""The items' links: checked on the network, and those that are dead told to their owners."""

from typing import Annotated

import typer

from verbs.bars import Bars
from verbs.home import State, known
from verbs.output import answer, out, table

app = typer.Typer(help="Links of items: check them, see the dead ones.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
COLUMNS = ("source", "owner", "item", "status", "since", "failures", "reason", "link")


@app.command("list")
def list_links(
    context: typer.Context,
    source: Annotated[str | None, typer.Argument(help="Only this source's.")] = None,
    failing: Annotated[
        bool, typer.Option("--failing", help="Also those that failed, but not often enough.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Dead links with the owners of their sources, the longest dead first."""
    state: State = context.obj
    with state.workshop() as shop:
        known(shop, source)
        owners = {one.name: one.owner for one in shop.catalogue.sources.all()}
        found = shop.catalogue.links.failing(source, dead=not failing)
    rows = [
        dict(
            zip(
                COLUMNS,
                (
                    link.item.source,
                    owners.get(link.item.source, ""),
                    link.item.key,
                    link.status,
                    link.since,
                    link.failures,
                    link.reason,
                    link.url,
                ),
                strict=True,
            )
        )
        for link in found
    ]
    answer(rows, as_json=as_json, table=table(COLUMNS, ([*row.values()] for row in rows)))


@app.command()
def check(
    context: typer.Context,
    limit: Annotated[int | None, typer.Option(min=1, help="Most links to ask for.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ask for the links that are due: each once a week, failing ones daily."""
    from flows.check_links import LIMIT, check_all
    from flows.publish import publish

    state: State = context.obj
    with state.workshop() as shop, Bars() as bars:
        checked, turned = check_all(shop, limit or LIMIT, bars)
        if turned:
            publish(shop, bars)
        dead = len(shop.catalogue.links.failing())
    answer({"checked": checked, "turned": turned, "dead": dead}, as_json=as_json)
    if not as_json:
        out.print(f"{checked} links checked, {turned} verdicts changed, {dead} dead in all")
