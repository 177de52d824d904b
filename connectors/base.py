"""The whole contract between a source of learning content and this product.

A connector says what happened at its source (`pull`) and what an item means (`normalise`).
Storing, comparing, retrying, pacing and isolating failures belong to the caller.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Generic, Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel, ConfigDict

from catalogue.model import Cursor, Draft, Payload
from connectors.http import Http


@dataclass(frozen=True, slots=True)
class Found:
    """The item exists, new or not. `key` names it within its source, for ever."""

    key: str
    payload: Payload


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The item exists as it was when last found; nothing was fetched. Counts as seen."""

    key: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The source says that the item was withdrawn."""

    key: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The item exists but could not be fetched; the rest can."""

    key: str
    error: Exception


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything yielded so far may be stored, and `cursor` resumes after it.

    `complete` claims that this run listed every live item of the source, so that whatever was not
    seen has vanished. Claim it only after a full, error-free listing.
    """

    cursor: Cursor
    complete: bool = False


Event = Found | Unchanged | Gone | Failed | Checkpoint


class Config(BaseModel):
    """Base of every connector's settings. Each field is described; secrets are `SecretStr`."""

    model_config = ConfigDict(frozen=True, extra="forbid")


C = TypeVar("C", bound=Config)


class Connector(ABC, Generic[C]):
    """A source of learning content. Construction does no I/O."""

    Config: ClassVar[type[Config]]

    def __init__(self, config: C, http: Http) -> None:
        self.config = config
        self.http = http

    @abstractmethod
    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """Yield what changed since `cursor`, ending with a checkpoint.

        Ranges are closed: showing an item again is free, missing one is not. Raising means that
        the source failed; what was yielded up to the last checkpoint stays.
        """

    @abstractmethod
    def normalise(self, payload: Payload) -> Draft:
        """Read one payload. Pure: no I/O, no clock. Raising means that this item failed."""


@runtime_checkable
class SaysWhatIsLeft(Protocol):
    """A connector whose settings say what fields mean knows which ones they do not mention."""

    def left(self, payload: Payload) -> tuple[str, ...]:
        """The fields of a payload that nothing reads. Pure."""
