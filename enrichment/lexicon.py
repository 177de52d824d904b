"""Finds the taxonomy's labels in running text."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from config.taxonomy import Skill
from enrichment.words import singular, stem, stems_of, tokens

_QUALIFIER = re.compile(r"\s*\([^()]*\)\s*$")
_LONGEST = 9  # words; 99.5 % of ESCO's labels and alternatives have no more
_AKIN = 5  # letters in common: "electrical" and "electricity"
_SHARED = 3  # a phrase that names more skills than this names none
_EVERYDAY = 5  # skills; "Access" and "Source" are products, of 13,412 skills dozens say "access"
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
        known = list(skills)
        self.size = len(known)
        self._labels = [skill.label for skill in known]
        self._frequency = Counter(word for skill in known for word in set(stems_of(_names(skill))))
        senses: defaultdict[str, dict[int, Sense]] = defaultdict(dict)
        for position, skill in enumerate(known):
            for label in (skill.label, *skill.alternatives):
                self._enter(senses, position, label, skill)
        self._senses = {key: tuple(found.values()) for key, found in senses.items()}
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

    def share(self, skill: int, stems: Set[str]) -> float:
        """How much of a skill's label these words say, in any order, by how telling each is.

        "Solving business problems" says all of "solve problems" and holds no label.
        """
        label = self._labels[skill]
        own = set(stems_of(_QUALIFIER.sub("", label) or label))
        whole = sum(map(self.weight, own))
        return sum(map(self.weight, own & stems)) / whole if whole else 0.0

    def _enter(
        self, senses: dict[str, dict[int, Sense]], position: int, label: str, skill: Skill
    ) -> None:
        preferred = label == skill.label
        words = [word for word, _, _ in tokens(_QUALIFIER.sub("", label) or label)]
        if not words or len(words) > _LONGEST:
            return
        if len(words) == 1 and not (preferred or _akin(words[0], skill.label)):
            return
        key = _single(words[0]) if len(words) == 1 else " ".join(map(stem, words))
        known = senses[key].get(position)
        if known is None or (preferred and not known.preferred):
            surface = self._surface(words[0]) if len(words) == 1 else None
            senses[key][position] = Sense(position, preferred, surface)

    def _surface(self, word: str) -> str | None:
        """How a single word must be written: names that are everyday words otherwise."""
        everyday = len(word) <= _EXACT_UP_TO or self._frequency[stem(word)] >= _EVERYDAY
        return word if everyday and word != word.lower() else None

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


def _reach(phrases: Iterable[str]) -> Mapping[str, int]:
    """For each first stem the number of words in the longest phrase that begins with it."""
    reach: dict[str, int] = {}
    for phrase in phrases:
        parts = phrase.split(" ")
        if parts[0] != "1":
            reach[parts[0]] = max(reach.get(parts[0], 1), len(parts))
    return reach
