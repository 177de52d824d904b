"""Finds the taxonomy's labels in running text."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from config.taxonomy import Skill
from enrichment.words import singular, stem, tokens

_QUALIFIER = re.compile(r"\s*\([^()]*\)\s*$")
_LONGEST = 9  # words; 99.5 % of ESCO's labels and alternatives have no more
_AKIN = 5  # letters in common: "electrical" and "electricity"
_SHARED = 3  # a phrase that names more skills than this names none
_EXACT_UP_TO = 4  # letters: "LESS" and "R" are skills, "less" and "r" are not; "python" is


@dataclass(frozen=True, slots=True)
class Sense:
    """One skill that a phrase may mean. `surface` is how a single word must be written, if so."""

    skill: int  # position in the taxonomy
    preferred: bool
    surface: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A label found at characters `start` to `end`; `weight` is how telling its words are."""

    skill: int
    start: int
    end: int
    words: int
    preferred: bool
    weight: float
    shared: int  # how many skills the phrase may mean


class Lexicon:
    """Every label and alternative label of a taxonomy, ready to be found in text."""

    def __init__(self, skills: Iterable[Skill]) -> None:
        senses: defaultdict[str, dict[int, Sense]] = defaultdict(dict)
        frequency: Counter[str] = Counter()
        self.size = 0
        for position, skill in enumerate(skills):
            self.size += 1
            for label in (skill.label, *skill.alternatives):
                _enter(senses, position, label, skill)
            frequency.update({stem(word) for word, _, _ in tokens(_names(skill))})
        self._senses = {key: tuple(found.values()) for key, found in senses.items()}
        self._frequency = frequency
        self._reach = _reach(self._senses)

    def weight(self, word_stem: str) -> float:
        """How telling a word is: 0 where every skill has it, 1 where one has."""
        seen = self._frequency.get(word_stem, 0) or 1
        return 1 - math.log(seen) / math.log(max(self.size, 2))

    def mentions(self, text: str) -> Iterator[Mention]:
        """Labels in `text`, leftmost first and of those the longest; they never overlap."""
        words = tokens(text)
        stems = [stem(word) for word, _, _ in words]
        at = 0
        while at < len(words):
            length, senses = self._longest(words, stems, at)
            yield from self._mentioned(words[at : at + length], stems[at : at + length], senses)
            at += max(length, 1)

    def _longest(
        self, words: Sequence[tuple[str, int, int]], stems: Sequence[str], at: int
    ) -> tuple[int, tuple[Sense, ...]]:
        for length in range(min(self._reach.get(stems[at], 1), len(words) - at), 1, -1):
            found = self._senses.get(" ".join(stems[at : at + length]))
            if found:
                return length, found
        word = words[at][0]
        found = self._senses.get(_single(word), ())
        return 1, tuple(sense for sense in found if sense.surface in (None, word))

    def _mentioned(
        self,
        words: Sequence[tuple[str, int, int]],
        stems: Sequence[str],
        senses: Sequence[Sense],
    ) -> Iterator[Mention]:
        if len(senses) > _SHARED:
            return
        weight = sum(map(self.weight, stems))
        for s in senses:
            yield Mention(
                s.skill, words[0][1], words[-1][2], len(words), s.preferred, weight, len(senses)
            )


def _names(skill: Skill) -> str:
    return " ".join((skill.label, *skill.alternatives))


def _single(word: str) -> str:
    """The key of a label of one word, apart from stems: "engineers" are no "engineering"."""
    return "1 " + singular(word)


def _enter(senses: dict[str, dict[int, Sense]], position: int, label: str, skill: Skill) -> None:
    preferred = label == skill.label
    words = [word for word, _, _ in tokens(_QUALIFIER.sub("", label) or label)]
    if not words or len(words) > _LONGEST:
        return
    if len(words) == 1 and not (preferred or _akin(words[0], skill.label)):
        return
    key = _single(words[0]) if len(words) == 1 else " ".join(map(stem, words))
    known = senses[key].get(position)
    if known is None or (preferred and not known.preferred):
        surface = _surface(words[0], label) if len(words) == 1 else None
        senses[key][position] = Sense(position, preferred, surface)


def _akin(word: str, label: str) -> bool:
    """Whether one word alone may stand for a skill: a name, or a form of a word of its label.

    ESCO gives "form" and "light" for design principles, "gold" for precious metals, "guide" for
    giving advice: of 256 real passages such words alone named 300 skills, nearly all wrongly.
    """
    if word != word.lower():
        return True
    start = word.lower()[:_AKIN]
    return len(word) > _AKIN and any(
        other.lower().startswith(start) for other, _, _ in tokens(label)
    )


def _surface(word: str, label: str) -> str | None:
    """How a single word must be written: names and acronyms that are everyday words otherwise."""
    proper = word != word.lower()
    qualified = _QUALIFIER.search(label) is not None
    return word if proper and (qualified or len(word) <= _EXACT_UP_TO) else None


def _reach(phrases: Iterable[str]) -> Mapping[str, int]:
    """For each first stem the number of words in the longest phrase that begins with it."""
    reach: dict[str, int] = {}
    for phrase in phrases:
        parts = phrase.split(" ")
        if parts[0] != "1":
            reach[parts[0]] = max(reach.get(parts[0], 1), len(parts))
    return reach
