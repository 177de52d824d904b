"""Which skills an item teaches, how surely, and where it says so."""

from collections.abc import Sequence
from pathlib import Path

from catalogue.model import Draft, Passage, Tag
from config.taxonomy import Taxonomy
from enrichment.encoder import Encoder, Vectors


class Tagger:
    """Tags items with the skills of one taxonomy."""

    def __init__(self, taxonomy: Taxonomy, encoder: Encoder, cache: Path) -> None:
        self.version = f"{taxonomy.version}:{encoder.id}"

    def tag(self, draft: Draft, passages: Sequence[Passage], vectors: Vectors) -> tuple[Tag, ...]:
        """The likeliest skills first. `vectors` has one row for each passage."""
        return ()
