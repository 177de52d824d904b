"""`python -m bench tagging`: which skills an item teaches, as people said, how surely and where.

FILE is JSON lines or a table (commas, semicolons or tabs). An item has a title, a text and skills:
labels or ids, separated by bars or semicolons. Without any it teaches none; one whose skills the
taxonomy all lacks is left out. Another table is read by naming its columns: OER Commons keywords
with --columns NAME TEACHER_OVERVIEW KEYWORDS --named-only. Such keywords name some of what an item
teaches, so precision measured on them is a lower bound.

Items go the product's own way from draft to tags; their skills are not part of the draft.
"""

import argparse
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.evidence import Grounds, grounds
from bench.figures import this_machine
from bench.gold import ITEM_FIELDS, Labelled, Names, read_items
from bench.linked import Cost, Product
from bench.metrics import Bin, Counts, calibration_error, counted, reliability
from bench.quality import cache_folder, reliability_table, write_json
from catalogue.model import Draft, Enrichment, Tag
from config.taxonomy import load_taxonomy
from connectors.extract import plain

SMOKE = Path(__file__).parent / "smoke" / "items.jsonl"
COST_PASSAGES = 200

Tagged = Sequence[tuple[Labelled, Enrichment]]


@dataclass(frozen=True, slots=True)
class Score:
    """The product on one file, at its threshold; `false_alarms` are tags of an item without any
    skill, on average. `cost` is of its first passages.
    """

    file: str
    items: int
    without: int
    threshold: float
    counts: Counts
    false_alarms: float
    calibration_error: float
    reliability: tuple[Bin, ...]
    evidence: dict[str, Grounds]
    cost: Cost


def main(arguments: Sequence[str] | None = None) -> None:
    asked = parser().parse_args(arguments)
    console = Console(stderr=True, highlight=False)
    taxonomy = load_taxonomy(asked.taxonomy)
    columns = dict(zip(ITEM_FIELDS, asked.columns, strict=True))
    items = read_items(asked.items, Names(taxonomy), columns)
    kept = chosen(items, named_only=asked.named_only)[: asked.limit]
    console.print(f"{asked.items.stem}: {len(items)} items, {len(kept)} judged", markup=False)
    with cache_folder(asked.cache) as cache:
        product = Product(taxonomy, cache)
        score = scored(asked.items.stem, enriched(kept, product), product)
    shown = Console(width=None if Console().is_terminal else 120)
    shown.print(as_table(score))
    shown.print(reliability_table(score.file, score.reliability))
    if asked.json:
        facts = {"taxonomy": taxonomy.name, "version": taxonomy.version}
        write_json(asked.json, {**facts, "scores": [asdict(score)]})


def parser() -> argparse.ArgumentParser:
    shape = argparse.RawDescriptionHelpFormatter
    prog = "python -m bench tagging"
    parser = argparse.ArgumentParser(prog=prog, description=__doc__, formatter_class=shape)
    add = parser.add_argument
    names = tuple(name.upper() for name in ITEM_FIELDS)
    add("--items", type=Path, metavar="FILE", default=SMOKE, help="default: a dozen items")
    add("--columns", nargs=3, metavar=names, default=ITEM_FIELDS, help="default: their names")
    add("--named-only", action="store_true", help="leave out items that name no skill")
    add("--taxonomy", default="esco", metavar="FILE", help='"esco", or any taxonomy file')
    add("--limit", type=int, metavar="N", help="the first N items only")
    add("--json", type=Path, metavar="FILE", help="write the figures there too")
    add("--cache", type=Path, metavar="FOLDER", help="keep model and skills here")
    return parser


def chosen(items: Sequence[Labelled], *, named_only: bool) -> list[Labelled]:
    """The items that can be judged."""
    return [one for one in items if one.gold or not (named_only or one.unknown)]


def enriched(items: Sequence[Labelled], product: Product) -> Tagged:
    """Raises what any item raised: a figure of the others alone would not be one of the file."""
    drafts = (draft(number, item) for number, item in enumerate(items))
    found = []
    for item, concluded in zip(items, product.enriched(drafts), strict=True):
        if isinstance(concluded, Exception):
            raise concluded
        found.append((item, concluded))
    return found


def draft(number: int, item: Labelled) -> Draft:
    """As the table connector makes one of a row."""
    text = plain(item.text)
    return Draft(item.title or text[:80], f"https://items.example/{number}", summary=text)


def scored(name: str, tagged: Tagged, product: Product) -> Score:
    threshold = product.threshold
    sure = [[tag for tag in found.tags if tag.probability >= threshold] for _, found in tagged]
    pairs = [(tag, tag.skill in item.gold) for item, found in tagged for tag in found.tags]
    bins = reliability([tag.probability for tag, _ in pairs], [right for _, right in pairs])
    alarms = [len(tags) for (item, _), tags in zip(tagged, sure, strict=True) if not item.gold]
    texts = [passage.embedded_text for _, found in tagged for passage in found.passages]
    looked_at = list(zip((found for _, found in tagged), sure, strict=True))
    return Score(
        name,
        len(tagged),
        len(alarms),
        threshold,
        _counts(tagged, sure),
        sum(alarms) / max(len(alarms), 1),
        calibration_error(bins),
        tuple(bins),
        grounds(looked_at, product.taxonomy, product.encoder),
        product.cost(texts[:COST_PASSAGES]),
    )


def _counts(tagged: Tagged, sure: Sequence[Sequence[Tag]]) -> Counts:
    given = ([tag.skill for tag in tags] for tags in sure)
    return counted(zip(given, (item.gold for item, _ in tagged), strict=True))


def as_table(score: Score) -> Table:
    table = Table("figure", "measured", "of", title=f"{score.file}, {this_machine()}")
    counts, cost = score.counts, score.cost
    at = f"{score.items} items, probability {score.threshold:g} and above"
    table.add_row("precision", f"{counts.precision:.3f}", f"{counts.given} tags; {at}")
    table.add_row("recall", f"{counts.recall:.3f}", f"{counts.gold} gold skills")
    table.add_row("F1", f"{counts.f1:.3f}", "")
    table.add_row("false alarms", f"{score.false_alarms:.2f}", f"{score.without} without a skill")
    tags = sum(one.number for one in score.reliability)
    table.add_row("expected calibration error", f"{score.calibration_error:.3f}", f"{tags} tags")
    for kind, one in score.evidence.items():
        of = f"{one.decided} tags; {one.tags - one.placed} of {one.tags} point at no place"
        table.add_row(f"evidence holds, by {kind}", _share(one), of)
    more = f"processor time, {cost.texts} passages, {cost.texts_a_second:.0f} a second"
    table.add_row("added to encoding", f"{cost.extra:+.0%}", more)
    return table


def _share(one: Grounds) -> str:
    return f"{one.share:.3f}" if one.decided else ""


if __name__ == "__main__":
    main()
