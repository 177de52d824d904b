"""How much an item expects of its learner: what is said, never what might be guessed."""

import re

from catalogue.model import Draft, Level

# A title is about its item, so plain words count. A summary speaks of much else ("an introduction
# to the team, then advanced planning"), so there only phrases that address the learner count.
_TITLE = {
    Level.BEGINNER: r"beginners?|introduction|introductory|intro|fundamentals?|basics"
    r"|getting started|first steps|primer|101|essentials|novices?|for dummies"
    r"|einführung|grundlagen|einsteiger"
    r"|anfänger|grundkurs|erste schritte|basiswissen|einstieg",
    Level.INTERMEDIATE: r"intermediate|aufbaukurs|mittelstufe|beyond the basics",
    Level.ADVANCED: r"advanced|experts?|fortgeschrittene[rn]?|vertiefung|expertenwissen|deep dive"
    r"|masterclass|mastering",
}
_SUMMARY = {
    Level.BEGINNER: r"for (?:absolute |complete )?(?:beginners|novices|newcomers)|level: beginner"
    r"|beginner(?:-| )level|introductory (?:course|class|level|module|lesson)"
    r"|no (?:prior|previous) (?:knowledge|experience)"
    r"|für (?:anfänger|einsteiger)|keine vorkenntnisse|einführungskurs",
    Level.INTERMEDIATE: r"intermediate(?:-| )level|for intermediate|level: intermediate"
    r"|intermediate (?:learners|course|class)",
    Level.ADVANCED: r"advanced(?:-| )level|for (?:advanced|experienced) \w+|level: advanced"
    r"|advanced (?:course|class|learners|students)|für fortgeschrittene",
}
_DENIED = r"(?<!not )(?<!not for )(?<!nicht )(?<!nicht für )(?<!keine )(?<!non-)"


def _compiled(words: dict[Level, str]) -> dict[Level, re.Pattern[str]]:
    return {
        level: re.compile(rf"{_DENIED}\b(?:{pattern})\b", re.IGNORECASE)
        for level, pattern in words.items()
    }


_IN_TITLE = _compiled(_TITLE)
_IN_SUMMARY = _compiled(_SUMMARY)


def level(draft: Draft) -> Level | None:
    """The source's word, else the title's, else the summary's. None where they say none or two."""
    if draft.level:
        return draft.level
    named = _named(draft.title, _IN_TITLE)
    if len(named) > 1:  # "from beginner to expert"
        return None
    return _only(named) or _only(_named(draft.summary, _IN_SUMMARY))


def _named(text: str, patterns: dict[Level, re.Pattern[str]]) -> list[Level]:
    return [level for level, pattern in patterns.items() if pattern.search(text)]


def _only(levels: list[Level]) -> Level | None:
    return levels[0] if len(levels) == 1 else None
