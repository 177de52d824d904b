"""Text as words, the same for indexing, asking and highlighting, on every engine.

Words keep what tells programming languages apart (C++, C#, .NET, R). Scripts written without spaces
become overlapping pairs of characters. Stems and stop words are Snowball's, by language; they and
the BM25 weights come from Qdrant's own BM25, run here, so that every engine ranks alike.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

DEFAULT_LANGUAGE = "en"
AVERAGE_WORDS = 100.0  # of a passage; BM25 measures a text's length against it
# Titles and descriptions are short: Robertson's 1.2 and 0.75, made for articles, punish long ones
# too much. nDCG@10 of words alone on keywords for open courses: 0.383 instead of 0.371.
SATURATION, LENGTH = 0.9, 0.4
_STEMMED: Mapping[str, str] = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_MARKS = "\u0300-\u036f\u0900-\u0dff"  # vowel signs and accents that \w leaves out
_SPACED = rf"(?:(?![{_UNSPACED}_])[\w{_MARKS}])+(?:\+\+|#(?!\w))?"
_DOTTED = r"(?<![\w.])\.[a-zA-Z][a-zA-Z0-9]+"
_WORD = re.compile(rf"(?P<unspaced>[{_UNSPACED}]+)|{_DOTTED}|{_SPACED}")
_JOINED = re.compile(rf"[{_MARKS}]|[^\W_{_UNSPACED}]")  # a word goes on after these
_LONG_ENOUGH = 5  # letters of a word whose third one no stemming changes
# Scripts without spaces, ligatures, full-width letters: how such a word starts cannot be seen.
_ODD = re.compile(rf"[{_UNSPACED}\ufb00-\ufb06\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Word:
    """A normalised word and the characters of the text it was read from."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sparse:
    """A sparse vector: term numbers, ascending, and their weights."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


def words(text: str) -> Iterator[Word]:
    for found in _WORD.finditer(text):
        yield from _read(found)


def shared_start(word: str) -> str:
    """What the words with the same stem as this normalised one start with, as a rule.

    Fly and flies share two letters, apply and applies four.
    """
    return word[:3] if len(word) >= _LONG_ENOUGH else word[:2]


def words_starting(text: str, starts: Collection[str]) -> Iterator[Word]:
    """Those words that may start with one of these (normalised), and perhaps some others.

    The rest is skipped unread: marking 20 answers took 10 ms when each word was looked at.
    """
    small = text.lower()
    if len(small) != len(text) or _ODD.search(text):
        yield from words(text)
        return
    end = 0
    for at in sorted(place for start in starts for place in _found(small, start)):
        if at < end or (at and _goes_on(text[at - 1])):
            continue
        if found := _WORD.match(text, at):
            end = found.end()
            yield from _read(found)


def _found(text: str, start: str) -> Iterator[int]:
    at = text.find(start)
    while at >= 0:
        yield at
        at = text.find(start, at + 1)


def _goes_on(before: str) -> bool:
    """Whether a word goes on after this character."""
    return before.isalnum() if before.isascii() else _JOINED.match(before) is not None


def _read(found: re.Match[str]) -> Iterator[Word]:
    if found["unspaced"]:
        yield from _pairs(found[0], found.start())
    else:
        yield Word(_plain(found[0]), found.start(), found.end())


def document(text: str, language: str | None) -> Sparse:
    """BM25 weights of a text's terms, stop words left out; without IDF, which the engine knows."""
    spaced = " ".join(_texts(text))
    vector = _bm25(stemmer(language)).embed_document(spaced)
    return Sparse(tuple(vector.indices), tuple(vector.values))


def common_languages(items: Mapping[str, int]) -> tuple[str, ...]:
    """Of the primary language subtags, those of at least 1 % of the items, in order.

    Short texts are often taken for another language, and a word's stem in a rare one is a rare
    word, which BM25 trusts most: asking by them all cost 0.009 nDCG of 0.428.
    """
    least = sum(items.values()) / 100
    return tuple(sorted(tag for tag, number in items.items() if number >= least))


def query(text: str, languages: Iterable[str]) -> Sparse:
    """The terms asked for, each weighing 1, as any of `languages` would stem them.

    A word that is a stop word in one of them counts only where nothing else was asked: as a rare
    foreign word in the other language's texts it would outweigh every word that matters.
    """
    asked = [word.text for word in words(text)]
    stemmers = sorted({stemmer(language) for language in languages} or {stemmer(None)})
    telling = [word for word in asked if all(terms(word, name) for name in stemmers)] or asked
    found = sorted({term for word in telling for name in stemmers for term in terms(word, name)})
    return Sparse(tuple(found), (1.0,) * len(found))


def telling(text: str, asked: Sparse, languages: Iterable[str]) -> frozenset[str]:
    """The words of a query that became terms of it: without them, "to" starts 30 words a text."""
    wanted = frozenset(asked.indices)
    stemmers = {stemmer(language) for language in languages} or {stemmer(None)}
    return frozenset(
        word.text
        for word in words(text)
        if any(not wanted.isdisjoint(terms(word.text, name)) for name in stemmers)
    )


def each_stem(text: str, stemmed_as: str) -> Iterator[int]:
    """The term number of each telling word, in order."""
    return (number for word in _texts(text) for number in terms(word, stemmed_as))


def stemmed(text: str, stemmed_as: str) -> list[tuple[str, int]]:
    """Each telling word, normalised, with its term number, in order."""
    return [(word, number) for word in _texts(text) for number in terms(word, stemmed_as)]


def stemmer(language: str | None) -> str:
    """The Snowball algorithm for a BCP 47 tag; English where there is none for it."""
    primary = (language or DEFAULT_LANGUAGE).split("-")[0].lower()
    return _STEMMED.get(primary, _STEMMED[DEFAULT_LANGUAGE])


@lru_cache(maxsize=65_536)
def terms(word: str, stemmed_as: str) -> tuple[int, ...]:
    """The term numbers of one normalised word; none for a stop word."""
    return tuple(_bm25(stemmed_as).embed_query(word).indices)


def searched_text(title: str, heading: str, text: str) -> str:
    """A passage under its item's title and its heading, each line once.

    In one bag, a word has one rarity: apart, titles and texts found 0.01 nDCG less.
    """
    lines = dict.fromkeys((title, heading, text))
    return "\n".join(line for line in lines if line)


def _texts(text: str) -> Iterator[str]:
    """The words alone: a third of the time of `words`, and indexing needs no places."""
    for found in _WORD.finditer(text):
        if found["unspaced"]:
            yield from (word.text for word in _pairs(found[0], found.start()))
        else:
            yield _plain(found[0])


def _plain(word: str) -> str:
    if word.isascii():
        return word.lower()
    return "".join(unicodedata.normalize("NFKC", word).casefold().split())


def _pairs(run: str, start: int) -> Iterator[Word]:
    if len(run) == 1:
        yield Word(run, start, start + 1)
    for offset, (one, two) in enumerate(pairwise(run), start):
        yield Word(unicodedata.normalize("NFKC", one + two), offset, offset + 2)


@lru_cache(maxsize=len(_STEMMED))
def _bm25(language: str) -> Any:
    from qdrant_edge import Bm25, Bm25Config, TokenizerType

    spaced = TokenizerType.Whitespace
    return Bm25(
        Bm25Config(
            k=SATURATION, b=LENGTH, avg_len=AVERAGE_WORDS, tokenizer=spaced, language=language
        )
    )
