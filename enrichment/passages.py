"""Cuts an item into stretches that the encoder reads whole, each with its place."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from catalogue.hashing import text_hash
from catalogue.model import Draft, Locator, Part, Passage, Place
from enrichment.encoder import Pieces

# After a full stop only where a new sentence seems to begin, so that "e.g. this" and "v. 2" hold.
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\W\da-z_])|(?<=[。！？])|\n")
_ABOVE = 120  # characters of title and of heading: a passage is about its text
_SEAM = 2  # pieces kept free, as a text may be cut otherwise than its sentences by themselves
_SPOKEN = 128  # pieces, about 45 s of speech: a hit in a recording should start near its words


def split(draft: Draft, pieces: Pieces) -> tuple[Passage, ...]:
    """The item's passages: first its summary (or title), then its parts in their order.

    Sentences stay whole unless one alone is longer than the encoder reads. Parts of one place are
    read together. `draft` is clean (enrichment.clean).
    """
    stretches = [Part(draft.summary or draft.title or draft.url), *_joined(draft.parts)]
    cut = (piece for part in stretches for piece in _cut(draft.title, part, pieces))
    return tuple(_passage(number, draft.title, part) for number, part in enumerate(cut))


def embedded_text(title: str, heading: str, text: str) -> str:
    """What is encoded for a passage: the passage under its item's title and its heading.

    It ends with `text`, even where the title says the same.
    """
    above = [line for line in dict.fromkeys(map(_shortened, (title, heading))) if line != text]
    return "\n".join(line for line in (*above, text) if line)


def _shortened(line: str) -> str:
    return line if len(line) <= _ABOVE else line[:_ABOVE].rsplit(" ", 1)[0]


def _passage(number: int, title: str, part: Part) -> Passage:
    embedded = embedded_text(title, part.heading, part.text)
    return Passage(number, part.text, embedded, text_hash(embedded), part.locator, part.heading)


def _joined(parts: Iterable[Part]) -> Iterator[Part]:
    """Neighbours of one place, and the lines of one recording, as one part.

    A recording's lines keep their own seconds by being cut again at `_SPOKEN`.
    """
    waiting: list[Part] = []
    for part in parts:
        if waiting and not _belongs(waiting[-1], part, waiting):
            yield _one(waiting)
            waiting = []
        waiting.append(part)
    if waiting:
        yield _one(waiting)


def _belongs(last: Part, part: Part, waiting: Sequence[Part]) -> bool:
    if last.heading != part.heading:
        return False
    if last.locator == part.locator:
        return True
    spoken = _is_spoken(last.locator) and _is_spoken(part.locator)
    # Three quarters of a word is a piece, near enough to decide where a recording is divided.
    return spoken and sum(len(p.text.split()) for p in waiting) < _SPOKEN * 3 / 4


def _is_spoken(locator: Locator | None) -> bool:
    return locator is not None and locator.place is Place.SECOND


def _one(parts: Sequence[Part]) -> Part:
    separator = " " if _is_spoken(parts[0].locator) else "\n"
    return Part(separator.join(p.text for p in parts), parts[0].locator, parts[0].heading)


def _cut(title: str, part: Part, pieces: Pieces) -> Iterator[Part]:
    above = embedded_text(title, part.heading, "")
    room = max(pieces.max_pieces - _SEAM - pieces.count([above])[0], _SEAM)
    spans = sentences(part.text)
    counts = pieces.count([part.text[start:end] for start, end in spans])
    fitting = _fitting(part.text, spans, counts, room, pieces)
    for start, end in _grouped(fitting, room):
        yield Part(part.text[start:end].strip(), part.locator, part.heading)


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence starts and ends, the blanks after it included."""
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    return [(start, end) for start, end in pairwise(ends) if text[start:end].strip()]


Measured = tuple[int, int, int]  # start, end, pieces


def _fitting(
    text: str, spans: Sequence[tuple[int, int]], counts: Sequence[int], room: int, pieces: Pieces
) -> Iterator[Measured]:
    for (start, end), count in zip(spans, counts, strict=True):
        if count <= room:
            yield start, end, count
        else:
            yield from _halved(text, start, end, room, pieces)


def _halved(text: str, start: int, end: int, room: int, pieces: Pieces) -> Iterator[Measured]:
    """A sentence too long to be read, cut at blanks, or anywhere if it has none."""
    count = pieces.count([text[start:end]])[0]
    if count <= room or end - start < 2:
        yield start, end, count
        return
    middle = (start + end) // 2
    blank = text.rfind(" ", start + 1, middle)
    cut = blank + 1 if blank > start + (end - start) // 4 else middle
    yield from _halved(text, start, cut, room, pieces)
    yield from _halved(text, cut, end, room, pieces)


def _grouped(measured: Iterable[Measured], room: int) -> Iterator[tuple[int, int]]:
    """Neighbouring sentences, as many as there is room for."""
    begin, until, used = 0, 0, 0
    for start, end, count in measured:
        if used and used + count > room:
            yield begin, until
            used = 0
        if not used:
            begin = start
        until, used = end, used + max(count, 1)
    if used:
        yield begin, until
