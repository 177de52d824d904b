"""The tree of this product's errors, named for what the caller does next.

SkillshelfError
├── TryLater            the other side is down, busy or asks us to slow down
├── NeedsPerson         retrying changes nothing until somebody acts
│   ├── BadConfig       a setting or a source's description is wrong
│   ├── Busy            another process holds what this one needs
│   └── WrongIndex      the index belongs to another model or schema version; rebuild it
├── BadRequest          the question itself is wrong; ask another one
├── BadItem             one item cannot be read; the others can
└── NotFound            what was asked for does not exist, or not for this caller
"""

from config.errors import BadConfig as BadConfig
from config.errors import NeedsPerson as NeedsPerson
from config.errors import SkillshelfError as SkillshelfError


class TryLater(SkillshelfError):
    """The next attempt may succeed; not before `retry_after` seconds, where known."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Busy(NeedsPerson):
    """Another process holds the source, the index or the data folder."""


class WrongIndex(NeedsPerson):
    """The index was made by another encoder or schema version."""


class BadRequest(SkillshelfError):
    """What was asked cannot be answered as it stands. The text says what to change."""


class BadItem(SkillshelfError):
    """One item cannot be read; the others can."""


class NotFound(SkillshelfError):
    """There is no such thing, or the caller may not learn that there is."""
