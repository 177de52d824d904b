"""Items that are the same work, folded into one hit. The catalogue says which; see docs/adr/0013.

Only the items of a page are asked for their work: reading it of all 300 points that a search ranks
took longer than ranking them. A hit is the item that stands for its work where that one was found
as well, else the best placed of those found: filters and visibility decide before folding does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from catalogue.works import file_format
from index.conditions import FIRST, AnyOf, Condition, Conditions, Within
from index.engine import Engine, Payload
from index.filters import conditions
from index.ranking import Candidate
from index.values import AlsoAs, Filters, Hit, SearchRequest

WORK = "cluster"  # the field: id of the item that stands for the work; absent where it is alone
MOST_MEMBERS = 1_000  # of the works of one page
MOST_WORKS = 10_000


@dataclass(frozen=True, slots=True)
class Fold:
    """A work as ranked. `work` is what its items have in common; an item alone is its own."""

    shown: Candidate
    work: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A work as listed by recency: it stands at the `order` of its newest item found."""

    shown: Payload
    order: int


def folded(
    engine: Engine,
    candidates: Sequence[Candidate],
    wanted: int,
    seen: Callable[[str], bool],
    read: Mapping[str, Payload],
) -> list[Fold]:
    """The first `wanted` works in the order of the candidates, without those `seen` already.

    `read` has points whose work is known.
    """
    by_id = {candidate.of: candidate for candidate in candidates}
    found: dict[str, Fold] = {}
    for start in range(0, len(candidates), wanted):
        some = candidates[start : start + wanted]
        unread = [candidate.of for candidate in some if candidate.of not in read]
        known = {**read, **engine.fetch(unread, [WORK])} if unread else read
        for candidate in some:
            work = known.get(candidate.of, {}).get(WORK, candidate.of)
            if work not in found and not seen(work):
                found[work] = Fold(by_id.get(work, candidate), work)
        if len(found) >= wanted:
            break
    return list(found.values())[:wanted]


def listed(engine: Engine, where: Conditions, below: float | None, wanted: int) -> list[Listed]:
    """The newest `wanted` works under `below`; further items of a work are passed over."""
    found: list[Listed] = []
    while len(found) < wanted:
        under: tuple[Condition, ...] = () if below is None else (Within("order", below=below),)
        some = engine.newest((*where, FIRST, *under), wanted)
        members = _members(engine, where, {item[WORK] for item in some if WORK in item})
        for item in some:
            own = members.get(item.get(WORK, ""), [item])
            if own[0]["of"] == item["of"]:
                shown = next((one for one in own if one["of"] == item.get(WORK)), item)
                found.append(Listed(shown, item["order"]))
        if len(some) < wanted:
            break
        below = some[-1]["order"]
    return found[:wanted]


def hidden(engine: Engine, where: Conditions) -> int:
    """How many items that meet the conditions are folded into another one that does."""
    return sum(count - 1 for _, count in engine.facet(WORK, (*where, FIRST), MOST_WORKS))


def with_others(engine: Engine, request: SearchRequest, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Each hit with the other items of its work that this caller may see, whatever the filters."""
    works = {hit.work for hit in hits if hit.work}
    members = _members(engine, conditions(request.groups, Filters()), works)
    return tuple(_with(hit, members.get(hit.work or "", ())) for hit in hits)


def _with(hit: Hit, members: Sequence[Payload]) -> Hit:
    others = tuple(_also(one) for one in members if one["item"] != hit.item.id)
    return replace(hit, also=others) if others else hit


def _members(engine: Engine, where: Conditions, works: set[str]) -> Mapping[str, list[Payload]]:
    """The items of these works that meet the conditions, newest first."""
    found: dict[str, list[Payload]] = {}
    if works:
        of = AnyOf(WORK, tuple(sorted(works)))
        for item in engine.newest((*where, FIRST, of), MOST_MEMBERS):
            found.setdefault(item[WORK], []).append(item)
    return found


def _also(first: Payload) -> AlsoAs:
    url = first.get("url", "")
    return AlsoAs(
        id=first["item"],
        source=first["source"],
        title=first.get("title", ""),
        url=url,
        format=file_format(url),
        language=first.get("language"),
        provider=first.get("provider", ""),
    )
