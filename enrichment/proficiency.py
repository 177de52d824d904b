"""How well a skill is to be known, where the words around its name say so."""

import re
from collections.abc import Iterable, Iterator

from catalogue.model import Level

# Said of knowledge ("basic knowledge of SQL") or of the skill itself ("advanced Python").
_ADJECTIVES = {
    Level.BEGINNER: r"basic|elementary|fundamental|introductory|rudimentary|beginner(?:[- ]level)?"
    r"|entry[- ]level|grundlegende[nrs]?|elementare[nrs]?|einfache[nrs]?",
    Level.INTERMEDIATE: r"intermediate(?:[- ]level)?|(?<!basic )working(?! experience)|solide[nrs]?"
    r"|(?<!very )good|(?<!sehr )gute[nrs]?",
    Level.ADVANCED: r"advanced(?:[- ]level)?|expert(?:[- ]level)?|in[- ]depth|deep|extensive"
    r"|excellent|thorough|profound|very good|fortgeschrittene[nrs]?|vertiefte[nrs]?|tiefe[nrs]?"
    r"|fundierte[nrs]?|umfassende[nrs]?|sehr gute[nrs]?|ausgezeichnete[nrs]?|hervorragende[nrs]?",
}
# These say it of whatever follows their preposition.
_WHOLES = {
    Level.BEGINNER: r"basics|familiar(?:ity)?|grundkenntnisse[n]?|basiskenntnisse[n]?"
    r"|grundwissen|grundlagen",
    Level.INTERMEDIATE: r"aufbaukenntnisse[n]?",
    Level.ADVANCED: r"proficient|proficiency|expert(?:ise)?|mastery|fluent|expertenwissen"
    r"|expertenkenntnisse[n]?|fachkenntnisse[n]?|versiert",
}
# Of a skill itself these praise and say no level: "good communication", "deep learning".
_OF_KNOWLEDGE_ONLY = (
    r"(?:working|good|very good|excellent|gute[nrs]?|deep|tiefe[nrs]?|einfache[nrs]?|fundamental)$"
)
_KNOWLEDGE = (
    r"(?:knowledge|understanding|skills?|experience|command|proficiency|expertise|grasp"
    r"|kenntnisse[n]?|wissen|verständnis|erfahrung(?:en)?|fähigkeiten)"
)
_OF = r"(?:of|in|with|using|von|mit|im|der|des|zu)"
_LISTED = r"(?:[^\s.;:()]+\s+){0,5}"  # "knowledge of Java, Python and SQL"
_NEAR = 160  # characters before a name that are read: a name 800 times in a line took 1.4 s
_DENIED = r"(?<!no )(?<!not )(?<!without )(?<!kein )(?<!keine )(?<!ohne )(?<!nicht )"
_RANGE = r"(?<! to )(?<! or )(?<! bis )(?<! oder )(?<!/)"


def _any(words: dict[Level, str], kind: str) -> str:
    return "|".join(f"(?P<{kind}_{level.name}>{pattern})" for level, pattern in words.items())


def _before(level: str, follows: str) -> re.Pattern[str]:
    return re.compile(rf"{_DENIED}{_RANGE}\b(?:{level}){follows}$", re.IGNORECASE)


_ADJECTIVE, _WHOLE = _any(_ADJECTIVES, "adjective"), _any(_WHOLES, "whole")
_SAID_BEFORE = (
    _before(_ADJECTIVE, r"\s+"),
    _before(_ADJECTIVE, rf"\s+{_KNOWLEDGE}\s+{_OF}\s+{_LISTED}"),
    _before(_WHOLE, rf"\s+{_OF}\s+{_LISTED}"),
)
_SAID_AFTER = re.compile(
    rf"\s*(?:{_KNOWLEDGE}\s*)?(?:[-–—:(]|\b(?:at|on|auf)(?: an?| einem)?\b)\s*"
    rf"(?:{_ADJECTIVE}|{_WHOLE})(?:\s+(?:level|niveau))?\s*(?:[),.;]|$)",
    re.IGNORECASE,
)


def level_of(names: Iterable[str], sentences: Iterable[str]) -> Level | None:
    """The level that one of these sentences gives a skill of these names, the first that does."""
    named = re.compile(
        "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names), re.IGNORECASE
    )
    return next(filter(None, _levels(named, sentences)), None)


def _levels(named: re.Pattern[str], sentences: Iterable[str]) -> Iterator[Level | None]:
    for sentence in sentences:
        for found in named.finditer(sentence):
            yield proficiency(sentence, *found.span())


def proficiency(sentence: str, start: int, end: int) -> Level | None:
    """The level at which the skill named by characters `start` to `end` is wanted or taught.

    English and German. None where nothing near the name says so; what is denied, or a range
    ("basic to advanced"), says no level.
    """
    before = sentence[max(0, start - _NEAR) : start]
    for kind, pattern in enumerate(_SAID_BEFORE):
        found = _last(pattern, before)
        if found and not (kind == 0 and re.search(_OF_KNOWLEDGE_ONLY, found[0].strip().lower())):
            return _level(found)
    said = _SAID_AFTER.match(sentence, end)
    return _level(said) if said else None


def _last(pattern: re.Pattern[str], before: str) -> re.Match[str] | None:
    """The match that begins nearest to the end: each search runs up to the end."""
    found, begin = None, 0
    while match := pattern.search(before, begin):
        found, begin = match, match.start() + 1
    return found


def _level(found: re.Match[str]) -> Level:
    name = next(group for group, said in found.groupdict().items() if said)
    return Level[name.partition("_")[2]]
