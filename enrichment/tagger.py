"""Which skills an item teaches, how surely, and where it says so."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from catalogue.hashing import content_hash
from catalogue.model import Draft, Evidence, Method, Passage, Tag
from config.taxonomy import SkillId, Taxonomy
from enrichment.aggregate import Sighting, item_probability
from enrichment.language import detected
from enrichment.lexicon import Lexicon
from enrichment.linker import Link
from enrichment.scoring import read_coefficients
from enrichment.sightings import Seen, sightings

RULES = 3  # raise when the code below concludes otherwise
MOST_TAGS = 15
LEAST_PROBABILITY = 0.1
SHOWN = 3  # places of evidence for a tag
SOURCE_PROBABILITY = 0.9  # that a skill which the source itself names is taught
_LABELS_READ = 300  # to learn the taxonomy's language

Links = Sequence[Link]

# What a site must say somewhere. Its words name skills ("privacy", "copyright") it does not teach.
_NOTICE = re.compile(
    r"(legal notice|imprint|impressum|(website )?(privacy|cookie) (policy|notice|statement)"
    r"|datenschutz(erklärung|hinweise?)?|nutzungsbedingungen|agb|copyright( notice)?|disclaimer"
    r"|terms (of (use|service)|and conditions)|log ?in|sign ?in|anmelden|home|startseite|contact"
    r"|kontakt|welcome|willkommen|page not found|404.*)[.!]?",
    re.IGNORECASE,
)


class Tagger:
    """Tags items with the skills of one taxonomy, in that taxonomy's language."""

    def __init__(self, taxonomy: Taxonomy, linker: str) -> None:
        """`linker` is the id of what links the texts that will be tagged."""
        self._taxonomy = taxonomy
        self._coefficients = read_coefficients()
        known = (RULES, self._coefficients.version, taxonomy.version, linker)
        self.version = content_hash({"tagger": list(known)})

    def reads(self, draft: Draft) -> bool:
        """Whether the item's own words tell of skills: links are wanted then.

        Text in another language than the taxonomy's gets only the skills that its source names,
        and what every site must say gets none.
        """
        spoken = draft.language
        known = spoken is None or spoken.split("-")[0] == self._language
        return bool(len(self._taxonomy)) and known and not _NOTICE.fullmatch(draft.title)

    def tag(
        self, draft: Draft, head: Links, passages: Sequence[Passage], links: Sequence[Links]
    ) -> tuple[Tag, ...]:
        """The likeliest skills first. `head` are the links of `headline(draft)`, `links` those of
        each passage.
        """
        seen: Mapping[int, list[tuple[Sighting, Seen]]] = {}
        if self.reads(draft):
            seen = self._seen(draft, head, passages, links)
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
    def _language(self) -> str | None:
        labels = [skill.label for skill in self._taxonomy]
        step = max(len(labels) // _LABELS_READ, 1)
        return detected("\n".join(labels[::step]))[0]

    def _seen(
        self, draft: Draft, head: Links, passages: Sequence[Passage], links: Sequence[Links]
    ) -> Mapping[int, list[tuple[Sighting, Seen]]]:
        seen: defaultdict[int, list[tuple[Sighting, Seen]]] = defaultdict(list)
        own = ((passage.number, passage.text) for passage in passages)
        texts: Iterator[tuple[int | None, str]] = iter([(None, headline(draft)), *own])
        for (number, text), near in zip(texts, [head, *links], strict=True):
            for one in sightings(text, near, self._lexicon, self._coefficients):
                seen[one.skill].append((Sighting(number, one.probability), one))
        return seen

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
        self,
        skill: int,
        seen: Sequence[tuple[Sighting, Seen]],
        named: float,
        passages: Sequence[Passage],
    ) -> Tag:
        found = item_probability([sighting for sighting, _ in seen], len(passages))
        probability = 1 - (1 - found) * (1 - named)
        return Tag(
            skill=self._skills[skill],
            probability=round(min(max(probability, 0.001), 0.999), 4),
            method=_method([one for _, one in seen], named),
            evidence=tuple(_evidence(seen, passages)),
        )


def headline(draft: Draft) -> str:
    """Title and subjects, a line each: what an item says of itself in fewest words."""
    return "\n".join(dict.fromkeys((draft.title, *draft.subjects)))


def _evidence(
    seen: Sequence[tuple[Sighting, Seen]], passages: Sequence[Passage]
) -> Iterable[Evidence]:
    """The surest sentences, without the blanks around them."""
    inside = [(s.passage, one) for s, one in seen if s.passage is not None]
    inside.sort(key=lambda pair: -pair[1].probability)
    for number, one in inside[:SHOWN]:
        text = passages[number].text[one.start : one.end]
        start = one.start + len(text) - len(text.lstrip())
        yield Evidence(number, start, one.start + len(text.rstrip()))


def _method(seen: Sequence[Seen], named: float) -> Method:
    if named:
        return Method.SOURCE
    said = any(one.mention for one in seen)
    near = any(one.near for one in seen)
    if said and near:
        return Method.BOTH
    return Method.LABEL if said else Method.MEANING
