"""Which generations of the index may be searched with which encoder."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from catalogue.hashing import content_hash
from index.points import SCHEMA

_NAME = re.compile(r"[0-9a-f]{12}-(?P<build>[0-9]+)")


@dataclass(frozen=True, slots=True)
class Identity:
    """What an index was made with: any difference makes it another index, never a mixture.

    `encoder` is the encoder's id, `passages` the version of how texts are cut.
    """

    encoder: str
    dimensions: int
    passages: str

    @property
    def stem(self) -> str:
        """First part of a generation's name: 12 hexadecimal digits."""
        made_with = [self.encoder, self.dimensions, self.passages, SCHEMA]
        return content_hash(made_with).split(":")[1][:12]


def next_name(ready: Sequence[str], identity: Identity) -> str:
    return f"{identity.stem}-{max(map(build_number, ready), default=0) + 1}"


def build_number(name: str) -> int:
    found = _NAME.fullmatch(name)
    return int(found["build"]) if found else 0


def is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None
