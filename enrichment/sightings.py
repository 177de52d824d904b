"""What each sentence of a text says of skills: links and labels weighed together. Pure."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from enrichment.lexicon import Lexicon, Mention
from enrichment.linker import Link
from enrichment.passages import sentences
from enrichment.scoring import Coefficients, features
from enrichment.words import stems_of

# How near a sentence comes that was not linked: headings and subjects in another language, say.
FAR = 0.3
_UNLINKED = Link(0, 0, FAR, FAR)


@dataclass(frozen=True, slots=True)
class Seen:
    """One skill in one sentence, its characters `start` to `end` of the text."""

    skill: int
    probability: float
    start: int
    end: int
    mention: Mention | None
    near: bool


def sightings(
    text: str, links: Sequence[Link], lexicon: Lexicon, coefficients: Coefficients
) -> Iterator[Seen]:
    """For each skill the sentence of `text` that speaks of it most surely."""
    best: dict[int, Seen] = {}
    for one in _all(text, links, lexicon, coefficients):
        known = best.get(one.skill)
        if known is None or one.probability > known.probability:
            best[one.skill] = one
    yield from best.values()


def rows(
    text: str, linked: Mapping[int, Link], mentions: Mapping[int, Mention], lexicon: Lexicon
) -> tuple[list[int], list[list[float]]]:
    """The skills of the sentence `text` and what tells of each.

    A label may stand where the run of words comes nearer to other skills: then no farther than the
    last of those is all that is known.
    """
    near = [link.near for link in linked.values()] or [FAR]
    last = _UNLINKED._replace(
        near=min(near), whole=min((link.whole for link in linked.values()), default=FAR)
    )
    words = set(stems_of(text))
    skills = sorted({*linked, *mentions})
    links = [linked.get(s, last) for s in skills]
    return skills, [
        features(link.near, max(near), mentions.get(s), lexicon.share(s, words), link.whole)
        for s, link in zip(skills, links, strict=True)
    ]


def by_sentence(
    text: str, links: Sequence[Link], lexicon: Lexicon
) -> Iterator[tuple[tuple[int, int], Mapping[int, Link], Mapping[int, Mention]]]:
    """Each sentence's span, the skills it comes near, and those it names."""
    spans = sentences(text)
    starts = [start for start, _ in spans]
    near: defaultdict[int, dict[int, Link]] = defaultdict(dict)
    for link in links:
        near[link.sentence][link.skill] = link
    named: defaultdict[int, dict[int, Mention]] = defaultdict(dict)
    for mention in sorted(lexicon.mentions(text), key=lambda m: (m.words, m.preferred)):
        named[max(bisect_right(starts, mention.start) - 1, 0)][mention.skill] = mention
    for number in sorted({*near, *named}):
        yield spans[number], near.get(number, {}), named.get(number, {})


def _all(
    text: str, links: Sequence[Link], lexicon: Lexicon, coefficients: Coefficients
) -> Iterator[Seen]:
    for (start, end), near, named in by_sentence(text, links, lexicon):
        skills, table = rows(text[start:end], near, named, lexicon)
        for skill, p in zip(skills, coefficients.probability(np.array(table)), strict=True):
            yield Seen(skill, float(p), start, end, named.get(skill), skill in near)
