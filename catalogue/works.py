"""Works: items that are the same thing in several formats or places, grouped. Pure.

Relations come from the machine and from people. What a person said of two items holds for good:
the machine never joins what was split, nor splits what was merged.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from catalogue.model import Draft, ItemKey, State

Pair = tuple[int, int]  # two items' ids, the smaller first


class Relation(StrEnum):
    SAME = "same"
    TRANSLATION = "translation"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The machine's word on two items. `score` in [0, 1] says how much speaks for it."""

    relation: Relation
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Link:
    """A judgement with the items it is on."""

    pair: Pair
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Printed:
    """An item as duplicates are looked for: `print` is what its text boiled down to.

    Items that have no number of `marks` in common are not compared.
    """

    item: int
    draft: Draft
    language: str | None
    print: bytes
    marks: frozenset[int] = frozenset()


Compare = Callable[[Printed, Printed], Judgement | None]


@dataclass(frozen=True, slots=True)
class Said:
    """A person's word on two items: the same work, or not. Append-only; the latest one holds."""

    one: ItemKey
    other: ItemKey
    same: bool
    who: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """What choosing a work's representative needs to know of an item."""

    item: int
    state: State
    draft: Draft
    passages: int
    dead: bool = False  # its link


def pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def grouped(
    items: Iterable[int], links: Iterable[Link], said: Mapping[Pair, bool]
) -> list[frozenset[int]]:
    """The works with more than one item. `said` is people's latest word on pairs of items.

    People's pairs come first, then the machine's, likeliest first; a pair that would bring together
    what a person held apart is passed over.
    """
    groups = {item: {item} for item in items}
    apart: defaultdict[int, set[int]] = defaultdict(set)
    for (one, other), same in said.items():
        if not same:
            apart[one].add(other)
            apart[other].add(one)
    together = [each for each, same in sorted(said.items()) if same]
    machine = [link for link in links if link.judgement.relation is Relation.SAME]
    machine.sort(key=lambda link: (-link.judgement.score, link.pair))
    for one, other in (*together, *(link.pair for link in machine)):
        if one in groups and other in groups:
            _join(groups, groups[one], groups[other], apart)
    works = {frozenset(group) for group in groups.values() if len(group) > 1}
    return sorted(works, key=min)


def _join(
    groups: dict[int, set[int]], one: set[int], other: set[int], apart: Mapping[int, set[int]]
) -> None:
    if one is other or any(apart[item] & other for item in one if item in apart):
        return
    one |= other
    for item in other:
        groups[item] = one


def representative(members: Sequence[Member]) -> int:
    """The item that stands for its work: there, published, well described, open, long, first."""
    return max(members, key=_standing).item


def _standing(member: Member) -> tuple[bool, bool, int, int, int, int]:
    """Lengths count in powers of two: formats of one book differ by a few passages."""
    published = member.state is State.PUBLISHED
    openness = _OPENNESS.get(file_format(member.draft.url), 0)
    length = member.passages.bit_length()
    described = _described(member.draft)
    return not member.dead, published, described, openness, length, -member.item


def _described(draft: Draft) -> int:
    """How many of the fields that searchers look at say something."""
    fields = (draft.summary, draft.authors, draft.published, draft.updated, draft.licence)
    return sum(map(bool, (*fields, draft.subjects, draft.image, draft.level, draft.duration)))


_FORMATS = {
    "pdf": "PDF", "epub": "EPUB", "html": "web page", "htm": "web page", "xhtml": "web page",
    "txt": "text", "text": "text", "md": "text", "rst": "text", "docx": "Word", "doc": "Word",
    "odt": "OpenDocument", "pptx": "PowerPoint", "ppt": "PowerPoint", "odp": "OpenDocument",
    "xlsx": "Excel", "mp3": "audio", "m4a": "audio", "ogg": "audio", "mp4": "video",
    "webm": "video", "mobi": "Kindle", "azw3": "Kindle", "zip": "archive",
}  # fmt: skip
_OPENNESS = {"web page": 4, "EPUB": 3, "text": 2, "PDF": 1}
_PACKED = re.compile(r"\.(?:gz|bz2|xz)$", re.I)


def file_format(url: str) -> str:
    """What one opens at the address, in a word: "PDF", "EPUB"; without a telling end "web page"."""
    try:
        path = _PACKED.sub("", urlsplit(url).path)
    except ValueError:
        return "web page"
    end = path.rsplit("/", 1)[-1].rpartition(".")
    return _FORMATS.get(end[2].lower(), "web page") if end[1] else "web page"
