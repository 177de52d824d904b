"""`python -m bench linking`: which skills of a taxonomy a sentence speaks of, as people saw it.

Each sentence goes the way of a text that the tagger reads alone: encoder, linker, labels,
probability. Precision, recall and F1 are of the skills at or above the product's threshold, over
all sentences, those without a skill included; "alarms" are skills given to one of those. What is
"added to encoding" is processor time, as a share of encoding the same sentences for search.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.figures import this_machine
from bench.gold import Names, Sentence, read_sentences
from bench.linked import Cost, Product
from bench.linking_scores import Answered, Calibrated, Ranked, answered, calibrated, likely, ranked
from bench.peer_linking import NAME as PEER
from bench.peer_linking import PeerAnswers, peer_answers
from bench.quality import cache_folder, reliability_table, write_json
from config.taxonomy import load_taxonomy

SMOKE = Path(__file__).parent / "smoke" / "sentences.csv"
OURS = "skillshelf"
AT_BEST = ", at its best"
TOGETHER = "together"
THRESHOLDS = [step / 20 for step in range(1, 20)]


@dataclass(frozen=True, slots=True)
class Score:
    """One system on one file."""

    file: str
    system: str
    answered: Answered
    sentences_a_second: float
    ranked: Ranked | None = None
    calibrated: Calibrated | None = None
    cost: Cost | None = None


def main(arguments: Sequence[str] | None = None) -> None:
    asked = parser().parse_args(arguments)
    console = Console(stderr=True, highlight=False)
    taxonomy = load_taxonomy(asked.taxonomy)
    names = Names(taxonomy)
    files = {
        path.stem: read_sentences(path, names)[: asked.limit] for path in asked.sentences or [SMOKE]
    }
    for name, few in files.items():
        console.print(_told(name, few), markup=False)
    if len(files) > 1:
        files[TOGETHER] = [sentence for few in files.values() for sentence in few]
    with cache_folder(asked.cache) as cache:
        product = Product(taxonomy, cache)
        scores = [one for name, few in files.items() for one in ours(name, few, product)]
        if asked.peer:
            texts = list(dict.fromkeys(one.text for few in files.values() for one in few))
            answers = peer_answers(texts, taxonomy, cache, console)
            scores += [one for name, few in files.items() for one in peers(name, few, answers)]
    shown = Console(width=None if Console().is_terminal else 150)
    shown.print(as_table(scores))
    for score in scores:
        if score.calibrated:
            shown.print(reliability_table(score.file, score.calibrated.bins))
    if asked.json:
        facts = {"taxonomy": taxonomy.name, "version": taxonomy.version}
        write_json(asked.json, {**facts, "scores": [asdict(score) for score in scores]})


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench linking", description=__doc__)
    add = parser.add_argument
    files = "CSV with the columns sentence and label; default: a dozen sentences"
    add("--sentences", type=Path, nargs="*", metavar="FILE", help=files)
    add("--taxonomy", default="esco", metavar="FILE", help='"esco", or any taxonomy file')
    add("--limit", type=int, metavar="N", help="the first N sentences of each file only")
    add("--peer", action="store_true", help=f"also {PEER}, installed when first asked for")
    add("--json", type=Path, metavar="FILE", help="write the figures there too")
    add("--cache", type=Path, metavar="FOLDER", help="keep model, skills and peers here")
    return parser


def ours(name: str, sentences: Sequence[Sentence], product: Product) -> Iterator[Score]:
    """At the product's threshold; and at the one that suits these very sentences best."""
    texts = [sentence.text for sentence in sentences]
    candidates = product.candidates(texts)
    threshold = product.threshold
    cost = product.cost(texts)
    yield Score(
        name,
        OURS,
        answered(sentences, likely(candidates, threshold), threshold),
        cost.texts_a_second,
        ranked(sentences, candidates),
        calibrated(sentences, candidates),
        cost,
    )
    tried = [answered(sentences, likely(candidates, at), at) for at in THRESHOLDS]
    best = max(tried, key=lambda score: score.counts.f1)
    yield Score(name, f"{OURS}{AT_BEST}", best, cost.texts_a_second)


def peers(name: str, sentences: Sequence[Sentence], answers: PeerAnswers) -> Iterator[Score]:
    """At the threshold that it comes with, and at the one that suits these very sentences best."""
    speed = answers.sentences_a_second
    scores = [
        answered(sentences, [given[sentence.text] for sentence in sentences], at)
        for at, given in answers.given.items()
    ]
    own = next(score for score in scores if score.threshold == answers.own)
    best = max(scores, key=lambda score: score.counts.f1)
    yield Score(name, PEER, own, speed)
    yield Score(name, f"{PEER}{AT_BEST}", best, speed)


def as_table(scores: Sequence[Score]) -> Table:
    names = ("file", "system", "R-P@1", "R-P@5", "R-P@10", "MRR", "precision", "recall", "F1", "at")
    more = ("alarms", "ECE", "sentences/s", "added to encoding")
    table = Table(*names, *more, title=str(this_machine()))
    for s in scores:
        ranks = [*s.ranked.r_precision, s.ranked.mrr] if s.ranked else [None] * 4
        counts = s.answered.counts
        judged = (counts.precision, counts.recall, counts.f1)
        shown = [_percent(value) for value in (*ranks, *judged)]
        error = f"{s.calibrated.error:.3f}" if s.calibrated else ""
        alarms = f"{s.answered.false_alarms:.2f}"
        rest = (f"{s.answered.threshold:g}", alarms, error, f"{s.sentences_a_second:.0f}")
        extra = f"{s.cost.extra:+.0%}" if s.cost else ""
        style = "bold" if s.system == OURS else None
        table.add_row(s.file, s.system, *shown, *rest, extra, style=style)
    return table


def _percent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f}"


def _told(name: str, sentences: Sequence[Sentence]) -> str:
    without = sum(not one.gold for one in sentences)
    unknown = sorted({label for one in sentences for label in one.unknown})
    lacking = f"; labels that the taxonomy lacks: {', '.join(unknown)}" if unknown else ""
    return f"{name}: {len(sentences)} sentences, {without} of them without a skill{lacking}"


if __name__ == "__main__":
    main()
