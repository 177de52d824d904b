"""Items that are the same work: what search folds into one, and a curator's word on it."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from catalogue.model import Item, ItemKey
from catalogue.works import file_format
from verbs.home import State, known, person
from verbs.output import answer, out, say, table

app = typer.Typer(help="Items that are the same work, folded into one hit.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Why = Annotated[str, typer.Option(help="The reason, for the record.")]
COLUMNS = ("work", "source", "key", "format", "language", "title", "why")


@app.command("list")
def list_works(
    context: typer.Context,
    source: Annotated[str | None, typer.Argument(help="Only with an item of this source.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Most works.")] = 100,
    as_json: AsJson = False,
) -> None:
    """Works of more than one item, each with the item that stands for it first."""
    state: State = context.obj
    with state.workshop() as shop:
        known(shop, source)
        found = [told(work) for work in shop.catalogue.works.page(source, limit)]
        works, members = shop.catalogue.works.count()
    rows = (
        (number, *(item[name] for name in COLUMNS[1:6]), reason if place == 0 else "")
        for number, work in enumerate(found, 1)
        for reason in ["; ".join(work["why"])]
        for place, item in enumerate(work["items"])
    )
    answer(found, as_json=as_json, table=table(COLUMNS, rows))
    if not as_json:
        out.print(f"{works} works of {members} items", style="dim")


def told(work: Any) -> Mapping[str, Any]:
    reasons = dict.fromkeys(link.judgement.reason for link in work.links)
    return {"items": [facts(item) for item in work.items], "why": list(reasons)}


def facts(item: Item) -> Mapping[str, Any]:
    return {
        "id": item.id,
        "source": item.key.source,
        "key": item.key.key,
        "format": file_format(item.draft.url),
        "language": item.language,
        "title": item.draft.title,
        "url": item.draft.url,
    }


@app.command()
def find(context: typer.Context, as_json: AsJson = False) -> None:
    """Look at what changed since the last time; every ingest does so by itself."""
    from flows.duplicates import find_all
    from flows.publish import publish

    state: State = context.obj
    with state.workshop() as shop:
        looked, changed = find_all(shop.catalogue)
        if changed:
            publish(shop)
    answer({"examined": looked, "changed": changed}, as_json=as_json)
    if not as_json:
        out.print(f"{looked} items examined, {changed} belong to another work than before")


@app.command()
def split(
    context: typer.Context, source: str, key: str, why: Why = "", as_json: AsJson = False
) -> None:
    """Take an item out of its work. The machine never puts it back; `merge` does."""
    from flows.publish import publish

    state: State = context.obj
    with state.workshop() as shop:
        work = shop.catalogue.works.split(ItemKey(source, key), person(), why)
        publish(shop)
    said(work, as_json=as_json)


@app.command()
def merge(
    context: typer.Context,
    source: str,
    key: str,
    other_source: str,
    other_key: str,
    why: Why = "",
    as_json: AsJson = False,
) -> None:
    """Say that two items are the same work. The machine never parts them; `split` does."""
    from flows.publish import publish

    state: State = context.obj
    with state.workshop() as shop:
        one, other = ItemKey(source, key), ItemKey(other_source, other_key)
        work = shop.catalogue.works.merge(one, other, person(), why)
        publish(shop)
    said(work, as_json=as_json)


def said(work: Any, *, as_json: bool) -> None:
    found = told(work)
    answer(found, as_json=as_json)
    if not as_json:
        first = found["items"][0]
        others = len(found["items"]) - 1
        say(f"{first['title']}: " + (f"stands for {others} more" if others else "stands alone"))
