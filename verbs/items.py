"""The life of items: what waits for approval, and what a person decides on."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any

import typer

from catalogue.errors import NotFound
from catalogue.model import Item, ItemKey, State
from verbs.home import State as Context
from verbs.home import person
from verbs.output import answer, say, table

app = typer.Typer(help="See items, and decide on their life.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Keys = Annotated[list[str] | None, typer.Argument(help="The items' keys.")]
PAGE = 500


@app.command("list")
def list_items(
    context: typer.Context,
    source: Annotated[str | None, typer.Argument(help="Only this source's.")] = None,
    state: Annotated[list[State] | None, typer.Option(help="Only in this state.")] = None,
    as_json: AsJson = False,
) -> None:
    """The items with their keys and states, in the order they came."""
    with workshop(context) as shop:
        found = every(shop, source, state)
    rows = [
        {
            "source": item.key.source,
            "key": item.key.key,
            "state": item.state,
            "filtered": item.filtered,
            "title": item.draft.title,
        }
        for item in found
    ]
    columns = ("source", "key", "state", "filtered", "title")
    answer(rows, as_json=as_json, table=table(columns, ([*row.values()] for row in rows)))


@app.command()
def show(context: typer.Context, source: str, key: str, as_json: AsJson = False) -> None:
    """One item: what it is, its skills, its other formats, and its quality with the reasons."""
    from api.answers import Related, item_answer

    with workshop(context) as shop:
        name = ItemKey(source, key)
        item = shop.catalogue.items.get(name)
        others = [one for one in shop.catalogue.works.of(name).items if one.id != item.id]
        related = Related(others, shop.catalogue.works.translations(name))
        passages = shop.catalogue.items.passages(name)
        told = item_answer(item, passages, shop.taxonomy, related)
    answer(told, as_json=as_json, table=table(("", ""), described(told)))


def described(told: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The answer of the API as lines for a person."""
    plain = ("title", "url", "resource_type", "state", "language", "level", "duration", "provider")
    yield from ((name.replace("_", " "), told[name]) for name in plain)
    for tag in told["tags"]:
        level = f", {tag['level']}" if tag["level"] else ""
        yield f"skill, {tag['standing']}", f"{tag['name']}{level} ({tag['confidence']:.2f})"
    for other in told["also"]:
        yield "also as", f"{other['format']}: {other['url'] or other['title']}"
    for other in told["translations"]:
        yield "translation", f"{other['language']}: {other['title']}"
    yield "quality", told["quality"]["value"]
    for aspect in told["quality"]["aspects"]:
        yield f"  {aspect['name']}", f"{aspect['value']:.2f}  {aspect['reason']}"


@app.command()
def approve(
    context: typer.Context,
    source: str,
    keys: Keys = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every item of the source that waits.")
    ] = False,
) -> None:
    """Publish items that waited for a person: those of a source that publishes after review."""
    with workshop(context) as shop:
        chosen = keys or []
        if everything:
            chosen = [item.key.key for item in every(shop, source, [State.SUGGESTED])]
        decide(shop, chosen, source, shop.catalogue.items.approve)


@app.command()
def suppress(context: typer.Context, source: str, keys: Keys = None) -> None:
    """Never show these items, whatever their source brings; `restore` takes it back."""
    with workshop(context) as shop:
        items = shop.catalogue.items
        decide(shop, keys, source, lambda key, who: items.set_state(key, State.SUPPRESSED, who))


@app.command()
def retire(context: typer.Context, source: str, keys: Keys = None) -> None:
    """Take items out of search as outlived; `restore` takes it back."""
    with workshop(context) as shop:
        items = shop.catalogue.items
        decide(shop, keys, source, lambda key, who: items.set_state(key, State.RETIRED, who))


@app.command()
def restore(context: typer.Context, source: str, keys: Keys = None) -> None:
    """Publish items again that were retired, suppressed or gone."""
    with workshop(context) as shop:
        decide(shop, keys, source, shop.catalogue.items.restore)


def decide(
    shop: Any, keys: list[str] | None, source: str, deed: Callable[[ItemKey, str], Item]
) -> None:
    """Do it to each item, and see to it that searches know."""
    from flows.publish import publish

    if not keys:
        raise NotFound(f"no items named; `skillshelf items list {source}` shows their keys")
    for key in keys:
        item = deed(ItemKey(source, key), person())
        say(f"{item.state}: {item.draft.title}")
    publish(shop)


def every(shop: Any, source: str | None, states: list[State] | None) -> list[Item]:
    found: list[Item] = []
    while page := shop.catalogue.items.page(
        source, states, after_id=found[-1].id if found else 0, limit=PAGE
    ):
        found += page
    return found


def workshop(context: typer.Context) -> Any:
    state: Context = context.obj
    return state.workshop()
