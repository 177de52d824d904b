"""How hard a text is to read, by the formula made for its language.

Flesch (1948) for English; Amstad (1978) for German, Kandel and Moles (1958) for French, Fernández
Huerta (1959) for Spanish, Vacca and Franchina (1986) for Italian, Douma (1960) for Dutch: the same
scale, other weights. Elsewhere Björnsson's LIX (1968), which counts no syllables. Our own lines
instead of `textstat`: that brings nltk, which fetches its pronouncing dictionary when first asked.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

ENOUGH = 100  # words; below, a sentence more or less decides
READ = 5_000  # words; what follows in a book is written like what came before
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'»“”)\]]*\s+|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouyàâäáãåæèéêëìíîïòóôöõøœùúûüýÿ]+", re.I)
_SILENT = re.compile(r"(?<=[^aeiouyl])e[sd]?$|(?<=[aeiouy])le$")  # English: "made", "times"
_PROSE = 4  # words; shorter lines are headings, menus and code

# a - b × words a sentence - c × syllables a word
_FLESCH = {
    "en": (206.835, 1.015, 84.6),
    "de": (180.0, 1.0, 58.5),
    "fr": (207.0, 1.015, 73.6),
    "es": (206.84, 1.02, 60.0),
    "it": (217.0, 1.3, 60.0),
    "nl": (206.84, 0.93, 77.0),
}


@dataclass(frozen=True, slots=True)
class Readability:
    """`ease` is 0 (hardly readable) to 100 (easily); `formula` is its name, `sentence` in words."""

    ease: float
    formula: str
    sentence: float


def readability(texts: Iterable[str], language: str | None) -> Readability | None:
    """None where there is too little prose, or the script does not write words apart."""
    sentences = _sentences(texts)
    words = [word for sentence in sentences for word in sentence]
    if len(words) < ENOUGH:
        return None
    length = len(words) / len(sentences)
    primary = (language or "").split("-")[0].lower()
    if primary in _FLESCH:
        a, b, c = _FLESCH[primary]
        syllables = sum(_syllables(word, primary) for word in words) / len(words)
        return Readability(_bounded(a - b * length - c * syllables), "Flesch", length)
    if length > len(words) / 2 or primary in {"ja", "zh", "th", "km", "lo", "my"}:
        return None
    # LIX runs from 20 (children's books) to 60 (theses), the other way round.
    lix = length + 100 * sum(len(word) > 6 for word in words) / len(words)
    return Readability(_bounded(130 - 1.75 * lix), "LIX", length)


def _sentences(texts: Iterable[str]) -> list[list[str]]:
    found: list[list[str]] = []
    count = 0
    for text in texts:
        for sentence in _SENTENCE.split(text):
            words = _WORD.findall(sentence)
            if len(words) >= _PROSE:
                found.append(words)
                count += len(words)
        if count >= READ:
            break
    return found


def _syllables(word: str, language: str) -> int:
    groups = len(_VOWELS.findall(word))
    if language == "en" and groups > 1 and _SILENT.search(word.lower()):
        groups -= 1
    return max(1, groups)


def _bounded(ease: float) -> float:
    return min(100.0, max(0.0, ease))
