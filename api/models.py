"""What the API answers and takes, as its document describes it."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.parameters import LinkState
from catalogue.model import Delivery, Kind, Level, Method, Place, Standing, Verdict
from catalogue.model import State as ItemState


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ProblemField(Model):
    field: str
    message: str


class Problem(BaseModel):
    """Problem details after RFC 9457."""

    type: str
    title: str
    status: int
    detail: str = Field(description="What is wrong, and what would be right.")
    errors: list[ProblemField] | None = None


class SkillName(Model):
    id: str = Field(description="The skill's URI.")
    name: str


class FoundSkill(SkillName):
    confidence: float = Field(description="Probability that the item teaches it.")


class Location(Model):
    place: Place
    value: str
    label: str = Field(description="For people: `page 12`.")


class FoundPassage(Model):
    text: str
    highlights: list[tuple[int, int]] = Field(description="Ranges of characters of `text`.")
    heading: str
    locator: Location | None


class ItemFacts(Model):
    """What is known of an item. `null` means: it does not say."""

    id: int
    source: str
    key: str = Field(description="The item's name in its source.")
    title: str
    url: str | None = Field(description="`null` where the address is not a link to follow.")
    resource_type: Kind
    summary: str
    level: Level | None
    language: str | None
    provider: str
    delivery: Delivery | None
    duration: str | None = Field(description="ISO 8601.")
    duration_seconds: int | None
    free: bool | None
    published: datetime | None
    updated: datetime | None
    link_status: LinkState = Field(description="`dead` once four checks in a row failed.")


class OtherItem(Model):
    """Another item that is the same work."""

    id: int
    source: str
    title: str
    url: str | None = Field(description="`null` where the address is not a link to follow.")
    format: str = Field(description="What opens there, for people: `PDF`, `EPUB`, `web page`.")
    language: str | None
    provider: str


class Result(ItemFacts):
    open_url: str | None = Field(description="Opens the item at the passage.")
    skills: list[FoundSkill]
    passage: FoundPassage
    also: list[OtherItem] = Field(
        description="Items that are the same work as this one and are folded into it."
    )
    score: float
    explain: list[str] | None = Field(description="Where asked for: why it stands here.")


class Bucket(Model):
    key: str
    label: str
    doc_count: int = Field(description="Items, not passages.")


class Metadata(Model):
    aggregations: dict[str, list[Bucket]]
    did_you_mean: str | None = Field(
        description="What was searched for, where words of `q` stand nowhere and others are near."
    )
    fits: bool = Field(
        description="False: nothing has the words of `q` or means nearly that; these are nearest."
    )
    skills: list[FoundSkill] = Field(description="Skills that `q` names or means, surest first.")


class SearchAnswer(Model):
    count: int = Field(description="Works: items that are the same work count once.")
    count_is_exact: bool = Field(
        description="False: more items exist than were ranked, and it counts those ranked."
    )
    next: str | None = Field(description="Address of the next results.")
    previous: str | None = Field(description="Address of the results before; not with a cursor.")
    cursor: str | None = Field(description="Continues this answer, whatever changes meanwhile.")
    results: list[Result]
    metadata: Metadata


class QuotedEvidence(Model):
    quote: str = Field(description="The words that speak for the skill.")
    passage: str = Field(description="The passage in which they stand.")
    start: int = Field(description="Where in `passage` the quote begins, in characters.")
    heading: str
    locator: Location | None


class ItemTag(FoundSkill):
    level: Level | None = Field(description="How well it is known after, where the text says so.")
    standing: Standing
    method: Method
    reviewed_by: str | None
    evidence: list[QuotedEvidence]


class Aspect(Model):
    name: str
    value: float = Field(description="From 0 (poor) to 1 (good).")
    reason: str


class QualityAnswer(Model):
    """How good the item looks from outside; none of it judges what it says."""

    value: float = Field(description="From 0 to 1; 0 where the link is dead.")
    aspects: list[Aspect]


class ItemAnswer(ItemFacts):
    state: ItemState
    authors: list[str]
    subjects: list[str]
    licence: str
    cost: float | None
    currency: str
    image: str | None
    first_seen: datetime
    last_changed: datetime
    sequence: int = Field(description="The number of the catalogue's change that made it so.")
    also: list[OtherItem] = Field(description="Items that are the same work.")
    translations: list[OtherItem] = Field(description="The same work in other languages.")
    quality: QualityAnswer
    tags: list[ItemTag]


Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class NewReview(Model):
    skill: str = Field(max_length=500, description="A URI, its UUID, or a label.")
    verdict: Verdict
    why: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    who: Line = Field("", description="Whose word it is. A key's own name stands for itself.")


class ReviewAnswer(Model):
    skill: SkillName
    verdict: Verdict
    who: str
    why: str
    at: datetime


class SkillAnswer(SkillName):
    alternatives: list[str]
    description: str
    groups: list[str]
    kind: str


class FoundSkillAnswer(SkillAnswer):
    score: float | None = Field(description="Cosine; `null` where a label begins as asked.")


class SkillsAnswer(Model):
    count: int
    results: list[FoundSkillAnswer]
