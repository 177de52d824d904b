"""Which generations of the index may be searched with which encoder."""

from dataclasses import dataclass

from catalogue.hashing import content_hash
from index.points import SCHEMA


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
