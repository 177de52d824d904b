"""Fits the tagger's coefficients: `python -m enrichment.fit DATA CACHE` writes data/tagging.json.

DATA is a folder of development data: labels/esco-linking, labels/skillspan, catalogues/oer-commons.
Only training and validation parts are read, never one that is named a test. CACHE is where encoders
and skill vectors are kept.
"""

import csv
import hashlib
import html
import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from config.taxonomy import Taxonomy, load_taxonomy
from enrichment.encoder import load_encoder
from enrichment.lexicon import Lexicon
from enrichment.linker import Linkable, Linker
from enrichment.scoring import FEATURES, sigmoid
from enrichment.sightings import by_sentence, rows
from enrichment.skillspan import tagged_sentences

Numbers = NDArray[np.float64]

TECH, HOUSE, OPEN = "tech_validation", "house_validation", "oer-commons keywords"
NONE = "skillspan sentences without a skill"
# Of the sentences people were given to link, three in ten name no skill; so many in all, then.
WITHOUT = 60
# Few, for the sentences to decide: with 350, R-precision@5 on the house set was 1.7 lower.
KEYWORDS = 90
SEED = 1
KEYWORD_WEIGHT = 0.3  # a keyword's absence says little about an item
RIDGE = 1.0
_SAID = FEATURES.index("said of the label")
BINS = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 1.01)


@dataclass(frozen=True, slots=True)
class Example:
    """A text and the skills, by position in the taxonomy, that people gave it."""

    origin: str
    text: str
    skills: frozenset[int]


@dataclass(frozen=True, slots=True)
class Rows:
    """One row for each text and candidate skill."""

    example: NDArray[np.int64]
    skill: NDArray[np.int64]
    features: Numbers
    right: Numbers


def main(data: Path, cache: Path) -> None:
    taxonomy = load_taxonomy("esco")
    examples = [*_linking(data, TECH, taxonomy), *_linking(data, HOUSE, taxonomy)]
    examples += [*_without(data), *_keywords(data, taxonomy)]
    rows = _rows(examples, taxonomy, cache)
    origin = np.array([examples[i].origin for i in rows.example])
    weights = fitted(rows, origin)
    unseen = {held: _unseen(held, examples, rows, origin) for held in (TECH, HOUSE)}
    written = {
        "version": hashlib.sha256(np.round(weights, 4).tobytes()).hexdigest()[:12],
        "weights": dict(zip(FEATURES, np.round(weights, 4).tolist(), strict=True)),
        "trained_on": [TECH, HOUSE, NONE, OPEN],
        "when_held_out": unseen,
    }
    text = json.dumps(written, indent=2) + "\n"
    (Path(__file__).parent / "data" / "tagging.json").write_text(text, encoding="utf-8")
    print(text)  # noqa: T201


def fitted(rows: Rows, origin: NDArray[np.str_]) -> Numbers:
    """Weights of a ridge logistic regression, by Newton's method.

    Keywords leave out far more than they name: a constant of their own takes that up and is
    dropped, so that probabilities are those of the fully annotated sentences.
    """
    keyword = (origin == OPEN).astype(float)
    x = np.column_stack([rows.features, keyword])
    weight = np.where(keyword > 0, KEYWORD_WEIGHT, 1.0)
    ridge = RIDGE * np.r_[0.0, np.ones(x.shape[1] - 1)]
    found = np.zeros(x.shape[1])
    for _ in range(50):
        p = sigmoid(x @ found)
        gradient = x.T @ (weight * (p - rows.right)) + ridge * found
        curvature = (x.T * (weight * p * (1 - p))) @ x + np.diag(ridge)
        found = found - np.linalg.solve(curvature, gradient)
    return found[:-1]


def _unseen(
    held: str, examples: Sequence[Example], rows: Rows, origin: NDArray[np.str_]
) -> dict[str, object]:
    """How well weights fitted on all other origins do on this one."""
    rest = origin != held
    part = Rows(rows.example[rest], rows.skill[rest], rows.features[rest], rows.right[rest])
    p = sigmoid(rows.features[~rest] @ fitted(part, origin[rest]))
    right = rows.right[~rest]
    return {
        "r_precision_at_5": round(_precision(p, examples, rows, ~rest), 1),
        "brier": round(float(((p - right) ** 2).mean()), 4),
        "calibration": _calibration(p, right),
    }


def _precision(
    p: Numbers, examples: Sequence[Example], rows: Rows, held: NDArray[np.bool_]
) -> float:
    """Mean over texts with skills of: right among the first five / how many could be."""
    found = []
    owner, skill = rows.example[held], rows.skill[held]
    for index in np.unique(owner):
        gold = examples[index].skills
        if gold:
            mine = np.flatnonzero(owner == index)
            first = skill[mine[np.argsort(-p[mine], kind="stable")[:5]]]
            found.append(len(gold.intersection(first.tolist())) / min(5, len(gold)))
    return 100 * float(np.mean(found))


def _calibration(p: Numbers, right: Numbers) -> list[dict[str, float]]:
    place = np.digitize(p, BINS)
    return [
        {
            "said": round(float(p[place == b].mean()), 3),
            "was": round(float(right[place == b].mean()), 3),
            "of": int((place == b).sum()),
        }
        for b in sorted(set(place.tolist()))
    ]


def _rows(examples: Sequence[Example], taxonomy: Taxonomy, cache: Path) -> Rows:
    encoder = load_encoder("all-MiniLM-L6-v2", cache)
    linker, lexicon = Linker(taxonomy, encoder, cache), Lexicon(taxonomy)
    found = []
    read = list(encoder.read([example.text for example in examples]))
    linked = linker.link(Linkable(examples[index].text, reading) for index, reading in read)
    for (index, _), links in zip(read, linked, strict=True):
        example = examples[index]
        best: dict[int, list[float]] = {}
        for (start, end), near, named in by_sentence(example.text, links, lexicon):
            told = rows(example.text[start:end], near, named, lexicon)
            for skill, values in zip(*told, strict=True):
                if skill not in best or _telling(values) > _telling(best[skill]):
                    best[skill] = values
        found += [(index, s, values, float(s in example.skills)) for s, values in best.items()]
    columns = list(zip(*found, strict=True))
    return Rows(*(np.array(column) for column in columns))


def _telling(values: Sequence[float]) -> tuple[bool, float]:
    """Which of several sentences speaks for a skill: one that names it, or else the nearest."""
    return any(values[4:_SAID]), values[FEATURES.index("near")]


def _without(data: Path) -> list[Example]:
    texts = sorted({text for text, spans in tagged_sentences(data) if not spans})
    random.Random(SEED).shuffle(texts)  # noqa: S311 nothing secret
    return [Example(NONE, text, frozenset()) for text in texts[:WITHOUT]]


def _linking(data: Path, name: str, taxonomy: Taxonomy) -> list[Example]:
    position = {skill.label.casefold(): at for at, skill in enumerate(taxonomy)}
    gold: dict[str, set[int]] = {}
    path = data / "labels" / "esco-linking" / f"{name}_annotations.csv"
    for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        skills = gold.setdefault(row["sentence"], set())
        at = position.get(row["label"].casefold())
        if at is not None:
            skills.add(at)
    return [Example(name, text, frozenset(skills)) for text, skills in gold.items()]


def _keywords(data: Path, taxonomy: Taxonomy) -> list[Example]:
    found = list(_with_keywords(data, taxonomy))
    random.Random(SEED).shuffle(found)  # noqa: S311 nothing secret
    return found[:KEYWORDS]


def _with_keywords(data: Path, taxonomy: Taxonomy) -> Iterator[Example]:
    """English items with a keyword that is a label: title and overview, as a passage is."""
    position = {skill.id: at for at, skill in enumerate(taxonomy)}
    csv.field_size_limit(10_000_000)
    with (data / "catalogues/oer-commons/oer_commons.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter=";"):
            meant = [taxonomy.labelled(word) for word in row["KEYWORDS"].split("|") if word]
            skills = {position[skill] for one in meant if len(one) in (1, 2) for skill in one}
            if skills and row["LANGUAGES"].startswith("en"):
                text = f"{row['NAME']}\n{_plain(row['TEACHER_OVERVIEW'])[:1200]}"
                yield Example(OPEN, text, frozenset(skills))


def _plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup or "")).split())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
