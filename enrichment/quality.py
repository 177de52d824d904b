"""How good an item looks from outside, aspect by aspect, each with its reason in words. Pure.

None of it judges what an item says. It tells a curator where to look, and lets search prefer the
better described of two equals; it is never a reason to hide one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from catalogue.model import Item, Kind, Passage
from enrichment.readability import readability

READING_WORDS = 200  # a minute
SPEAKING_WORDS = 150
_TEXTS = frozenset({Kind.ARTICLE, Kind.MANUAL, Kind.BOOK, Kind.DOCUMENT})
_SPOKEN = frozenset({Kind.VIDEO, Kind.PODCAST})
FAR_OFF = 4  # times longer or shorter than claimed
EASY = 50  # of Flesch's scale: "fairly difficult", what good manuals reach
HALF_LIFE_DAYS = 5 * 365
# What each aspect weighs in the whole. Freshness is told but not weighed: search has the dates.
_WEIGHTS = {"metadata": 0.5, "readability": 0.3, "length": 0.2}


@dataclass(frozen=True, slots=True)
class Aspect:
    """`value` is 0 (poor) to 1 (good)."""

    name: str
    value: float
    reason: str


@dataclass(frozen=True, slots=True)
class Quality:
    """`value` is 0 to 1: the weighted mean of what was judged, and 0 where the link is dead."""

    value: float
    aspects: tuple[Aspect, ...]


def quality(item: Item, passages: Sequence[Passage], now: datetime) -> Quality:
    found = [_link(item), *_weighed(item, passages), _fresh(item, now)]
    aspects = tuple(aspect for aspect in found if aspect is not None)
    return Quality(worth(item, passages), aspects)


def worth(item: Item, passages: Sequence[Passage]) -> float:
    """The value of the whole, which does not change with time."""
    aspects = [aspect for aspect in _weighed(item, passages) if aspect is not None]
    weights = sum(_WEIGHTS[aspect.name] for aspect in aspects)
    mean = sum(_WEIGHTS[aspect.name] * aspect.value for aspect in aspects) / weights
    return 0.0 if item.dead_since else round(mean, 3)


def _weighed(item: Item, passages: Sequence[Passage]) -> list[Aspect | None]:
    return [_metadata(item), _readable(item, passages), _length(item, passages)]


def _link(item: Item) -> Aspect | None:
    if item.dead_since is None:
        return None
    return Aspect("link", 0.0, f"its link has been dead since {item.dead_since:%Y-%m-%d}")


def _metadata(item: Item) -> Aspect:
    draft = item.draft
    told = {
        "a summary": draft.summary,
        "a language": item.language,
        "who made it": draft.authors or draft.provider,
        "a date": draft.published or draft.updated,
        "a licence or price": draft.licence or draft.cost is not None,
        "a level": item.level,
        "a duration": item.duration,
        "subjects": draft.subjects or draft.skills,
    }
    missing = [name for name, value in told.items() if not value]
    reason = f"does not tell {_listed(missing)}" if missing else "tells all that searchers ask for"
    return Aspect("metadata", round(1 - len(missing) / len(told), 3), reason)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _readable(item: Item, passages: Sequence[Passage]) -> Aspect | None:
    found = readability((passage.text for passage in passages), item.language)
    if found is None:
        return None
    words = "easy" if found.ease >= 60 else "fairly hard" if found.ease >= 30 else "hard"
    reason = f"{words} to read ({found.formula} {found.ease:.0f}, {found.sentence:.0f} words a"
    return Aspect("readability", round(min(1.0, found.ease / EASY), 3), f"{reason} sentence)")


def _length(item: Item, passages: Sequence[Passage]) -> Aspect | None:
    """Of a course only the description may lie here, so its text is never found too short."""
    words = sum(len(passage.text.split()) for passage in passages)
    if not item.draft.duration or not words:
        return None
    pace = SPEAKING_WORDS if item.draft.kind in _SPOKEN else READING_WORDS
    minutes, claimed = words / pace, item.draft.duration / 60
    times = minutes / claimed
    told = f"claims {_spoken(claimed)}, its text takes {_spoken(minutes)}"
    if times > FAR_OFF:
        return Aspect("length", round(FAR_OFF / times, 3), told)
    if times < 1 / FAR_OFF and item.draft.kind in _TEXTS:
        return Aspect("length", round(times * FAR_OFF, 3), told)
    return Aspect("length", 1.0, told)


def _spoken(minutes: float) -> str:
    return f"{minutes / 60:.1f} h" if minutes >= 90 else f"{max(1, minutes):.0f} min"


def _fresh(item: Item, now: datetime) -> Aspect | None:
    changed = item.draft.updated or item.draft.published
    if changed is None:
        return None
    days = max(0, (now - changed).days)
    years, months = divmod(days // 30, 12)
    ago = f"{years} years" if years > 1 else f"{years * 12 + months} months"
    reason = f"last changed {ago} ago" if days >= 60 else "changed within two months"
    return Aspect("freshness", round(0.5 ** (days / HALF_LIFE_DAYS), 3), reason)
