"""Files into text that keeps its places: pages, slides, sheets, anchors.

`Reader` reads in a process of its own, so that a file that hangs or crashes costs itself alone.
"""

from connectors.extract.document import Document, drafted, from_json, to_json
from connectors.extract.formats import MIME_SUFFIXES, format_of
from connectors.extract.process import Reader
from connectors.extract.web import plain

__all__ = [
    "MIME_SUFFIXES",
    "Document",
    "Reader",
    "drafted",
    "format_of",
    "from_json",
    "plain",
    "to_json",
]
