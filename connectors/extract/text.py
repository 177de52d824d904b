"""Plain text and reStructuredText by underlined heading."""

import codecs
import re
from collections.abc import Iterator
from itertools import pairwise

from catalogue.errors import BadItem
from catalogue.model import Part
from connectors.extract.document import Document, part

_RULE = re.compile(r"([=\-~*^\"'#+`])\1{2,} *$")
_NO_TITLE = re.compile(r"\W*$|\.\. |:[\w-]+:")  # nothing, a rule, or a directive or field of reST
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read(data: bytes) -> Document:
    """The title is the first line that says something."""
    text = decode(data)
    titles = (line.strip() for line in text.splitlines() if not _NO_TITLE.match(line))
    title = next(titles, "")
    return Document(title=title if len(title) <= 150 else "", parts=tuple(sections(text)))


def decode(data: bytes, named: str | None = None) -> str:
    """Text by its byte order mark, else as UTF-8, else as `named`, else as Windows' Latin 1.

    Raises BadItem for bytes that are no text.
    """
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if not marked and b"\x00" in data:
        raise BadItem("is no text: it has zero bytes")
    for encoding in filter(None, (marked, "utf-8", named)):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")


def sections(text: str) -> Iterator[Part]:
    """The text under each line that has a rule below it and nothing, or a rule, above."""
    lines = ["", *text.splitlines(), ""]
    starts = [n for n in range(1, len(lines) - 1) if _is_heading(*lines[n - 1 : n + 2])]
    yield part("\n".join(lines[: starts[0]] if starts else lines))
    for start, end in pairwise([*starts, len(lines)]):
        yield part("\n".join(lines[start + 2 : end]), heading=lines[start])


def _is_heading(above: str, line: str, below: str) -> bool:
    if not _RULE.match(below) or not any(c.isalpha() for c in line) or len(line) > 150:
        return False
    return len(below) >= len(line.rstrip()) - 2 and (
        not above.strip() or _RULE.match(above) is not None
    )
