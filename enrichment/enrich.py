"""From a draft to what the machine concludes about it."""

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np

from catalogue.hashing import content_hash, text_hash
from catalogue.model import Draft, Enrichment, Passage
from enrichment.clean import clean_draft
from enrichment.duration import duration
from enrichment.encoder import TextEncoder, Vectors
from enrichment.language import language
from enrichment.level import level
from enrichment.passages import split
from enrichment.tagger import Tagger

RULES = 1  # raise when cleaning, cutting, language, level or duration conclude otherwise
TOGETHER = 2048  # passages held at once: 3 MB of vectors, and batches of like length to encode


class VectorCache(Protocol):
    """Where vectors outlive the process, by encoder and hash of the embedded text."""

    def get(self, model: str, hashes: Collection[str]) -> Mapping[str, Vectors]: ...

    def put(self, model: str, vectors: Mapping[str, Vectors]) -> None: ...


@dataclasses.dataclass(frozen=True, slots=True)
class _Prepared:
    draft: Draft
    passages: tuple[Passage, ...]


class Enricher:
    """Enriches items. `encoded` counts the texts that the encoder had to read so far."""

    def __init__(self, encoder: TextEncoder, tagger: Tagger) -> None:
        self.encoder = encoder
        self.tagger = tagger
        self.version = content_hash({"rules": RULES, "tagger": tagger.version})
        self.encoded = 0

    def enrich(
        self, drafts: Iterable[Draft], vectors: VectorCache
    ) -> Iterator[Enrichment | Exception]:
        """For each draft in turn its enrichment, or the exception that this one item raised.

        Only texts that `vectors` lacks are encoded, those of many items together. What goes wrong
        with encoder or cache itself is raised.
        """
        for group in _groups(map(self._prepared, drafts)):
            known = self._known(group, vectors)
            for prepared in group:
                yield self._concluded(prepared, known)

    def _prepared(self, draft: Draft) -> "_Prepared | Exception":
        try:
            cleaned = clean_draft(draft)
            spoken = language(cleaned.language, _sample(cleaned))
            cleaned = dataclasses.replace(cleaned, language=spoken)
            return _Prepared(cleaned, split(cleaned, self.encoder))
        except Exception as error:
            return error

    def _known(
        self, group: Sequence["_Prepared | Exception"], cache: VectorCache
    ) -> Mapping[str, Vectors]:
        """The vector of every title and passage in the group, by text hash."""
        texts: dict[str, str] = {}
        for one in group:
            if isinstance(one, _Prepared):
                texts[text_hash(one.draft.title)] = one.draft.title
                texts.update((p.text_hash, p.embedded_text) for p in one.passages)
        known = dict(cache.get(self.encoder.id, list(texts)))
        missing = [key for key in texts if key not in known]
        if missing:
            found = self.encoder.encode([texts[key] for key in missing])
            new = dict(zip(missing, found, strict=True))
            cache.put(self.encoder.id, new)
            self.encoded += len(missing)
            known.update(new)
        return known

    def _concluded(
        self, prepared: "_Prepared | Exception", known: Mapping[str, Vectors]
    ) -> Enrichment | Exception:
        if isinstance(prepared, Exception):
            return prepared
        try:
            return self._enrichment(prepared.draft, prepared.passages, known)
        except Exception as error:
            return error

    def _enrichment(
        self, draft: Draft, passages: tuple[Passage, ...], known: Mapping[str, Vectors]
    ) -> Enrichment:
        matrix = np.stack([known[passage.text_hash] for passage in passages])
        return Enrichment(
            version=self.version,
            language=draft.language,
            level=level(draft),
            duration=duration(draft),
            passages=passages,
            tags=self.tagger.tag(draft, known[text_hash(draft.title)], passages, matrix),
        )


def _groups(
    prepared: Iterable["_Prepared | Exception"],
) -> Iterator[list["_Prepared | Exception"]]:
    """Neighbours with `TOGETHER` passages between them; one item stays whole however long."""
    group: list[_Prepared | Exception] = []
    size = 0
    for one in prepared:
        group.append(one)
        size += len(one.passages) if isinstance(one, _Prepared) else 0
        if size >= TOGETHER:
            yield group
            group, size = [], 0
    if group:
        yield group


def _sample(draft: Draft) -> str:
    """Enough of the item to tell its language, without joining a book."""
    return "\n".join([draft.title, draft.summary, *(part.text for part in draft.parts[:20])])
