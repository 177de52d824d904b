"""schema.org as pages write it, in JSON-LD, Microdata or RDFa, and what it says of learning.

The three readers give the same plain objects (`Thing`), which one pure module reads.
"""

from connectors.formats.schemaorg.choice import Described, described
from connectors.formats.schemaorg.drafts import draft
from connectors.formats.schemaorg.things import Thing

__all__ = ["Described", "Thing", "described", "draft"]
