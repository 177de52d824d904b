"""Captions as parts of a length that reads well, cut where sentences end."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from catalogue.model import Locator, Part, Place
from connectors.formats.captioncues import Cue

# Enrichment reads some 96 words of speech as one; a window of that size keeps its own second.
LEAST, MOST = 350, 700  # characters
_SPAN = 120.0  # seconds that a part stretches over, where little is said
_PAUSE = 2.0  # seconds of silence: a new thought, where captions have no full stops
_SENTENCES = re.compile(r"(?<=[.!?…])[\"”’)]*\s+(?=[\"“‘(¿¡]?[^\W\da-z_])|(?<=[。！？])")
_ENDS = re.compile(r"[.!?…。！？][\"”’)]*$")
_WATCH = re.compile(r"(?:www\.|m\.)?youtube(?:-nocookie)?\.com|youtu\.be")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A named stretch of a recording that begins at `start`, in seconds."""

    start: float
    title: str


def spoken(
    cues: Sequence[Cue], at: Callable[[int], str | None], chapters: Sequence[Chapter] = ()
) -> tuple[Part, ...]:
    """Parts with their start second and `at` of it; the chapters are headings.

    Where nothing was said each chapter is a part of its own: its title is all there is to find.
    """
    named = sorted((c for c in chapters if c.title.strip()), key=lambda chapter: chapter.start)
    if not cues:
        return tuple(_part(c.start, c.title, c.title, at) for c in named)
    starts = [chapter.start for chapter in named]

    def chapter(cue: Cue) -> int:
        return bisect_right(starts, cue.start + 0.5) - 1

    return tuple(
        _part(w[0].start, " ".join(c.text for c in w), _title(named, chapter(w[0])), at)
        for w in _windows(_sentences(cues), chapter)
    )


def at_second(url: str, second: int) -> str:
    """The address that plays a recording from there: YouTube's own way, else a media fragment."""
    parts = urlsplit(url)
    if not _WATCH.fullmatch(parts.hostname or ""):
        return f"{url.partition('#')[0]}#t={second}"
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "t"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("t", f"{second}s")]), fragment=""))


def _part(start: float, text: str, heading: str, at: Callable[[int], str | None]) -> Part:
    second = int(start)
    return Part(text, Locator(Place.SECOND, str(second), at(second)), heading)


def _title(chapters: Sequence[Chapter], number: int) -> str:
    return chapters[number].title.strip() if number >= 0 else ""


def _sentences(cues: Iterable[Cue]) -> Iterator[Cue]:
    """Cues cut where a sentence ends within; the new one's start is reckoned by its place."""
    for cue in cues:
        place = 0
        for text in filter(None, _SENTENCES.split(cue.text)):
            place = max(cue.text.find(text, place), place)
            start = cue.start + max(cue.end - cue.start, 0) * place / len(cue.text)
            yield Cue(start, cue.end, text)


def _windows(cues: Iterable[Cue], chapter: Callable[[Cue], int]) -> Iterator[list[Cue]]:
    window: list[Cue] = []
    length = 0
    for cue in cues:
        if window and (chapter(cue) != chapter(window[0]) or _is_full(window, cue, length)):
            yield window
            window, length = [], 0
        window.append(cue)
        length += len(cue.text) + 1
    if window:
        yield window


def _is_full(window: Sequence[Cue], cue: Cue, length: int) -> bool:
    """Whether `cue` belongs to the next window, after one of `length` characters."""
    if length + len(cue.text) > MOST or cue.start - window[0].start > _SPAN:
        return True
    ended = _ENDS.search(window[-1].text) or cue.start - window[-1].end >= _PAUSE
    return length >= LEAST and bool(ended)
