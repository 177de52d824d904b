"""What one asks the index and what it answers: values only."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from catalogue.model import Delivery, Kind, Level, Locator, State
from config.taxonomy import SkillId

MAX_LIMIT = 100
MAX_TEXT = 10_000  # characters
WINDOW = 1_000  # offset and limit together; a cursor goes on from there


class SkillMatch(StrEnum):
    """Whether an item must teach one of the skills asked for, or each of them."""

    ANY = "any"
    ALL = "all"


class FacetName(StrEnum):
    SKILL = "skill"
    KIND = "kind"
    LEVEL = "level"
    LANGUAGE = "language"
    PROVIDER = "provider"
    SOURCE = "source"
    DELIVERY = "delivery"
    FREE = "free"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What an item must be to be found. Empty and None mean: anything.

    Within a tuple one value is enough; between fields all must hold. An item that does not say
    (no duration, no date, no cost) does not pass a filter on that field. `max_duration` is in
    seconds. `min_probability` concerns `skills` alone. `dead` is about the item's link.
    """

    skills: tuple[SkillId, ...] = ()
    skill_match: SkillMatch = SkillMatch.ANY
    min_probability: float = 0.0
    kinds: tuple[Kind, ...] = ()
    levels: tuple[Level, ...] = ()
    languages: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    max_duration: int | None = None
    free: bool | None = None
    dead: bool | None = None
    published_since: datetime | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """`groups` are the caller's; an item for the group "public" is for every caller. None is the
    operator of the installation, who sees every item.

    With a `text` the answer is ranked, without one the newest items come first. A `cursor` (an
    answer's `next_cursor`) continues an answer and goes with no `offset`.
    """

    groups: tuple[str, ...] | None
    text: str = ""
    filters: Filters = field(default_factory=Filters)
    limit: int = 20
    offset: int = 0
    cursor: str | None = None
    facets: tuple[FacetName, ...] = ()
    facet_limit: int = 20
    explain: bool = False


@dataclass(frozen=True, slots=True)
class FoundSkill:
    """A skill an item teaches; `label` is its URI where the taxonomy at hand does not have it."""

    id: SkillId
    label: str
    probability: float


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item as the index knows it. `id` is the catalogue's, `duration` is in seconds."""

    id: int
    source: str
    key: str
    title: str
    url: str
    kind: Kind
    state: State
    summary: str = ""
    level: Level | None = None
    language: str | None = None
    provider: str = ""
    delivery: Delivery | None = None
    duration: int | None = None
    free: bool | None = None
    cost: float | None = None
    currency: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    licence: str = ""
    image: str = ""
    authors: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    skills: tuple[FoundSkill, ...] = ()
    dead: bool = False  # its link is known to be


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """The item's passage that answers best. `highlights` are character ranges of `text`."""

    number: int
    text: str
    heading: str = ""
    locator: Locator | None = None
    highlights: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class AlsoAs:
    """Another item that is the same work: another format, another provider, a copy."""

    id: int
    source: str
    title: str
    url: str
    format: str
    language: str | None = None
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """`open_url` opens the item at the passage. `explanation` is filled only where asked for.

    `work` is what the items of one work have in common, None of an item that stands alone; `also`
    are the others of them that the caller may see.
    """

    item: FoundItem
    passage: FoundPassage
    score: float
    open_url: str
    title_highlights: tuple[tuple[int, int], ...] = ()
    explanation: tuple[str, ...] = ()
    work: str | None = None
    also: tuple[AlsoAs, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    label: str
    count: int  # items, not passages


@dataclass(frozen=True, slots=True)
class Facet:
    name: FacetName
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """`total` counts works: items folded into another one that was found count with it.

    It is exact without a text, and with one as long as everything that passes the filters was
    ranked; else it is the number of items ranked, and more exist. Facets count items, since each
    may be found by a value of its own.

    `corrected` is the text that was searched for where words of the one asked stand nowhere.
    `skills` are those that the text means, with how surely. Where nothing that the caller may see
    and the filters let pass `fits` the text, the hits are merely the nearest there are. A long
    question, or one of texts in other languages than the encoder's, is always taken to fit.
    """

    hits: tuple[Hit, ...]
    total: int
    total_is_exact: bool
    facets: tuple[Facet, ...] = ()
    next_cursor: str | None = None
    corrected: str | None = None
    fits: bool = True
    skills: tuple[FoundSkill, ...] = ()
