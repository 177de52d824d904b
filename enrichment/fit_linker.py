"""Learns the linker's maps: `python -m enrichment.fit_linker DATA CACHE` writes data/linker.npz.

The taxonomy's own names are set into sentences of job advertisements where people had marked
other skills (DATA/labels/skillspan, its training part). What the encoder makes of such a name in
its new context is mapped near to the skill it names and away from others, and so is what it makes
of the name with the words around it, and of stretches of the taxonomy's descriptions, which say
what a skill is in other words. No text that anybody linked to the taxonomy is read. Some minutes
on two cores; seeded.
"""

import csv
import gzip
import hashlib
import random
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from config.taxonomy import Taxonomy, load_taxonomy
from enrichment.encoder import Reading, TextEncoder, Vectors, load_encoder, unit
from enrichment.keys import skill_keys
from enrichment.passages import sentences
from enrichment.skillspan import Span, tagged_sentences

SENTENCES = 24_000
LONGEST = 60  # words
CAPITALISED = 0.2  # of the names, as at the start of a line
WIDE = (5, 8)  # words of a name with those around it, and of a stretch of a description
DESCRIBED = (4, 45)  # words of a description's sentence that is read
SENTENCES_EACH = 3  # of a description, at most
ROUNDS, AVERAGED = 4, 3  # the mean of the last maps is steadier than the very last
BATCH, OTHERS = 512, 2048
TEMPERATURE = 0.05
RATE = 3e-4
NEAR_IDENTITY = 0.002  # keeps the maps from leaving what the encoder knows
HELD = 2_000  # examples kept apart, to report on
SEED = 0
TRAINED_ON = (
    "names of ESCO's skills, set into sentences of SkillSpan's training part; ESCO's descriptions"
)
_QUALIFIER = re.compile(r"\s*\([^()]*\)$")
_WORD = re.compile(r"\S+")
_LARGEST_CELL = 10_000_000

Example = tuple[str, list[tuple[Span, int]]]  # a text, and which characters name which skill


def main(data: Path, cache: Path) -> None:
    taxonomy, encoder = load_taxonomy("esco"), load_encoder("all-MiniLM-L6-v2", cache)
    keys = skill_keys(taxonomy, encoder, cache)
    examples = [*composed(data, taxonomy), *described(data, taxonomy)]
    stretches, skills = _stretches(examples, encoder)
    text, skill = learned(stretches[HELD:], skills[HELD:], keys)
    same = np.eye(len(text), dtype=np.float32)
    for name, left, right in (("before", same, same), ("after", text, skill)):
        near = unit(stretches[:HELD] @ left) @ unit(keys @ right).T
        share = float((near.argmax(axis=1) == skills[:HELD]).mean())
        print(f"{name}: the nearest skill is right in {share:.1%}")  # noqa: T201
    kept = [text.astype(np.float16), skill.astype(np.float16)]
    version = hashlib.sha256(b"".join(one.tobytes() for one in kept)).hexdigest()[:12]
    path = Path(__file__).parent / "data" / "linker.npz"
    np.savez_compressed(
        path,
        text=kept[0],
        skill=kept[1],
        version=version,
        encoder=encoder.id,
        trained_on=TRAINED_ON,
    )


def composed(data: Path, taxonomy: Taxonomy) -> Iterator[Example]:
    """Sentences in which every marked stretch became the name of some skill.

    Each name stands there twice: alone, and with words around it.
    """
    chance = random.Random(SEED)  # noqa: S311 nothing secret
    marked = [
        (text, spans)
        for text, spans in tagged_sentences(data)
        if spans and len(text.split()) < LONGEST
    ]
    names = [(skill.label, *skill.alternatives) for skill in taxonomy]
    for _ in range(SENTENCES):
        text, spans = chance.choice(marked)
        made, told = _composed(text, spans, names, chance)
        yield made, told + [(_wide(made, span, chance), skill) for span, skill in told]


def described(data: Path, taxonomy: Taxonomy) -> Iterator[Example]:
    """Sentences of the skills' descriptions, in each a stretch of some words."""
    chance = random.Random(SEED)  # noqa: S311 nothing secret
    position = {skill.id: at for at, skill in enumerate(taxonomy)}
    for name, description in _descriptions(data):
        told = sentences(description) if name in position else []
        for text in (description[slice(*span)].strip() for span in told[:SENTENCES_EACH]):
            words = list(_WORD.finditer(text))
            if DESCRIBED[0] <= len(words) <= DESCRIBED[1]:
                yield text, [(_wide(text, chance.choice(words).span(), chance), position[name])]


def _descriptions(data: Path) -> Iterator[tuple[str, str]]:
    csv.field_size_limit(_LARGEST_CELL)
    path = data / "taxonomy/esco_merged_v1.2.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["conceptUri"], row["description"]


def _wide(text: str, span: Span, chance: random.Random) -> Span:
    """The words of `span` and some beside it, so that it is WIDE words or as many as there are."""
    words = [word.span() for word in _WORD.finditer(text)]
    inside = [n for n, (start, end) in enumerate(words) if start < span[1] and span[0] < end]
    first, last = inside[0], inside[-1] + 1
    length = min(max(chance.randint(*WIDE), last - first), len(words))
    first = chance.randint(max(last - length, 0), min(first, len(words) - length))
    return words[first][0], words[first + length - 1][1]


def _composed(
    text: str, spans: Sequence[Span], names: Sequence[Sequence[str]], chance: random.Random
) -> Example:
    made, last = "", 0
    told: list[tuple[Span, int]] = []
    for start, end in spans:
        skill = chance.randrange(len(names))
        name = _QUALIFIER.sub("", chance.choice(names[skill]))
        if chance.random() < CAPITALISED:
            name = name[:1].upper() + name[1:]
        made += text[last:start]
        told.append(((len(made), len(made) + len(name)), skill))
        made, last = made + name, end
    return made + text[last:], told


def _stretches(
    examples: Sequence[Example], encoder: TextEncoder
) -> tuple[Vectors, NDArray[np.int64]]:
    found = [
        (position, _mean(reading, span), skill)
        for position, reading in encoder.read([text for text, _ in examples])
        for span, skill in examples[position][1]
    ]
    known = sorted(
        ((p, skill, mean) for p, mean, skill in found if mean is not None), key=lambda one: one[:2]
    )
    return unit(np.array([mean for *_, mean in known])), np.array([skill for _, skill, _ in known])


def _mean(reading: Reading, span: Span) -> Vectors | None:
    inside = (reading.places[:, 0] >= span[0]) & (reading.places[:, 1] <= span[1])
    return reading.pieces[inside].mean(axis=0) if inside.any() else None


def learned(
    stretches: Vectors, skills: NDArray[np.int64], keys: Vectors
) -> tuple[Vectors, Vectors]:
    """Maps of stretches and of skills, under which each stretch is nearest to its own skill."""
    import torch
    from torch.nn.functional import cross_entropy, normalize

    torch.manual_seed(SEED)
    same = torch.eye(keys.shape[1])
    maps = [same.clone().requires_grad_(), same.clone().requires_grad_()]
    optimiser = torch.optim.Adam(maps, lr=RATE)
    texts, owners, known = map(torch.from_numpy, (stretches, skills, keys))
    means = [torch.zeros_like(one) for one in maps]
    for done in range(ROUNDS):
        for batch in torch.split(torch.randperm(len(texts)), BATCH):
            others = torch.randint(len(known), (OTHERS,))
            asked = torch.cat([owners[batch], others])
            near = normalize(texts[batch] @ maps[0]) @ normalize(known[asked] @ maps[1]).T
            alike = asked[None, :] == owners[batch][:, None]  # the same skill twice is no other one
            alike.fill_diagonal_(False)
            right = torch.arange(len(batch))
            loss = cross_entropy((near / TEMPERATURE).masked_fill(alike, -1e4), right)
            loss = loss + NEAR_IDENTITY * sum(((one - same) ** 2).sum() for one in maps)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        if done >= ROUNDS - AVERAGED:
            means = [mean + one.detach() / AVERAGED for mean, one in zip(means, maps, strict=True)]
    return means[0].numpy(), means[1].numpy()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
