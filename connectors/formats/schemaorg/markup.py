"""What an element says to a reader: text by lines, or the value an attribute holds."""

import re
from typing import Any

from connectors.extract.document import tidy

_BLOCK = re.compile(
    r"address|article|aside|blockquote|br|caption|dd|details|div|dl|dt|fieldset|figcaption|figure"
    r"|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|td|th|tr|ul"
)
_SILENT = frozenset({"script", "style", "template", "noscript"})


def text_of(element: Any) -> str:
    """The element's text, each block on lines of its own."""
    from lxml import etree

    pieces: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, inner in walk:
        block = isinstance(inner.tag, str) and _BLOCK.fullmatch(inner.tag)
        if event == "start" and inner.tag in _SILENT:
            walk.skip_subtree()
        elif event == "start":
            pieces.append(("\n" if block else "") + _spaced(inner.text))
        elif block:
            pieces.append("\n")
        if event != "start" and inner is not element:
            pieces.append(_spaced(inner.tail))
    return tidy("".join(pieces))


def _spaced(text: str | None) -> str:
    return (text or "").replace("\n", " ").replace("\r", " ")
