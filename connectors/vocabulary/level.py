"""How much is expected of a learner.

Of several levels the lowest counts: a level says what one must already know to begin, and who may
begin at the lowest may begin. "All levels" is beginner by the same rule.
"""

import re

from catalogue.model import Level

_WORDS = {
    Level.BEGINNER: r"beginners?|novices?|starters?|newcomers?|entry|introduc\w+|intro|basics?|base"
    r"|foundations?|foundational|fundamentals?|elementary|essentials?|primer|(?:very )?easy|simple"
    r"|pre-?intermediate|all levels?|any level|alle (?:level|stufen|niveaus)|tous niveaux"
    r"|anfänger\w*|einsteiger\w*|einstieg\w*|einführ\w+|grundlagen\w*|grundkurs|basis\w*|leicht"
    r"|débutante?s?|élémentaire|principiantes?|principianti|básico|iniciantes?|iniciación|inicial"
    r"|beginnend|a[12]|1\d\d|100-level|l1\d\d",
    Level.INTERMEDIATE: r"(?<!pre)(?<!pre-)intermediate|medium|moderate|associates?|improvers?"
    r"|mittel\w*|aufbau\w*|leicht fortgeschritten\w*|intermédiaires?|intermedi[oa]s?"
    r"|intermediári[oa]|gemiddeld|b[12]|2\d\d|200-level|l2\d\d",
    Level.ADVANCED: r"advanced|experts?|experienced|proficient|specialists?"
    r"|(?<!graduate[-/])(?<!graduate / )professionals?"
    r"|master(?:y|ing|class)|(?:very )?difficult|hard|challenging|deep dive|fortgeschritten\w*"
    r"|experten?|profis?|vertief\w+|schwer|schwierig|avancée?s?|confirmée?s?|avanzad[oa]s?|avanzat[oi]"
    r"|avançad[oa]|gevorderd\w*|c[12]|[34]\d\d|[34]00-level|l[34]\d\d",
}
_PATTERNS = {
    level: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
    for level, words in _WORDS.items()
}
_DENIED = re.compile(r"\b(?:not?|non|nicht|kein\w*|without|ohne|pas|sin)\b", re.IGNORECASE)
_MILD = re.compile(r"leicht fortgeschritten\w*|upper[ -]intermediate", re.IGNORECASE)


def level(text: str) -> Level | None:
    """The lowest level that `text` names; None where it names none, or denies one."""
    if _DENIED.search(text):
        return None
    text = _MILD.sub("intermediate", text)
    return next((level for level, words in _PATTERNS.items() if words.search(text)), None)
