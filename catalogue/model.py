"""What the catalogue holds. Values only: nothing here reads, writes or fetches.

All datetimes are aware and in UTC. Texts are plain text, never markup.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from config.taxonomy import SkillId

Json = Mapping[str, Any]
Cursor = Json  # opaque to everyone but its connector; empty means "from the beginning"
Payload = Json  # an item as its source gave it; kept, so that it can be read again offline


class Kind(StrEnum):
    """Types of learning resource."""

    COURSE = "course"
    PATH = "path"
    VIDEO = "video"
    PODCAST = "podcast"
    ARTICLE = "article"
    MANUAL = "manual"
    BOOK = "book"
    SESSION = "session"
    DISCUSSION = "discussion"
    DOCUMENT = "document"


class Level(StrEnum):
    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"


class Delivery(StrEnum):
    SELF_PACED = "self-paced"
    INSTRUCTOR_LED = "instructor-led"
    VIRTUAL = "virtual instructor-led"
    BLENDED = "blended"
    INFORMAL = "informal"


class Place(StrEnum):
    """What a locator counts in."""

    PAGE = "page"
    SLIDE = "slide"
    SHEET = "sheet"
    ANCHOR = "anchor"  # a heading's id
    SECOND = "second"
    UNIT = "unit"  # a unit of a course, by the source's own id


@dataclass(frozen=True, slots=True)
class Locator:
    """Where in an item a part lies, so that a hit opens it there.

    `value` is the page or slide number (from 1), the anchor, the start second or the unit's id.
    `url` is set where the place has an address of its own (a unit, a page of a site).
    """

    place: Place
    value: str
    url: str | None = None

    def __str__(self) -> str:
        return f"{self.place} {self.value}"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an item's text with its place in the item."""

    text: str
    locator: Locator | None = None
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """One run of a live event or an instructor-led course."""

    start: datetime
    end: datetime | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """One learning resource as its source describes it, before enrichment.

    `duration` is in seconds. `language` is a BCP 47 tag. `subjects` and `skills` are the source's
    own words. `visibility` names the groups that may see the item; empty means: as its source says.
    `cost` is None where unknown and 0 where free, in `currency` (ISO 4217). `unmapped` has the
    words of the source that no vocabulary of ours knows, as (field, word).
    """

    title: str
    url: str
    kind: Kind = Kind.ARTICLE
    summary: str = ""
    language: str | None = None
    provider: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    duration: int | None = None
    level: Level | None = None
    delivery: Delivery | None = None
    sessions: tuple[Session, ...] = ()
    licence: str = ""
    cost: float | None = None
    currency: str = ""
    image: str = ""
    subjects: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    audience: str = ""
    visibility: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    unmapped: tuple[tuple[str, str], ...] = ()


class State(StrEnum):
    """An item's life. Only published and retiring items are searched."""

    SUGGESTED = "suggested"  # its source publishes only after a person approved the item
    PUBLISHED = "published"
    RETIRING = "retiring"
    RETIRED = "retired"
    SUPPRESSED = "suppressed"  # a reviewer said never; ingesting it again changes nothing
    GONE = "gone"  # the source dropped it; it may come back


LIVE = frozenset({State.PUBLISHED, State.RETIRING})


@dataclass(frozen=True, slots=True)
class ItemKey:
    """An item's name: its source, and the key its source knows it by, for ever."""

    source: str
    key: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an item's text that the encoder reads as one.

    `number` counts from 0 within the item; `text_hash` keys the embedding cache. What is encoded is
    `embedded_text`, the passage under its item's title and heading; what is shown is `text`.
    """

    number: int
    text: str
    embedded_text: str
    text_hash: str
    locator: Locator | None = None
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a tag was given: characters `start` to `end` of passage `passage`."""

    passage: int
    start: int
    end: int


class Method(StrEnum):
    LABEL = "label"  # a label or alternative label stands in the text
    MEANING = "meaning"  # the text is near the skill's embedding
    BOTH = "both"
    SOURCE = "source"  # the source itself names the skill
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Tag:
    """The machine's judgement that an item teaches a skill. `probability` lies in (0, 1)."""

    skill: SkillId
    probability: float
    method: Method
    evidence: tuple[Evidence, ...] = ()


class Verdict(StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"
    ADD = "add"


@dataclass(frozen=True, slots=True)
class Review:
    """A person's word on one skill of one item. Append-only; the latest one holds."""

    item: ItemKey
    skill: SkillId
    verdict: Verdict
    who: str
    why: str
    at: datetime


class Standing(StrEnum):
    """What a tag amounts to once machine and people have spoken."""

    EFFECTIVE = "effective"
    SUGGESTED = "suggested"  # waits for the owner
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class EffectiveTag:
    tag: Tag
    standing: Standing
    reviewed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What the machine concluded about one item, and by which version of it."""

    version: str
    language: str | None
    level: Level | None
    duration: int | None
    passages: tuple[Passage, ...]
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the catalogue. `sequence` is the number of its latest change.

    `language`, `level` and `duration` are what enrichment concluded, or else what the source says.
    `filtered` says why the source's filter leaves the item out, whatever its state; "" if it is in.
    `represented_by` names the one that stands for this item and those that are the same work as it
    (which may be this one); None where it stands alone. `dead_since` is when its link was found
    dead; None where it is not known to be.
    """

    id: int
    key: ItemKey
    state: State
    sequence: int
    draft: Draft
    first_seen: datetime
    last_changed: datetime
    language: str | None = None
    level: Level | None = None
    duration: int | None = None
    tags: tuple[EffectiveTag, ...] = ()
    model_hash: str = ""  # of what the model reads, as stored
    filtered: str = ""
    represented_by: ItemKey | None = None
    dead_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a follower of the catalogue applies: the item as it stands now.

    `item` is None where the item is not to be seen by searchers (any more); then its points go.
    `visibility` names the groups that may see it; `("public",)` is everyone.
    """

    sequence: int
    key: ItemKey
    item: Item | None = None
    passages: tuple[Passage, ...] = ()
    visibility: tuple[str, ...] = ()


class Stage(StrEnum):
    """Where an item failed."""

    FETCH = "fetch"
    READ = "read"
    ENRICH = "enrich"


@dataclass(frozen=True, slots=True)
class Failure:
    """An item that waits for repair."""

    item: ItemKey
    stage: Stage
    error: str  # the error's class name
    message: str
    first_seen: datetime
    last_seen: datetime
    attempts: int = 1


class Outcome(StrEnum):
    RUNNING = "running"
    COMPLETED = "completed"
    COMPLETED_WITH_ERRORS = "completed with errors"
    HELD = "held"  # too much vanished at once; a person decides
    FAILED = "failed"
    CANCELLED = "cancelled"
    CRASHED = "crashed"  # its process ended without a word


@dataclass(frozen=True, slots=True)
class Counters:
    """What one run did, in items."""

    found: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    gone: int = 0
    held: int = 0
    filtered: int = 0
    tagged: int = 0
    encoded: int = 0  # passages, not items


@dataclass(frozen=True, slots=True)
class Run:
    id: int
    source: str
    outcome: Outcome
    started: datetime
    ended: datetime | None = None
    counters: Counters = field(default_factory=Counters)
    message: str = ""
