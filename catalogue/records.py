"""What the store takes in and hands out besides items. Values only."""

from dataclasses import dataclass
from datetime import datetime

from catalogue.model import Draft, Enrichment, Payload, Stage


@dataclass(frozen=True, slots=True)
class Source:
    """A source as the catalogue knows it.

    `fingerprint` stands for the connector and its settings: when it changes, the approval lapses
    and the cursor starts again from the beginning. `publish` shows new items at once; otherwise
    each waits for a person. Tags with at least probability `threshold` take effect by themselves.
    `visibility`, `language` and `provider` hold for items that say nothing of their own.
    """

    name: str
    connector: str
    owner: str = ""
    fingerprint: str = ""
    publish: bool = True
    threshold: float = 0.5
    visibility: tuple[str, ...] = ("public",)
    language: str | None = None
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """A vanishing too large to believe: `keys` of `live` items, waiting for a person."""

    source: str
    keys: frozenset[str]
    since: datetime
    live: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """An item its source has just shown, and how it was read."""

    key: str
    payload: Payload
    draft: Draft


@dataclass(frozen=True, slots=True)
class ItemFailure:
    """An item that could not be fetched or read. `error` is the error's class name.

    `payload` is what was fetched, where anything was: a better reader can be tried on it later.
    """

    key: str
    stage: Stage
    error: str
    message: str
    payload: Payload | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What one checkpoint stores.

    `seen` is None unless the source has just been listed completely and without error; then it
    holds every key of the listing, and what is not in it has vanished. `kept` counts the items of
    which the source said, without showing them again, that they are as they were.
    """

    found: tuple[Arrival, ...] = ()
    failures: tuple[ItemFailure, ...] = ()
    gone: frozenset[str] = frozenset()
    seen: frozenset[str] | None = None
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Enriched:
    """An enrichment on its way to item `item_id`, made from the text with hash `model_hash`."""

    item_id: int
    model_hash: str
    enrichment: Enrichment


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A word of a source that no vocabulary of ours knows; `example` is one of its `items`."""

    source: str
    field: str
    word: str
    items: int
    example: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Something a person decided besides a review of a tag. `key` is "" for a whole source."""

    source: str
    key: str
    action: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Who calls, and which groups' content they may see. The key itself is not kept."""

    name: str
    groups: tuple[str, ...]
    created: datetime
