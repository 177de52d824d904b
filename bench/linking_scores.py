"""What answers to sentences are worth, against the skills that people saw in them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.gold import Sentence
from bench.ir import reciprocal_rank
from bench.metrics import Bin, Counts, calibration_error, counted, r_precision, reliability
from config.taxonomy import SkillId

DEPTHS = (1, 5, 10)

Candidates = Sequence[tuple[SkillId, float]]  # likeliest first, each with its probability
Answers = Sequence[Sequence[SkillId]]  # to each sentence


@dataclass(frozen=True, slots=True)
class Answered:
    """Skills given from a threshold on. `without` sentences have no gold skill of this taxonomy;
    `false_alarms` are skills given to one of those on average.
    """

    sentences: int
    without: int
    threshold: float
    counts: Counts
    false_alarms: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """Means over the sentences that have a skill; R-precision at each of `DEPTHS`."""

    r_precision: tuple[float, ...]
    mrr: float


@dataclass(frozen=True, slots=True)
class Calibrated:
    error: float
    bins: tuple[Bin, ...]


def answered(sentences: Sequence[Sentence], given: Answers, threshold: float) -> Answered:
    alarms = [len(few) for one, few in zip(sentences, given, strict=True) if not one.gold]
    counts = counted(zip(given, (one.gold for one in sentences), strict=True))
    mean = float(np.mean(alarms)) if alarms else 0.0
    return Answered(len(sentences), len(alarms), threshold, counts, mean)


def likely(candidates: Sequence[Candidates], threshold: float) -> Answers:
    return [[skill for skill, p in few if p >= threshold] for few in candidates]


def ranked(sentences: Sequence[Sentence], candidates: Sequence[Candidates]) -> Ranked | None:
    """None where no sentence has a skill."""
    rows = []
    for sentence, few in zip(sentences, candidates, strict=True):
        if sentence.gold:
            order = [skill for skill, _ in few]
            hits = [r_precision(order, sentence.gold, depth) for depth in DEPTHS]
            gains = dict.fromkeys(sentence.gold, 1.0)
            rows.append([*hits, reciprocal_rank(order, gains, len(order))])
    if not rows:
        return None
    *precisions, mrr = np.mean(rows, axis=0).tolist()
    return Ranked(tuple(precisions), mrr)


def calibrated(sentences: Sequence[Sentence], candidates: Sequence[Candidates]) -> Calibrated:
    """Over every candidate of every sentence."""
    pairs = [
        (p, skill in sentence.gold)
        for sentence, few in zip(sentences, candidates, strict=True)
        for skill, p in few
    ]
    bins = tuple(reliability([p for p, _ in pairs], [right for _, right in pairs]))
    return Calibrated(calibration_error(bins), bins)
