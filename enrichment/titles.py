"""Titles compared: what two have in common, and what sets one volume apart from the next."""

import re
from dataclasses import dataclass

from enrichment.words import tokens

_LEADING = re.compile(
    r"^\s*(?:(?:chapter|appendix|kapitel|anhang|chapitre|annexe|cap[ií]tulo)\s+)?"
    r"(?:\d+|[a-z](?=\.))[.:)]\s+",
    re.I,
)
_ROMAN = {"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"}
_STEPS = frozenset(
    re.findall(
        r"\w+",
        "beginner beginners beginning elementary intermediate advanced basic basics low mid middle "
        "high lower upper first second third fourth one two three four five part1 part2 "
        "anfänger fortgeschrittene grundlagen débutant avancé",
    )
)
_CUT = re.compile(r":\s+|\s+[-–—|]\s+")
_NUMBER = re.compile(r"^\d+[a-z]?$|\d+$")
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "a an and at by for from in of on or s the to with der die das und für von mit im le la "
        "les de des du et pour el los y un une ein eine remix remixed copy version edition",
    )
)


@dataclass(frozen=True, slots=True)
class Title:
    """`words` are those that say something, `marks` those that tell one volume from another."""

    words: frozenset[str]
    marks: frozenset[str]
    ending: frozenset[str] = frozenset()  # the words after the last colon or dash, if there is one

    @classmethod
    def of(cls, text: str) -> "Title":
        """A chapter's number at the beginning counts among the marks only."""
        every = _words(text)
        marks = frozenset(w for w in every if w in _ROMAN or w in _STEPS)
        words = frozenset(_words(_LEADING.sub("", text))) - _EMPTY
        _, *later = _CUT.split(text)
        ending = frozenset(_words(later[-1])) if later else frozenset()
        return cls(words or frozenset(every), marks | _numbers(every), ending)

    def common(self, other: "Title") -> float:
        """The share of words in both among the words in either."""
        return len(self.words & other.words) / max(1, len(self.words | other.words))

    def contained(self, other: "Title") -> float:
        """How much of the shorter title is in the longer one."""
        shorter = min(len(self.words), len(other.words))
        return len(self.words & other.words) / max(1, shorter)

    def differs(self, other: "Title") -> bool:
        """Another part, level or number: "Webinar 4" is not "Webinar 6"."""
        return self.marks != other.marks

    def same_series(self, other: "Title") -> bool:
        """Alike but for how each ends: "State guidance: Oregon", "State guidance: Michigan"."""
        own, its = self.words - other.words, other.words - self.words
        return bool(own and its) and own <= self.ending and its <= other.ending

    def contradicts(self, other: "Title") -> bool:
        """Each has a mark that the other lacks."""
        return bool(self.marks - other.marks) and bool(other.marks - self.marks)


def _words(text: str) -> list[str]:
    """As labels are compared, so that "C", "C++" and "C#" are three."""
    return [word.casefold() for word, _, _ in tokens(text)]


def _numbers(words: list[str]) -> frozenset[str]:
    """Whole words, and what words end in: "edit2", but not "qa4u"."""
    return frozenset(match[0] for word in words if (match := _NUMBER.search(word)))
