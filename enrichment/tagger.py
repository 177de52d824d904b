"""Which skills an item teaches, how surely, and where it says so."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catalogue.hashing import content_hash
from catalogue.model import Draft, Evidence, Method, Passage, Tag
from config.taxonomy import SkillId, Taxonomy
from enrichment.aggregate import Sighting, item_probability
from enrichment.encoder import Encoder, Vectors
from enrichment.evidence import evidence
from enrichment.language import detected
from enrichment.lexicon import Lexicon, Mention
from enrichment.scoring import features, read_coefficients
from enrichment.skill_vectors import Progress, skill_vectors

RULES = 1  # raise when the code below concludes otherwise
MOST_TAGS = 15
LEAST_PROBABILITY = 0.1
NEAREST = 10  # skills nearest in meaning that are weighed for each passage
SHOWN = 3  # places of evidence for a tag
SOURCE_PROBABILITY = 0.9  # that a skill which the source itself names is taught
_ROWS = 256  # passages compared with all skills at once: 14 MB
_LABELS_READ = 300  # to learn the taxonomy's language

# What a site must say somewhere. Its words name skills ("privacy", "copyright") it does not teach.
_NOTICE = re.compile(
    r"(legal notice|imprint|impressum|(website )?(privacy|cookie) (policy|notice|statement)"
    r"|datenschutz(erklärung|hinweise?)?|nutzungsbedingungen|agb|copyright( notice)?|disclaimer"
    r"|terms (of (use|service)|and conditions)|log ?in|sign ?in|anmelden|home|startseite|contact"
    r"|kontakt|welcome|willkommen|page not found|404.*)[.!]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One skill in one passage."""

    sighting: Sighting
    near: bool
    mention: Mention | None


class Tagger:
    """Tags items with the skills of one taxonomy, in that taxonomy's language.

    Nothing is loaded or encoded before the first item is tagged; `progress` then follows the
    encoding of the taxonomy, once for each encoder (6 s for ESCO).
    """

    def __init__(
        self,
        taxonomy: Taxonomy,
        encoder: Encoder,
        cache: Path,
        progress: Progress | None = None,
    ) -> None:
        self._taxonomy = taxonomy
        self._encoder = encoder
        self._cache = cache
        self._progress = progress
        self._coefficients = read_coefficients()
        known = (RULES, self._coefficients.version, taxonomy.version, encoder.id)
        self.version = content_hash({"tagger": list(known)})

    def tag(
        self, draft: Draft, title: Vectors, passages: Sequence[Passage], vectors: Vectors
    ) -> tuple[Tag, ...]:
        """The likeliest skills first. `vectors` has one row for each passage, `title` is one row.

        The title is read for itself too: short as the sentences that the coefficients come from,
        it is nearer to what the item teaches than the same title above 200 words.
        Text in another language than the taxonomy's gets only the skills that its source names.
        """
        seen: Mapping[int, list[_Seen]] = {}
        if self._reads(draft.language) and not _NOTICE.fullmatch(draft.title):
            seen = self._seen(draft, title, passages, vectors)
        named = self._named(draft.skills)
        tags = [
            self._tag(skill, seen.get(skill, ()), named.get(skill, 0.0), passages)
            for skill in {*seen, *named}
        ]
        likely = [tag for tag in tags if tag.probability >= LEAST_PROBABILITY]
        likely.sort(key=lambda tag: (-tag.probability, tag.skill))
        return tuple(likely[:MOST_TAGS])

    @cached_property
    def _skills(self) -> tuple[SkillId, ...]:
        return tuple(self._taxonomy.skills)

    @cached_property
    def _positions(self) -> Mapping[SkillId, int]:
        return {skill: position for position, skill in enumerate(self._skills)}

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(self._taxonomy)

    @cached_property
    def _matrix(self) -> Vectors:
        return skill_vectors(self._taxonomy, self._encoder, self._cache, self._progress)

    @cached_property
    def _language(self) -> str | None:
        labels = [skill.label for skill in self._taxonomy]
        step = max(len(labels) // _LABELS_READ, 1)
        return detected("\n".join(labels[::step]))[0]

    def _reads(self, language: str | None) -> bool:
        return bool(len(self._taxonomy)) and (
            language is None or language.split("-")[0] == self._language
        )

    def _seen(
        self, draft: Draft, title: Vectors, passages: Sequence[Passage], vectors: Vectors
    ) -> Mapping[int, list[_Seen]]:
        seen: defaultdict[int, list[_Seen]] = defaultdict(list)
        head = "\n".join((draft.title, *draft.subjects))
        texts = [(None, head), *((passage.number, passage.text) for passage in passages)]
        rows = np.vstack([title, vectors])  # one product an item: each reads all skills, 20 MB
        for start in range(0, len(rows), _ROWS):
            cosines = rows[start : start + _ROWS] @ self._matrix.T
            for (number, text), row in zip(texts[start:], cosines, strict=False):
                for skill, one in self._weighed(number, row, self._mentions(text)):
                    seen[skill].append(one)
        return seen

    def _mentions(self, text: str) -> Mapping[int, Mention]:
        """The most telling mention of each skill."""
        found = self._lexicon.mentions(text)
        return {m.skill: m for m in sorted(found, key=lambda m: (m.words, m.preferred))}

    def _weighed(
        self, number: int | None, row: NDArray[np.float32], mentions: Mapping[int, Mention]
    ) -> Iterable[tuple[int, _Seen]]:
        nearest = set(_nearest(row).tolist())
        skills = sorted({*nearest, *mentions})
        top = float(row.max())
        table = np.array([features(float(row[s]), top, mentions.get(s)) for s in skills])
        for skill, p in zip(skills, self._coefficients.probability(table), strict=True):
            sighting = Sighting(number, float(p))
            yield skill, _Seen(sighting, skill in nearest, mentions.get(skill))

    def _named(self, skills: Iterable[str]) -> Mapping[int, float]:
        """Skills by the source's own words, less sure where a word names several."""
        named: dict[int, float] = {}
        for text in skills:
            meant = (text,) if text in self._taxonomy.skills else self._taxonomy.labelled(text)
            for skill in meant:
                position = self._positions[skill]
                named[position] = max(named.get(position, 0.0), SOURCE_PROBABILITY / len(meant))
        return named

    def _tag(
        self, skill: int, seen: Sequence[_Seen], named: float, passages: Sequence[Passage]
    ) -> Tag:
        found = item_probability([one.sighting for one in seen], len(passages))
        probability = 1 - (1 - found) * (1 - named)
        inside = [one for one in seen if one.sighting.passage is not None]
        best = sorted(inside, key=lambda one: -one.sighting.probability)[:SHOWN]
        return Tag(
            skill=self._skills[skill],
            probability=round(min(max(probability, 0.001), 0.999), 4),
            method=_method(seen, named),
            evidence=self._evidence(skill, best, passages),
        )

    def _evidence(
        self, skill: int, seen: Iterable[_Seen], passages: Sequence[Passage]
    ) -> tuple[Evidence, ...]:
        names = self._taxonomy.skills[self._skills[skill]]
        words = " ".join((names.label, *names.alternatives))
        return tuple(
            evidence(passages[number], one.mention, words, self._lexicon)
            for one in seen
            if (number := one.sighting.passage) is not None
        )


def _nearest(row: NDArray[np.float32]) -> NDArray[np.intp]:
    if len(row) <= NEAREST:
        return np.arange(len(row))
    return np.argpartition(-row, NEAREST)[:NEAREST]


def _method(seen: Sequence[_Seen], named: float) -> Method:
    if named:
        return Method.SOURCE
    said = any(one.mention for one in seen)
    near = any(one.near for one in seen)
    if said and near:
        return Method.BOTH
    return Method.LABEL if said else Method.MEANING
