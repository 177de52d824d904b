"""Whether two items are the same work, one the translation of the other, or neither.

A wrong fold hides something from everyone and a missed one only repeats it, so every rule asks for
two witnesses: the text, the title, the address, the authors. Thresholds were fitted on the tuning
half of `bench/duplicates/labels.csv`; `python -m bench duplicates` reports the other half.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from catalogue.model import Draft
from catalogue.works import Judgement, Relation
from enrichment.addresses import address_in_any_language, plain_address
from enrichment.fingerprint import Fingerprint, alike, bands
from enrichment.titles import Title

RULES = 2  # raise when the same fingerprints are judged otherwise, or meet under other marks

TELLING = 300  # words; a shorter text may be a template that many items share
SOME = 12  # words; below, there is no text to speak of
TEXT_ROWS = 5  # of 128 places: texts that share .7 of their shingles meet with probability .99
NEUTRAL_ROWS = 3
ENOUGH_NEUTRAL = 15  # tokens that no translator touches; with fewer, chance decides


@dataclass(frozen=True, slots=True)
class Work:
    """An item as it is compared."""

    title: Title
    address: str
    any_language: str
    language: str | None
    authors: frozenset[str]
    print: Fingerprint

    @classmethod
    def of(cls, draft: Draft, language: str | None, fingerprint: Fingerprint) -> "Work":
        return cls(
            Title.of(draft.title),
            plain_address(draft.url),
            address_in_any_language(draft.url),
            language.split("-")[0].lower() if language else None,
            frozenset(" ".join(author.casefold().split()) for author in draft.authors),
            fingerprint,
        )


def compare(one: Work, other: Work) -> Judgement | None:
    """None where they are different works, or one is a part of the other."""
    text = alike(one.print.text, other.print.text) if _have_text(one, other) else 0.0
    if one.address and one.address == other.address:
        return _at_one_address(one, other, text)
    if one.language and other.language and one.language != other.language:
        return _translation(one, other)
    if min(one.print.words, other.print.words) >= TELLING:
        return _by_text(one, other, text)
    return _by_title(one, other, text)


def marks(work: Work) -> Iterator[int]:
    """Numbers of 63 bits; two items that share none are not compared."""
    if work.print.words >= SOME:
        yield _mark("digest", work.print.digest.encode())
        for place, band in enumerate(bands(work.print.text, TEXT_ROWS)):
            yield _mark(f"text {place}", band)
    if work.print.shared >= ENOUGH_NEUTRAL:
        for place, band in enumerate(bands(work.print.neutral, NEUTRAL_ROWS)):
            yield _mark(f"neutral {place}", band)
    if work.address:
        yield _mark("address", work.address.encode())
        yield _mark("any language", work.any_language.encode())
    if len(work.title.words) > 1:
        yield _mark("title", " ".join(sorted(work.title.words)).encode())


def _at_one_address(one: Work, other: Work, text: float) -> Judgement | None:
    """Episodes that all link to their show's page share an address, too: text or title decides."""
    if one.title.contradicts(other.title):
        return None
    if _have_text(one, other):
        same = text >= (0.3 if one.title.contained(other.title) >= 0.5 else 0.6)
    else:
        same = one.title.contained(other.title) >= 0.5 or bool(one.authors & other.authors)
    return Judgement(Relation.SAME, 0.95, "the same address") if same else None


def _by_text(one: Work, other: Work, text: float) -> Judgement | None:
    """A chapter shares little with its book; a file of another format nearly everything."""
    title, sizes = one.title.common(other.title), _sizes(one, other)
    if one.title.contradicts(other.title):
        return None
    if text >= 0.8 and sizes >= 0.75:
        return _same(text, "nearly the same text")
    if text >= 0.5 and sizes >= 0.6 and title >= 0.5:
        return _same(text, f"{text:.0%} of the text and a like title")
    return None


def _by_title(one: Work, other: Work, text: float) -> Judgement | None:
    """Short descriptions repeat from item to item, so the title must agree to the number."""
    if one.title.differs(other.title) or one.title.same_series(other.title):
        return None
    contained, common = one.title.contained(other.title), one.title.common(other.title)
    if text >= 0.8 and contained >= 0.75:
        return _same(text * contained, "the same description under the same title")
    if text >= 0.4 and common >= 0.9 and len(one.title.words) > 1:
        return _same(0.8, "the same title and a like description")
    if common >= 0.9 and len(one.title.words) > 1 and one.authors & other.authors:
        return _same(0.8, "the same title and author")
    return None


def _translation(one: Work, other: Work) -> Judgement | None:
    """What a translator leaves alone must agree: address, file names and numbers, or the author."""
    sizes = _sizes(one, other) if _have_text(one, other) else 1.0
    if one.any_language == other.any_language and one.any_language and sizes >= 0.5:
        return _translated(0.9, "the same address but for its language")
    if min(one.print.shared, other.print.shared) >= ENOUGH_NEUTRAL:
        neutral = alike(one.print.neutral, other.print.neutral)
        if neutral >= 0.45 and sizes >= 0.6 and _parts(one, other) >= 0.8:
            return _translated(neutral, "the same names, numbers and number of parts")
    if one.authors & other.authors and one.title.common(other.title) >= 0.9:
        return _translated(0.8, "the same title and author")
    return None


def _have_text(one: Work, other: Work) -> bool:
    return min(one.print.words, other.print.words) >= SOME


def _sizes(one: Work, other: Work) -> float:
    return _ratio(one.print.words, other.print.words)


def _parts(one: Work, other: Work) -> float:
    return _ratio(one.print.parts, other.print.parts)


def _ratio(one: int, other: int) -> float:
    return min(one, other) / max(one, other, 1)


def _same(score: float, reason: str) -> Judgement:
    return Judgement(Relation.SAME, score, reason)


def _translated(score: float, reason: str) -> Judgement:
    return Judgement(Relation.TRANSLATION, score, reason)


def _mark(kind: str, value: bytes) -> int:
    digest = hashlib.blake2b(value, digest_size=8, key=kind.encode()).digest()
    return int.from_bytes(digest) >> 1
