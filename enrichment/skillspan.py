"""The training part of SkillSpan: sentences of job advertisements, skills and knowledge marked."""

import gzip
import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

SHORTEST = 4  # words; less is a heading or a date
Span = tuple[int, int]


def tagged_sentences(data: Path) -> Iterator[tuple[str, list[Span]]]:
    """Each sentence with the characters that somebody marked."""
    with gzip.open(data / "labels/skillspan/train.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            read = json.loads(line)
            if len(read["tokens"]) >= SHORTEST:
                marked = zip(read["tags_skill"], read["tags_knowledge"], strict=True)
                yield _sentence(read["tokens"], [pair != ("O", "O") for pair in marked])


def _sentence(tokens: Sequence[str], marked: Sequence[bool]) -> tuple[str, list[Span]]:
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token) + 1)
    spans = []
    for is_marked, group in groupby(range(len(tokens)), key=marked.__getitem__):
        places = list(group)
        if is_marked:
            spans.append((starts[places[0]], starts[places[-1] + 1] - 1))
    return " ".join(tokens), spans
