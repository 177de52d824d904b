"""What a text asks for, worked out once: vectors, words, phrases, skills."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from config.taxonomy import SkillId
from index.boosts import Wanted
from index.conditions import AnyOf, Conditions
from index.engine import Ask, Engine, Payload, Ranked, Signal
from index.feedback import Vector, towards, with_words, words_share
from index.filters import conditions
from index.points import TAUGHT
from index.ranking import LONG, SHORT, Candidate, fuse, weights
from index.values import SearchRequest
from index.words import Sparse, document, searched_text, telling

Rankings = Mapping[Signal, Sequence[Ranked]]
Encode = Callable[[str], Vector]
# The skills a text and its vector mean, with how surely, from 0 to 1; surest first.
Meant = Callable[[str, Vector], Sequence[tuple[SkillId, float]]]

# The best few answers' vectors are added to the question's (Rocchio 1971): they say with more
# words what it is about. A question of many words says it itself.
BEST = 4
WORDED = 8  # the best few of which the words are added
DEPTH = 100  # points asked of each signal
CLOSE = 30  # of each, among which the best few answers are looked for
ENOUGH, PLENTY = 10, 20  # telling words
# Cosine of the nearest passage below which nothing is about what was asked. Of 468 keywords of OER
# Commons' 2,152 items 5 % lie below, of 25 questions without answer there ("lottery numbers") 18.
# Since a word that stands somewhere fits, that is said of 5 of the keywords and 5 of the questions;
# over Cranfield's articles of none of its 225 questions and 14 of the 25.
FITS = 0.35
# What the encoder that comes with Skillshelf was trained on. Elsewhere words are worth more.
SPOKEN = "en"
_QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»')


@dataclass(frozen=True, slots=True)
class Question:
    """A request with everything that is worked out once.

    `asked` are its telling words as written, `terms` the numbers of their stems; `phrases` stood
    between quotation marks.
    """

    request: SearchRequest
    text: str
    asks: tuple[Ask, ...]
    asked: frozenset[str]
    terms: Sparse
    phrases: tuple[str, ...] = ()
    skills: tuple[tuple[SkillId, float], ...] = ()
    today: int = 0  # in days since 1970
    foreign: bool = False  # asked of texts in languages the encoder hardly knows
    known: Rankings = field(default_factory=dict)  # to DEPTH, under the question's conditions
    # Not where nothing that it may find has its words or comes near; what is not refined fits.
    fits: bool = True

    @property
    def weights(self) -> Mapping[Signal, float]:
        sure = max((how for _, how in self.skills), default=0.0)
        return weights(SHORT if self.foreign else len(self.asked), sure)

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.text, self.phrases, len(self.asked), self.today)

    def conditions(self) -> Conditions:
        return conditions(self.request.groups, self.request.filters)


def no_skills(text: str, vector: Vector) -> Sequence[tuple[SkillId, float]]:
    """For a searcher that is told nothing of skills."""
    return ()


def question(
    request: SearchRequest,
    text: str,
    terms: Sparse,
    languages: Sequence[str],
    encode: Encode,
    meant: Meant,
    today: int,
) -> Question:
    """`text` is the request's, or what it should have been, `terms` its words in `languages`."""
    asked = telling(text, terms, languages)
    # Passages were encoded below their titles. A few words are read better written likewise:
    # nDCG@10 of meaning alone on keywords for open courses 0.344 instead of 0.330.
    vector = encode(f"{text}\n{text}" if len(asked) <= SHORT else text)
    skills = tuple(meant(text, vector))
    asks = [Ask(Signal.MEANING, vector), *_of_words(terms)]
    if skills:
        teaching = AnyOf(TAUGHT, tuple(skill for skill, _ in skills))
        asks.append(Ask(Signal.SKILLS, vector, (teaching,)))
    foreign = bool(languages) and SPOKEN not in {tag.split("-")[0].lower() for tag in languages}
    quoted = ("".join(groups) for groups in _QUOTED.findall(text))
    return Question(request, text, tuple(asks), asked, terms, tuple(quoted), skills, today, foreign)


def words_ranked(engine: Engine, request: SearchRequest, terms: Sparse) -> Rankings:
    """The rankings that need no vector, to `DEPTH`."""
    asks = _of_words(terms)
    found = engine.rank(asks, conditions(request.groups, request.filters), DEPTH) if asks else ()
    return {ask.signal: ranking for ask, ranking in zip(asks, found, strict=True)}


def _of_words(terms: Sparse) -> list[Ask]:
    return [Ask(Signal.TEXT, terms), Ask(Signal.TITLE, terms)] if terms.indices else []


def refined(engine: Engine, asked: Question) -> Question:
    """The question as the best answers to it would put it."""
    share, added = _share(asked), words_share(LONG if asked.foreign else len(asked.asked))
    if not share and not added:
        return asked
    found = _glanced(engine, asked, CLOSE if share else DEPTH)
    near = {signal: ranking[:CLOSE] for signal, ranking in found.items()}
    best = fuse(near, asked.weights, CLOSE)[:WORDED]
    moved = _moved(engine, asked.asks, best[:BEST], share)
    asks = _reworded(engine, moved, best, added)
    same = {new.signal for new, old in zip(asks, asked.asks, strict=True) if new is old}
    whole = asked.known if share else found
    known = {signal: ranking for signal, ranking in whole.items() if signal in same}
    return replace(asked, asks=asks, known=known, fits=not share or not best or _fits(found))


def _glanced(engine: Engine, asked: Question, depth: int) -> Rankings:
    """What is known to `DEPTH`, and the rest to `depth`: vectors that will move are asked again."""
    asks = [ask for ask in asked.asks if ask.signal not in asked.known]
    found = engine.rank(asks, asked.conditions(), depth)
    return {**asked.known, **{ask.signal: one for ask, one in zip(asks, found, strict=True)}}


def _moved(
    engine: Engine, asks: tuple[Ask, ...], best: Sequence[Candidate], share: float
) -> tuple[Ask, ...]:
    """Vectors moved towards those of the best answers."""
    vectors = list(engine.meanings([one.passage for one in best]).values()) if share else []
    if not vectors:
        return asks
    return tuple(
        ask
        if isinstance(ask.vector, Sparse)
        else replace(ask, vector=towards(ask.vector, vectors, share))
        for ask in asks
    )


def _reworded(
    engine: Engine, asks: tuple[Ask, ...], best: Sequence[Candidate], share: float
) -> tuple[Ask, ...]:
    """Words with those that the best answers have in common; titles are short enough."""
    answers = _read(engine, best) if share else []
    if not answers:
        return asks
    return tuple(
        replace(ask, vector=with_words(ask.vector, answers, share))
        if ask.signal is Signal.TEXT and isinstance(ask.vector, Sparse)
        else ask
        for ask in asks
    )


def _read(engine: Engine, best: Sequence[Candidate]) -> list[tuple[Candidate, Sparse]]:
    """The words of answers as they were indexed.

    Read from the texts: an index's own vectors of words lie in files that nothing else touches, 40
    MiB of them after 3,000 questions.
    """
    answering = [(one, one.of, one.passage) for one in best]
    points = engine.fetch([*{id for _, *ids in answering for id in ids}])
    return [
        (one, _words(points[of], points[passage]))
        for one, of, passage in answering
        if of in points and passage in points
    ]


def _words(first: Payload, passage: Payload) -> Sparse:
    lines = (first.get("title", ""), passage.get("heading", ""), passage.get("text", ""))
    return document(searched_text(*lines), first.get("language"))


def _fits(found: Rankings) -> bool:
    """Whether something has the words, or is near in meaning."""
    near = found[Signal.MEANING]
    return bool(found.get(Signal.TEXT)) or any(one.score >= FITS for one in near[:1])


def rankings(engine: Engine, question: Question, where: Conditions, depth: int) -> Rankings:
    """Each signal's best `depth` points; what is known of them already is not asked again."""
    known = question.known if depth == DEPTH and where == question.conditions() else {}
    asks = [ask for ask in question.asks if ask.signal not in known]
    found = zip((ask.signal for ask in asks), engine.rank(asks, where, depth), strict=True)
    return {**known, **dict(found)}


def _share(asked: Question) -> float:
    """How much the best answers' vectors count beside the question's own."""
    if asked.foreign:
        return 0.0
    return min(max((PLENTY - len(asked.asked)) / (PLENTY - ENOUGH), 0.0), 1.0)
