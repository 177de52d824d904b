"""The sentence that shows why a skill was given."""

from catalogue.model import Evidence, Passage
from enrichment.lexicon import Lexicon, Mention
from enrichment.passages import sentences
from enrichment.words import stem, tokens


def evidence(passage: Passage, mention: Mention | None, names: str, lexicon: Lexicon) -> Evidence:
    """The sentence of the mention, else the one that shares the most telling words with `names`.

    The whole passage where no sentence shares a word with the skill's `names`.
    """
    if mention is not None:
        return _around(passage, mention)
    wanted = {stem(word) for word, _, _ in tokens(names)}
    spans = sentences(passage.text)
    shared = [_shared(passage.text[start:end], wanted, lexicon) for start, end in spans]
    best = max(shared, default=0.0)
    if best <= 0:
        return Evidence(passage.number, 0, len(passage.text))
    return _trimmed(passage, *spans[shared.index(best)])


def _around(passage: Passage, mention: Mention) -> Evidence:
    within = [s for s in sentences(passage.text) if s[0] < mention.end and mention.start < s[1]]
    start, end = within[0][0], within[-1][1]
    return _trimmed(passage, start, end)


def _trimmed(passage: Passage, start: int, end: int) -> Evidence:
    text = passage.text[start:end]
    left = len(text) - len(text.lstrip())
    return Evidence(passage.number, start + left, start + len(text.rstrip()))


def _shared(sentence: str, wanted: set[str], lexicon: Lexicon) -> float:
    stems = {stem(word) for word, _, _ in tokens(sentence)}
    return sum(max(lexicon.weight(one), 0.0) for one in stems & wanted)
