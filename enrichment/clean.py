"""Text as sources give it, made fit to read, to cut and to encode."""

import dataclasses
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from catalogue.model import Draft, Part

_UNSEEN = re.compile("[\u200b\u200c\u2060\ufeff\ufff9-\ufffb\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SOFT_HYPHEN = re.compile("\xad(\n[ \t]*)?")
_LINE_HYPHEN = re.compile(r"([^\W\d_])-[ \t]*\n[ \t]*(?=[a-zß-ÿ])")
_BLANKS = re.compile(r"[^\S\n]+")
_LOOSE_ENDS = re.compile(r" ?\n ?")
_EMPTY_LINES = re.compile(r"\n{2,}")
_RUN_ON = re.compile(r"(?<=[\w,;])\n(?=[a-zß-ÿ(])")
_CHROME = re.compile(
    r"(?im)^(skip to (main )?content|(back|return) to top|previous( page)?|next( page)?|share this"
    r"|all rights reserved\.?|zum (seiten)?anfang|zum inhalt springen|page \d+( of \d+)?"
    r"|seite \d+( von \d+)?|\d{1,4}|[-–—•.·*|_= ]+)$\n?"
)
_DIGITS = re.compile(r"\d+")

FURNITURE_SHARE = 0.5  # of an item's parts; a running head of alternating pages reaches it
FURNITURE_PARTS = 4
FURNITURE_LENGTH = 120


def clean(text: str) -> str:
    """Plain text in NFC: one space between words, one newline between paragraphs.

    Words that a page's edge broke are whole again; control characters, invisible marks and the
    lines of page numbers and site chrome are gone.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _UNSEEN.sub("", _CONTROL.sub(" ", _SOFT_HYPHEN.sub("", text)))
    text = _LINE_HYPHEN.sub(r"\1", text)
    text = _LOOSE_ENDS.sub("\n", _BLANKS.sub(" ", text))
    text = _CHROME.sub("", _EMPTY_LINES.sub("\n", text))
    return _RUN_ON.sub(" ", text).strip()


def clean_draft(draft: Draft) -> Draft:
    """The draft with title, summary, headings and parts cleaned; parts left empty are dropped."""
    parts = (_clean_part(part) for part in without_furniture(draft.parts))
    return dataclasses.replace(
        draft,
        title=one_line(draft.title),
        summary=clean(draft.summary),
        parts=tuple(part for part in parts if part.text),
    )


def one_line(text: str) -> str:
    return " ".join(_UNSEEN.sub("", _CONTROL.sub(" ", _SOFT_HYPHEN.sub("", text))).split())


def without_furniture(parts: Sequence[Part]) -> Sequence[Part]:
    """The parts without the running heads and feet that most of them share."""
    if len(parts) < FURNITURE_PARTS:
        return parts
    edges = Counter(line for part in parts for line in set(_edges(part.text)))
    least = max(FURNITURE_PARTS - 1, FURNITURE_SHARE * len(parts))
    furniture = {line for line, count in edges.items() if count >= least}
    return [_stripped(part, furniture) for part in parts] if furniture else parts


def _edges(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if line.strip()]
    return [_shape(line) for line in (*lines[:2], *lines[-2:])] if len(lines) > 2 else []


def _shape(line: str) -> str:
    """A line with its numbers made equal: running heads differ by the page."""
    return _DIGITS.sub("#", " ".join(line.split()))[:FURNITURE_LENGTH]


def _stripped(part: Part, furniture: set[str]) -> Part:
    lines = part.text.splitlines()
    inner = [i for i, line in enumerate(lines) if line.strip() and _shape(line) not in furniture]
    kept = lines[inner[0] : inner[-1] + 1] if inner else []
    return dataclasses.replace(part, text="\n".join(kept))


def _clean_part(part: Part) -> Part:
    return dataclasses.replace(part, text=clean(part.text), heading=one_line(part.heading))
