"""Finding: items by words and skills, and skills by name."""

from typing import Annotated, Any

import typer
from rich.text import Text

from catalogue.model import Kind, Level
from verbs.home import State
from verbs.output import Exit, answer, out, table

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def register(app: typer.Typer) -> None:
    app.command()(search)
    app.command()(skills)


def search(
    context: typer.Context,
    words: Annotated[str, typer.Argument(help="What to find; empty lists the newest.")] = "",
    skill: Annotated[list[str] | None, typer.Option(help="A skill's label or URI.")] = None,
    kind: Annotated[list[Kind] | None, typer.Option()] = None,
    level: Annotated[list[Level] | None, typer.Option()] = None,
    language: Annotated[list[str] | None, typer.Option(help="BCP 47, for example de.")] = None,
    source: Annotated[list[str] | None, typer.Option()] = None,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 10,
    explain: Annotated[bool, typer.Option(help="Say what each signal gave.")] = False,
    as_json: AsJson = False,
) -> None:
    """Find what teaches something, opened at the place that does."""
    from index.search import Filters, SearchRequest
    from verbs.finding import GROUPS, skill_id, searcher

    state: State = context.obj
    with state.workshop() as shop, searcher(shop) as find:
        filters = Filters(
            skills=tuple(skill_id(shop.taxonomy, name) for name in skill or ()),
            kinds=tuple(kind or ()),
            levels=tuple(level or ()),
            languages=tuple(language or ()),
            sources=tuple(source or ()),
        )
        result = find.search(
            SearchRequest(groups=GROUPS, text=words, filters=filters, limit=limit, explain=explain)
        )
    if as_json:
        answer(result, as_json=True)
    else:
        for hit in result.hits:
            show(hit)
    if not result.hits:
        raise typer.Exit(Exit.INCOMPLETE)


def show(hit: Any) -> None:
    """One hit on a few lines; text from outside is printed as it is, never as markup."""
    where = f" · {hit.passage.locator}" if hit.passage.locator else ""
    out.print(Text(hit.item.title, style="bold"), Text(f"{hit.item.kind}{where}", style="cyan"))
    out.print(Text(f"  {hit.open_url}", style="dim"), soft_wrap=True)
    text = Text("  " + " ".join(hit.passage.text.split())[:300])
    out.print(text)
    if hit.item.skills:
        names = ", ".join(s.label for s in hit.item.skills[:6])
        out.print(Text(f"  skills: {names}", style="green"))
    for line in hit.explanation:
        out.print(Text(f"  {line}", style="dim"))
    out.print()


def skills(
    context: typer.Context,
    words: Annotated[str, typer.Argument(help="The beginning of a skill's name.")] = "",
    limit: Annotated[int, typer.Option(min=1)] = 20,
    as_json: AsJson = False,
) -> None:
    """Find skills of the taxonomy by the beginning of a label."""
    state: State = context.obj
    with state.workshop() as shop:
        found = shop.taxonomy.completing(words, limit)
    rows = ((s.label, s.kind, s.alternatives[:3], s.id) for s in found)
    answer(found, as_json=as_json, table=table(("skill", "kind", "also", "id"), rows))
