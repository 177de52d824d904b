"""What is said in a recording and when, each line once and without its dress."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from catalogue.model import Json
from connectors.extract.document import tidy

_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<\d[\d:.]*>|\{\\[^{}]*\}")
_BREAK = re.compile(r"\[br\]|<br\s*/?>", re.IGNORECASE)
# At the head of a line: `>> ALICE:` or a dash for a new speaker, `[music]`; alone: `(laughter)`.
_TURN = re.compile(r"\A(?:>>+\s*(?:[A-Z][A-Z .'-]{0,30}:)?|[-–—](?=\s|[^\W\d]))\s*")
_ASIDE = re.compile(r"\A\[[^\W\d][^\[\]]{0,60}\]:?\s*|\A\([^()]{0,40}\)\Z|[♪♫]\s*")
_LONGEST = 1_000_000  # seconds; what begins later is a broken time
_SEEN = 0.6  # seconds between two cues that still show the same lines


@dataclass(frozen=True, slots=True)
class Cue:
    """Lines shown from `start` to `end`, in seconds."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Captions:
    """The cues of one recording in their order. `language` is what the file says of itself."""

    cues: tuple[Cue, ...] = ()
    language: str = ""


def to_json(captions: Captions) -> dict[str, Any]:
    cues = [[round(cue.start, 2), round(cue.end, 2), cue.text] for cue in captions.cues]
    return {"cues": cues, "language": captions.language}


def from_json(kept: Json) -> Captions:
    return Captions(tuple(Cue(*cue) for cue in kept.get("cues", ())), kept.get("language", ""))


def spoken(cues: Iterable[Cue]) -> Iterator[Cue]:
    """Each cue's words alone, and of lines that roll up the screen only the new ones."""
    shown: list[str] = []
    until = 0.0
    for cue in sorted((c for c in cues if c.start < _LONGEST), key=lambda cue: cue.start):
        lines = _plain(cue.text)
        fresh = _fresh(shown if cue.start <= until + _SEEN else [], lines)
        if fresh:
            yield replace(cue, text=" ".join(fresh))
        if lines:
            shown, until = lines, cue.end


def _plain(markup: str) -> list[str]:
    """Lines without tags, speakers and sounds."""
    bare = html.unescape(_TAG.sub("", _BREAK.sub("\n", markup)))
    lines = (_ASIDE.sub("", _TURN.sub("", line, 1)) for line in tidy(bare).split("\n"))
    return [line.strip() for line in lines if any(sign.isalnum() for sign in line)]


def _fresh(shown: list[str], lines: list[str]) -> list[str]:
    """The lines without those at their head that are still shown from the cue before."""
    for count in range(min(len(shown), len(lines)), 0, -1):
        if shown[-count:] == lines[:count]:
            return lines[count:]
    if shown and lines and lines[0].startswith(f"{shown[-1]} "):  # live captions, word by word
        return [lines[0][len(shown[-1]) + 1 :], *lines[1:]]
    return lines
