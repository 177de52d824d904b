"""Describing sources: list, check, preview, describe."""

from itertools import islice
from typing import Annotated, Any

import typer

from verbs.home import State, person
from verbs.output import Exit, answer, out, say, table

app = typer.Typer(help="Describe sources, and look before you ingest.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


@app.command("list")
def list_sources(context: typer.Context, as_json: AsJson = False) -> None:
    """The sources of sources.yaml."""
    state: State = context.obj
    with state.workshop() as shop:
        settings = {known.name: known.fingerprint for known in shop.catalogue.sources.all()}
        rows = [
            {
                "name": spec.name,
                "connector": spec.connector,
                "owner": spec.owner,
                "schedule": str(spec.schedule) if spec.schedule else None,
                "publish": spec.publish,
                "visibility": spec.visibility,
                "approved": settings.get(spec.name) == spec.fingerprint
                and shop.catalogue.sources.approved(spec.name),
            }
            for spec in shop.specs.values()
        ]
    columns = ("name", "connector", "owner", "schedule", "publish", "visibility", "approved")
    answer(rows, as_json=as_json, table=table(columns, ([*row.values()] for row in rows)))


@app.command()
def approve(context: typer.Context, source: str) -> None:
    """Approve a source as it is described now; other settings take that back."""
    from flows.ingest import source_row

    state: State = context.obj
    with state.workshop() as shop:
        shop.catalogue.sources.register(source_row(shop.spec(source), shop.settings))
        shop.catalogue.sources.approve(source, who=person())
    say(f"{source} is approved; with another connector or other settings it no longer is")


@app.command()
def check(
    context: typer.Context,
    sources: Annotated[list[str] | None, typer.Argument(help="None means every one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read an item of each source: are description, credentials and reach right?"""
    from flows.preview import check as look

    state: State = context.obj
    verdicts: list[dict[str, Any]] = []
    with state.workshop() as shop:
        for spec in [shop.spec(name) for name in sources or shop.specs]:
            found = look(shop, spec)
            verdicts.append({"source": spec.name, "ok": found.ok, "says": found.says})
    rows = ((v["source"], "ok" if v["ok"] else "failed", v["says"]) for v in verdicts)
    answer(verdicts, as_json=as_json, table=table(("source", "check", "says"), rows))
    if not all(v["ok"] for v in verdicts):
        raise typer.Exit(Exit.INCOMPLETE)


@app.command()
def preview(
    context: typer.Context,
    source: str,
    limit: Annotated[int, typer.Option(min=1, help="Items to show.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Show what a source would bring. Nothing is stored."""
    from flows.preview import preview as look

    state: State = context.obj
    with state.workshop() as shop:
        shown = list(islice(look(shop, shop.spec(source)), limit))
    if as_json:
        answer(shown, as_json=True)
        return
    for item in shown:
        out.rule(item.key, style="dim")
        for name, value in item.fields:
            out.print(f"{name:>12}  {value}", markup=False, soft_wrap=True)
    if not shown:
        say(f"{source} shows no items")


@app.command()
def unmapped(
    context: typer.Context,
    source: Annotated[str | None, typer.Argument(help="Only this source's.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Words to show.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Words of the sources that no vocabulary knows, with an item that has each."""
    state: State = context.obj
    with state.workshop() as shop:
        name = shop.spec(source).name if source else None
        found = shop.catalogue.items.unmapped(name)
    shown = found[:limit]
    columns = ("source", "field", "word", "items", "example")
    rows = ((u.source, u.field, u.word, u.items, u.example) for u in shown)
    answer(shown, as_json=as_json, table=table(columns, rows))
    if len(found) > limit:
        say(f"{len(found) - limit} more words; --limit shows more")


@app.command()
def describe(
    connector: Annotated[str | None, typer.Argument(help="None lists them all.")] = None,
    as_json: AsJson = False,
) -> None:
    """The connectors there are; of one the settings, and a source to copy from."""
    from config.examples import example
    from connectors.registry import describe as info
    from connectors.registry import names

    if connector is None:
        rows = [(name, info(name).doc.splitlines()[0]) for name in names()]
        answer(dict(rows), as_json=as_json, table=table(("connector", "reads"), rows))
        return
    found = info(connector)
    rows3 = ((s.name, s.type, s.required, s.description) for s in found.settings)
    columns = ("setting", "type", "required", "what it is")
    answer(found.schema, as_json=as_json, table=table(columns, rows3, title=found.doc))
    if not as_json:
        out.print(f"\nAs a source, below `sources:`\n\n{example(connector)}", markup=False, end="")
