"""From a draft to what the machine concludes about it."""

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from catalogue.hashing import content_hash, text_hash
from catalogue.model import Draft, Enrichment, Passage
from enrichment.clean import clean_draft
from enrichment.duration import duration
from enrichment.encoder import TextEncoder, Vectors
from enrichment.language import language
from enrichment.level import level
from enrichment.linker import Link, Linkable, Linker, packed, unpacked
from enrichment.passages import split
from enrichment.tagger import Tagger, headline

RULES = 1  # raise when cleaning, cutting, language, level or duration conclude otherwise
TOGETHER = 2048  # passages held at once: 3 MB of vectors, and batches of like length to encode


class VectorCache(Protocol):
    """Where vectors outlive the process, by encoder and hash of the embedded text."""

    def get(self, model: str, hashes: Collection[str]) -> Mapping[str, Vectors]: ...

    def put(self, model: str, vectors: Mapping[str, Vectors]) -> None: ...


@dataclasses.dataclass(frozen=True, slots=True)
class _Text:
    """What the encoder reads; links are looked for from character `begin` on, if at all.

    `key` names its links: one item's title and subject may read like another's title and text.
    """

    text: str
    hash: str
    begin: int
    linked: bool

    @property
    def key(self) -> str:
        return f"{self.hash}:{self.begin}"


@dataclasses.dataclass(frozen=True, slots=True)
class _Prepared:
    draft: Draft
    passages: tuple[Passage, ...]
    head: str
    linked: bool

    def texts(self) -> Iterator[_Text]:
        """The headline, then the passages."""
        yield _Text(self.head, text_hash(self.head), 0, self.linked)
        for passage in self.passages:
            begin = len(passage.embedded_text) - len(passage.text)
            yield _Text(passage.embedded_text, passage.text_hash, begin, self.linked)


class Enricher:
    """Enriches items. `encoded` counts the texts that the encoder had to read so far."""

    def __init__(self, encoder: TextEncoder, linker: Linker, tagger: Tagger) -> None:
        self.encoder = encoder
        self.linker = linker
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
            links = self._read(group, vectors)
            for prepared in group:
                yield self._concluded(prepared, links)

    def _prepared(self, draft: Draft) -> "_Prepared | Exception":
        try:
            cleaned = clean_draft(draft)
            spoken = language(cleaned.language, _sample(cleaned))
            cleaned = dataclasses.replace(cleaned, language=spoken)
            passages = split(cleaned, self.encoder)
            return _Prepared(cleaned, passages, headline(cleaned), self.tagger.reads(cleaned))
        except Exception as error:
            return error

    def _read(
        self, group: Sequence["_Prepared | Exception"], cache: VectorCache
    ) -> Mapping[str, Sequence[Link]]:
        """Makes sure that every vector is kept, and gives the links of every linked text."""
        texts = {
            text.key: text for one in group if isinstance(one, _Prepared) for text in one.texts()
        }
        known = cache.get(self.encoder.id, list({text.hash for text in texts.values()}))
        wanted = [key for key, text in texts.items() if text.linked]
        links = {key: unpacked(kept) for key, kept in cache.get(self.linker.id, wanted).items()}
        missing = [
            key
            for key, text in texts.items()
            if text.hash not in known or (text.linked and key not in links)
        ]
        if missing:
            links |= self._encode({key: texts[key] for key in missing}, cache)
        return links

    def _encode(self, texts: Mapping[str, _Text], cache: VectorCache) -> dict[str, list[Link]]:
        keys = list(texts)
        vectors, linked = dict[str, Vectors](), list[str]()

        def readings() -> Iterator[Linkable]:
            for position, reading in self.encoder.read([texts[key].text for key in keys]):
                text = texts[keys[position]]
                vectors[text.hash] = reading.vector
                if text.linked:
                    linked.append(keys[position])
                    yield Linkable(text.text, reading, text.begin)

        found = list(self.linker.link(readings()))
        links = dict(zip(linked, found, strict=True))
        cache.put(self.encoder.id, vectors)
        cache.put(self.linker.id, {key: packed(found) for key, found in links.items()})
        self.encoded += len(keys)
        return links

    def _concluded(
        self, prepared: "_Prepared | Exception", links: Mapping[str, Sequence[Link]]
    ) -> Enrichment | Exception:
        if isinstance(prepared, Exception):
            return prepared
        try:
            return self._enrichment(prepared, links)
        except Exception as error:
            return error

    def _enrichment(self, prepared: _Prepared, links: Mapping[str, Sequence[Link]]) -> Enrichment:
        draft, passages = prepared.draft, prepared.passages
        head, *own = (links.get(text.key, ()) for text in prepared.texts())
        return Enrichment(
            version=self.version,
            language=draft.language,
            level=level(draft),
            duration=duration(draft),
            passages=passages,
            tags=self.tagger.tag(draft, head, passages, own),
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
