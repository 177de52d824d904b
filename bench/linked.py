"""Texts linked the way the tagger sees one text, and what that costs beside encoding it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.linking_scores import Candidates
from bench.timing import Spent, timed
from catalogue.model import Draft, Enrichment
from config.settings import Settings
from config.taxonomy import Taxonomy
from enrichment.encoder import TextEncoder, Vectors, load_encoder
from enrichment.enrich import Enricher
from enrichment.lexicon import Lexicon
from enrichment.linker import Linkable, Linker
from enrichment.scoring import read_coefficients
from enrichment.sightings import sightings
from enrichment.tagger import Tagger

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """The same texts encoded for search, and encoded, linked and weighed.

    The quickest of several rounds, the two by turns: what else the machine did only adds.
    """

    texts: int
    encoding: Spent
    linking: Spent

    @property
    def texts_a_second(self) -> float:
        return self.texts / self.linking.seconds

    @property
    def extra(self) -> float:
        """What linking adds in processor time, as a share of encoding."""
        return self.linking.processor / self.encoding.processor - 1


class Product:
    """The product's encoder, linker, lexicon and coefficients for one taxonomy."""

    def __init__(self, taxonomy: Taxonomy, cache: Path) -> None:
        settings = Settings()
        self.taxonomy = taxonomy
        self.threshold = settings.tag_threshold
        self.encoder: TextEncoder = load_encoder(settings.encoder, cache)
        self._skills = tuple(taxonomy.skills)
        self._linker = Linker(taxonomy, self.encoder, cache)
        self._lexicon = Lexicon(taxonomy)
        self._coefficients = read_coefficients()

    def candidates(self, texts: Sequence[str]) -> list[Candidates]:
        found = list[Candidates]([()] * len(texts))
        read = list(self.encoder.read(texts))
        linked = self._linker.link(Linkable(texts[position], reading) for position, reading in read)
        for (position, _), links in zip(read, linked, strict=True):
            seen = sightings(texts[position], links, self._lexicon, self._coefficients)
            given = [(self._skills[one.skill], one.probability) for one in seen]
            found[position] = sorted(given, key=lambda pair: (-pair[1], pair[0]))
        return found

    def enriched(self, drafts: Iterable[Draft]) -> Iterator[Enrichment | Exception]:
        """For each draft in turn what the product concludes; no vector outlives this."""
        tagger = Tagger(self.taxonomy, self._linker.id)
        return Enricher(self.encoder, self._linker, tagger).enrich(drafts, Forgetful())

    def cost(self, texts: Sequence[str], rounds: int = ROUNDS) -> Cost:
        self.candidates(texts[:5])
        pairs = [
            (
                timed(lambda: self.encoder.encode(texts))[1],
                timed(lambda: self.candidates(texts))[1],
            )
            for _ in range(rounds)
        ]
        encoding, linking = (_least(column) for column in zip(*pairs, strict=True))
        return Cost(len(texts), encoding, linking)


class Forgetful:
    """A vector cache that keeps nothing."""

    def get(self, model: str, hashes: Collection[str]) -> Mapping[str, Vectors]:
        return {}

    def put(self, model: str, vectors: Mapping[str, Vectors]) -> None:
        pass


def _least(rounds: Sequence[Spent]) -> Spent:
    seconds, processor = (min(column) for column in zip(*rounds, strict=True))
    return Spent(seconds, processor)
