"""Finding: items by words and skills, and skills by name."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.text import Text

from catalogue.model import Kind, Level
from verbs.home import State
from verbs.output import Exit, answer, out, table

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, as the API does.")]


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
    from verbs.finding import find

    query: dict[str, Any] = {"q": words, "limit": limit, "explain": explain}
    lists = {"skill": skill, "resource_type": kind, "level": level, "language": language}
    lists["source"] = source
    query |= {name: [str(v) for v in values] for name, values in lists.items() if values}
    state: State = context.obj
    with state.workshop() as shop:
        found = find(shop, query)
    if as_json:
        answer(found, as_json=True)
    else:
        show_all(found)
    if not found["results"]:
        raise typer.Exit(Exit.INCOMPLETE)


def show_all(found: Mapping[str, Any]) -> None:
    told = found["metadata"]
    if told["did_you_mean"]:
        out.print(Text(f"searched for: {told['did_you_mean']}", style="yellow"))
    if found["results"] and not told["fits"]:
        out.print(Text("nothing has these words or means nearly that; these come nearest"))
    for result in found["results"]:
        show(result)
    exact = "" if found["count_is_exact"] else "at least "
    out.print(f"{exact}{found['count']} found", style="dim")


def show(result: Mapping[str, Any]) -> None:
    """One hit on a few lines; text from outside is printed as it is, never as markup."""
    passage = result["passage"]
    place = passage["locator"]["label"] if passage["locator"] else ""
    about = " · ".join(filter(None, (result["resource_type"], result["language"], place)))
    out.print(Text(result["title"], style="bold"), Text(about, style="cyan"))
    out.print(Text(f"  {result['open_url'] or result['url'] or ''}", style="dim"), soft_wrap=True)
    out.print(marked(passage["text"], passage["highlights"]))
    if names := [skill["name"] for skill in result["skills"][:6]]:
        out.print(Text(f"  skills: {', '.join(names)}", style="green"))
    for other in result["also"]:
        out.print(
            Text(f"  also as {other['format']}: {other['url'] or other['title']}", style="dim")
        )
    for line in result["explain"] or ():
        out.print(Text(f"  {line}", style="dim"))
    out.print()


def marked(text: str, highlights: list[tuple[int, int]], width: int = 280) -> Text:
    """The stretch of the passage around its first highlight, the highlights in bold."""
    first = highlights[0][0] if highlights else 0
    start = max(0, first - width // 3)
    shown = Text("  " + text[start : start + width].replace("\n", " "))
    for begin, end in highlights:
        if start <= begin and end <= start + width:
            shown.stylize("bold yellow", begin - start + 2, end - start + 2)
    return shown


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
    if not found:
        raise typer.Exit(Exit.INCOMPLETE)
