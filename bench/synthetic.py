"""A large catalogue without a model call: seeded sentences of the taxonomy's words."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from catalogue.hashing import text_hash
from catalogue.model import (
    Draft,
    Enrichment,
    Evidence,
    Item,
    Kind,
    Level,
    Locator,
    Method,
    Part,
    Passage,
    Place,
    Tag,
)
from catalogue.records import Arrival, Batch, Enriched, Source
from config.taxonomy import Skill, Taxonomy
from enrichment.encoder import Vectors
from enrichment.passages import embedded_text
from enrichment.skill_vectors import skill_vectors
from flows.workshop import Workshop

SOURCE = "synthetic"
PARTS = 10  # of an item
WORDS = 90  # of a part: some 120 word pieces
TOGETHER = 200  # items a transaction
# How far a part's vector lies from its skill's: cosine about 0.8, as a text lies to its title.
SPREAD = 0.75
# Of an item's skills, the surest first: three take effect, the rest would wait for the owner.
SURENESS = (0.9, 0.8, 0.7, *(0.4 - 0.03 * place for place in range(PARTS - 3)))
FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Author:
    """Writes texts and questions about skills, the same ones for the same seed."""

    skills: tuple[Skill, ...]
    words: tuple[str, ...]
    chance: random.Random

    @classmethod
    def of(cls, taxonomy: Taxonomy, seed: int) -> "Author":
        """Words come as often as they do in the labels: few are common, most are rare."""
        skills = tuple(taxonomy)
        words = (w for skill in skills for w in (*skill.label.split(), *skill.description.split()))
        return cls(skills, tuple(words), random.Random(seed))

    def text(self, skill: Skill) -> str:
        """Sentences of `WORDS` words in all, one of which names the skill."""
        words = self.chance.choices(self.words, k=WORDS)
        lines = [" ".join(words[start : start + 15]) for start in range(0, WORDS, 15)]
        lines[self.chance.randrange(len(lines))] += f" {skill.label}"
        return ". ".join(line.capitalize() for line in lines) + "."

    def question(self) -> str:
        """A skill's name and one or two words more, as one would ask."""
        skill = self.chance.choice(self.skills)
        return " ".join(
            (skill.label, *self.chance.choices(self.words, k=self.chance.randint(0, 2)))
        )

    def draft(self, number: int) -> tuple[Draft, list[int]]:
        """An item and, of its first passage and each of its parts, the position of its skill."""
        about = self.chance.choices(range(len(self.skills)), k=PARTS)
        main = self.skills[about[0]]
        parts = tuple(
            Part(self.text(self.skills[each]), Locator(Place.PAGE, str(page)))
            for page, each in enumerate(about[1:], 1)
        )
        return self._described(number, main, parts), about

    def _described(self, number: int, main: Skill, parts: tuple[Part, ...]) -> Draft:
        return Draft(
            title=f"{main.label.capitalize()} {number}",
            url=f"https://learn.example/{number}",
            kind=self.chance.choice(list(Kind)),
            summary=self.text(main),
            language=self.chance.choice(("en", "en", "en", "de")),
            provider=f"Provider {self.chance.randrange(40)}",
            published=FIRST_DAY + timedelta(days=self.chance.randrange(2000)),
            duration=self.chance.randrange(600, 36_000),
            level=self.chance.choice(list(Level)),
            cost=float(self.chance.choice((0, 0, 20))),
            subjects=(main.label,),
            parts=parts,
        )


def fill(shop: Workshop, parts: int) -> None:
    """Put items with `parts` parts in all into the catalogue, as if they had been enriched."""
    author = Author.of(shop.taxonomy, seed=1)
    centres = skill_vectors(shop.taxonomy, shop.encoder, shop.settings.cache_path)
    noise = np.random.default_rng(1)
    stored = shop.catalogue
    stored.sources.register(Source(SOURCE, "table"))
    run = stored.runs.start(SOURCE).id
    for numbers in grouped(range(parts // PARTS), TOGETHER):
        made = {str(number): author.draft(number) for number in numbers}
        found = tuple(Arrival(key, {"key": key}, draft) for key, (draft, _) in made.items())
        stored.intake.commit(SOURCE, run, Batch(found), {})
        _enrich(shop, {key: about for key, (_, about) in made.items()}, centres, noise)


def _enrich(
    shop: Workshop, about: dict[str, list[int]], centres: Vectors, noise: np.random.Generator
) -> None:
    version, stored = shop.enricher.version, shop.catalogue
    skills = [skill.id for skill in shop.taxonomy]
    done, vectors = list[Enriched](), dict[str, Vectors]()
    for item in stored.items.to_enrich(version, TOGETHER, SOURCE):
        taught = about[item.key.key]
        passages = tuple(passages_of(item.draft))
        rows = near(centres[taught], noise)
        vectors.update({p.text_hash: row for p, row in zip(passages, rows, strict=True)})
        concluded = enrichment(version, item, passages, [skills[each] for each in taught])
        done.append(Enriched(item.id, item.model_hash, concluded))
    stored.embeddings.put(shop.encoder.id, vectors)
    stored.items.enriched_all(done)


def passages_of(draft: Draft) -> Iterator[Passage]:
    for number, part in enumerate((Part(draft.summary), *draft.parts)):
        text = embedded_text(draft.title, part.heading, part.text)
        yield Passage(number, part.text, text, text_hash(text), part.locator, part.heading)


def enrichment(
    version: str, item: Item, passages: tuple[Passage, ...], skills: Sequence[str]
) -> Enrichment:
    tags = tuple(
        Tag(skill, SURENESS[place], Method.BOTH, (Evidence(place, 0, 10),))
        for place, skill in enumerate(dict.fromkeys(skills))
    )
    draft = item.draft
    return Enrichment(version, draft.language, draft.level, draft.duration, passages, tags)


def near(centres: Vectors, noise: np.random.Generator) -> Vectors:
    """Unit vectors around these unit vectors, row by row."""
    dimensions = centres.shape[1]
    around = noise.normal(0, SPREAD / np.sqrt(dimensions), centres.shape)
    moved = centres + around.astype(np.float32)
    scaled: Vectors = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return scaled


def grouped(numbers: range, size: int) -> Iterator[range]:
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]
