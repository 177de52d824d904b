"""The catalogue's decisions as pure functions: tested without a database."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from catalogue.model import (
    LIVE,
    EffectiveTag,
    Item,
    Method,
    Review,
    Standing,
    State,
    Tag,
    Verdict,
)
from config.taxonomy import SkillId

# What a source can drop. A suppressed or retired item stays as a person left it: were it to go and
# come back, it would be published again.
PRESENT = frozenset({State.SUGGESTED, State.PUBLISHED, State.RETIRING})

VANISH_SHARE = 0.2
VANISH_COUNT = 10


class Intent(StrEnum):
    """What storing a found item does."""

    ADD = "add"
    ENRICH = "enrich"  # what the model reads has changed
    REWRITE = "rewrite"  # only the rest has changed, or what its source's filter makes of it
    RESTORE = "restore"  # it had gone and is back
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Known:
    """What the decision needs to know of a stored item."""

    state: State
    model_hash: str
    rest_hash: str
    filtered: str = ""


def intent(known: Known | None, model_hash: str, rest_hash: str, filtered: str = "") -> Intent:
    if known is None:
        return Intent.ADD
    if known.model_hash != model_hash:
        return Intent.ENRICH
    if known.state is State.GONE:
        return Intent.RESTORE
    same = (known.rest_hash, known.filtered) == (rest_hash, filtered)
    return Intent.KEEP if same else Intent.REWRITE


def arrival(known: State | None, *, publish: bool) -> State:
    """The state of an item its source has just shown.

    A suppressed item stays so, a retired one too: a person decided. One that had gone comes back
    as if it were new. `publish` is the source's policy: at once, or only after approval.
    """
    if known is None or known is State.GONE:
        return State.PUBLISHED if publish else State.SUGGESTED
    return known


@dataclass(frozen=True, slots=True)
class Vanishing:
    """Which keys a complete listing did not show, and whether a person must approve first."""

    keys: frozenset[str]
    held: bool


def vanished(live: Collection[str], seen: Collection[str]) -> Vanishing:
    """Absence is evidence only in a complete listing, and only up to a bound.

    More than `VANISH_SHARE` of the live items and more than `VANISH_COUNT` of them at once is
    rather a broken source than a spring cleaning. A listing that shows nothing at all is held
    however few items there were.
    """
    missing = frozenset(live) - frozenset(seen)
    collapse = len(missing) > VANISH_COUNT and len(missing) > VANISH_SHARE * len(live)
    return Vanishing(missing, held=bool(missing) and (collapse or not seen))


def effective(
    tags: Iterable[Tag], reviews: Iterable[Review], threshold: float
) -> tuple[EffectiveTag, ...]:
    """Machine tags under people's reviews, likeliest first.

    `reviews` come oldest first; the latest on a skill holds, whatever the machine says now. A skill
    that only a person named is effective with probability 1.
    """
    latest = {review.skill: review for review in reviews}
    machine = {tag.skill: tag for tag in tags}
    skills = [*machine, *(skill for skill in latest if skill not in machine)]
    judged = (_judge(machine.get(skill), latest.get(skill), skill, threshold) for skill in skills)
    return tuple(sorted(judged, key=lambda t: (-t.tag.probability, t.tag.skill)))


def _judge(
    tag: Tag | None, review: Review | None, skill: SkillId, threshold: float
) -> EffectiveTag:
    if review is None:
        assert tag is not None
        sure = tag.probability >= threshold
        return EffectiveTag(tag, Standing.EFFECTIVE if sure else Standing.SUGGESTED)
    if review.verdict is Verdict.REJECT:
        shown = tag or Tag(skill, 0.0, Method.PERSON)
        return EffectiveTag(shown, Standing.REJECTED, review.who)
    confirmed = Tag(skill, 1.0, Method.PERSON, tag.evidence if tag else ())
    return EffectiveTag(confirmed, Standing.EFFECTIVE, review.who)


def visible(item: tuple[str, ...], source: tuple[str, ...]) -> tuple[str, ...]:
    """The groups that may see an item: its own where it names any, else its source's."""
    return item or source


def searchable(state: State) -> bool:
    return state in LIVE


def shown(item: Item) -> bool:
    """Whether searchers may see the item, if they may see its source's."""
    return searchable(item.state) and not item.filtered
