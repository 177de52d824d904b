"""Words that nobody wrote, and what was meant: corrected towards the words of the taxonomy."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from functools import cached_property

from config.taxonomy import Taxonomy
from index.words import words

LETTERS = 5  # of a word that may be corrected: short ones are near to too much
LONG = 8  # letters from which on two slips are forgiven


class Spelling:
    """The words of a taxonomy's labels, read when first one is in doubt."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy

    def corrected(self, text: str, is_known: Callable[[str], bool]) -> str | None:
        """The text with its misspelt words put right; None where there is nothing to put right.

        `is_known` is asked of words that the taxonomy lacks: one that some item uses is right.
        """
        out, end = [], 0
        for word in words(text):
            better = self._better(word.text, is_known)
            if better:
                out += [text[end : word.start], better]
                end = word.end
        return "".join((*out, text[end:])) if out else None

    def _better(self, word: str, is_known: Callable[[str], bool]) -> str | None:
        if len(word) < LETTERS or not word.isalpha() or word in self._frequency:
            return None
        return None if is_known(word) else self.nearest(word)

    def nearest(self, word: str) -> str | None:
        """The commonest of the nearest words with the same first letter, if one is near enough."""
        most = 2 if len(word) >= LONG else 1
        found = (
            (slips, -self._frequency[other], other)
            for length in range(len(word) - most, len(word) + most + 1)
            for other in self._by_start.get((word[0], length), ())
            if (slips := distance(word, other, most)) <= most
        )
        return min(found, default=(0, 0, None))[2]

    @cached_property
    def _frequency(self) -> Counter[str]:
        return Counter(
            word.text
            for skill in self._taxonomy
            for label in (skill.label, *skill.alternatives)
            for word in words(label)
        )

    @cached_property
    def _by_start(self) -> Mapping[tuple[str, int], list[str]]:
        found = defaultdict[tuple[str, int], list[str]](list)
        for word in self._frequency:
            found[word[0], len(word)].append(word)
        return found


def distance(one: str, two: str, most: int) -> int:
    """Letters to insert, drop, replace or swap with their neighbour; `most` + 1 for any more."""
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, other in enumerate(two, 1):
            steps = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 < j and letter == two[j - 2] and one[i - 2] == other:
                steps = min(steps, last[j - 2] + 1)
            row.append(steps)
        if min(row) > most:
            return most + 1
    return row[-1]
