"""Walking through suggested tags at a terminal."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.text import Text

from catalogue.model import EffectiveTag, Item, Passage, Review, Standing, Verdict
from config.taxonomy import Taxonomy
from verbs.home import State, known, person
from verbs.output import out

ANSWERS = {"a": Verdict.ACCEPT, "r": Verdict.REJECT}


def register(app: typer.Typer) -> None:
    app.command()(review)


def review(
    context: typer.Context,
    source: Annotated[str | None, typer.Argument(help="Only this source's items.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Items to walk through.")] = 20,
) -> None:
    """Accept or reject suggested tags one by one. What you decide is never asked again."""
    from flows.publish import publish

    state: State = context.obj
    decided = 0
    with state.workshop() as shop:
        known(shop, source)
        for item, tag in waiting(shop.catalogue.reviews.suggestions(source, limit)):
            show(item, tag, shop.taxonomy)
            quote(tag, shop.catalogue.items.passages(item.key))
            said = typer.prompt("[a]ccept, [r]eject, [s]kip, [q]uit", default="s")
            if said == "q":
                break
            if verdict := ANSWERS.get(said):
                word = Review(item.key, tag.tag.skill, verdict, person(), "", datetime.now(UTC))
                shop.catalogue.reviews.add(word)
                decided += 1
        if decided:
            publish(shop)
    out.print(f"{decided} decided")


def waiting(items: list[Item]) -> Iterator[tuple[Item, EffectiveTag]]:
    """Every suggested tag with its item."""
    for item in items:
        for tag in item.tags:
            if tag.standing is Standing.SUGGESTED:
                yield item, tag


def show(item: Item, tag: EffectiveTag, taxonomy: Taxonomy) -> None:
    skill = taxonomy.get(tag.tag.skill)
    out.rule(style="dim")
    out.print(Text(item.draft.title, style="bold"), Text(f"  {item.draft.url}", style="dim"))
    out.print(Text(f"{skill.label if skill else tag.tag.skill}  {tag.tag.probability:.2f}"))
    if skill and skill.description:
        out.print(Text(skill.description, style="dim"))


def quote(tag: EffectiveTag, passages: tuple[Passage, ...]) -> None:
    """The sentences that made the machine think so, each with its place."""
    by_number = {passage.number: passage for passage in passages}
    for evidence in tag.tag.evidence:
        if passage := by_number.get(evidence.passage):
            where = f"  ({passage.locator})" if passage.locator else ""
            text = passage.text[evidence.start : evidence.end]
            out.print(Text(f"  “{text}”{where}", style="yellow"))
