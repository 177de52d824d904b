"""Whether the place that a tag points at really gives the reason for it.

A tag by label holds if in one of its places a label or alternative of the skill stands, its words
in a row whatever their inflection, a qualifier in brackets left out. A tag by meaning holds if one
of its places, encoded by itself, is nearer to the skill's label than the average of the item's
other sentences are; of an item without other sentences nothing can be said.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from catalogue.model import Enrichment, Method, Passage, Tag
from config.taxonomy import Skill, Taxonomy
from enrichment.encoder import Encoder
from enrichment.passages import sentences
from enrichment.words import stem, tokens

BY_LABEL = (Method.LABEL, Method.BOTH)
_QUALIFIER = re.compile(r"\s*\([^()]*\)\s*$")


@dataclass(frozen=True, slots=True)
class Grounds:
    """Of `tags`, `placed` point at a place; of those `decided` can be checked, and `held` hold."""

    tags: int
    placed: int
    decided: int
    held: int

    @property
    def share(self) -> float:
        return self.held / self.decided if self.decided else 0.0


def grounds(
    given: Sequence[tuple[Enrichment, Sequence[Tag]]], taxonomy: Taxonomy, encoder: Encoder
) -> dict[str, Grounds]:
    """Of the tags looked at of each item, by what they were given for."""
    found: dict[str, list[bool | None]] = {"label": [], "meaning": []}
    tags = dict.fromkeys(found, 0)
    for enrichment, chosen in given:
        for tag in chosen:
            kind = "label" if tag.method in BY_LABEL else "meaning"
            tags[kind] += 1
            if tag.evidence:
                held = _names if kind == "label" else _nearer
                found[kind].append(held(tag, enrichment, taxonomy.skills[tag.skill], encoder))
    return {kind: _grounds(tags[kind], held) for kind, held in found.items()}


def _grounds(tags: int, held: Sequence[bool | None]) -> Grounds:
    decided = [one for one in held if one is not None]
    return Grounds(tags, len(held), len(decided), sum(decided))


def _names(tag: Tag, enrichment: Enrichment, skill: Skill, encoder: Encoder) -> bool:
    return any(says(text, skill) for text in places(tag, enrichment.passages))


def says(text: str, skill: Skill) -> bool:
    """Whether a name of the skill stands in the text."""
    said = _stems(text)
    return any(_in_a_row(_stems(name), said) for name in (skill.label, *skill.alternatives))


def _nearer(tag: Tag, enrichment: Enrichment, skill: Skill, encoder: Encoder) -> bool | None:
    others = [
        passage.text[start:end]
        for passage in enrichment.passages
        for start, end in sentences(passage.text)
        if not any(
            one.passage == passage.number and start < one.end and one.start < end
            for one in tag.evidence
        )
    ]
    if not others:
        return None
    shown = list(places(tag, enrichment.passages))
    near = encoder.encode([*shown, *others]) @ encoder.encode([skill.label])[0]
    return bool(near[: len(shown)].max() > np.mean(near[len(shown) :]))


def places(tag: Tag, passages: Sequence[Passage]) -> Iterator[str]:
    for one in tag.evidence:
        yield passages[one.passage].text[one.start : one.end]


def _stems(text: str) -> list[str]:
    return [stem(word) for word, _, _ in tokens(_QUALIFIER.sub("", text) or text)]


def _in_a_row(words: Sequence[str], text: Sequence[str]) -> bool:
    number = len(words)
    starts = range(len(text) - number + 1)
    return bool(words) and any(text[at : at + number] == words for at in starts)
