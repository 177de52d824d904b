"""Words as labels and texts are compared: tokens with their places, and light stems."""

import re
from functools import lru_cache

_TOKEN = re.compile(r"[^\W_]+(?:[+#]+(?!\w))?")


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Words with start and end. "C++" and "C#" are words, "micro-fabrication" is two."""
    return [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]


def stems_of(text: str) -> list[str]:
    return [stem(word) for word, _, _ in tokens(text)]


@lru_cache(maxsize=65536)
def singular(word: str) -> str:
    """The word in lower case without a plural's ending."""
    word = word.lower()
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word without plural, -ing and -ed: "managing", "managed" and "manages" are one.

    Light on purpose: "management" and "manager" stay apart, for they name other skills.
    """
    word = singular(word)
    for ending in ("ing", "ed"):
        if len(word) > len(ending) + 2 and word.endswith(ending):
            word = _undoubled(word.removesuffix(ending))
            break
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def _undoubled(word: str) -> str:
    doubled = len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls"
    return word[:-1] if doubled else word
