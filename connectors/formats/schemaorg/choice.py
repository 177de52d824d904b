"""Which of a page's things the page is about."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urlsplit

from catalogue.model import Kind
from connectors.formats.links import web_address
from connectors.formats.schemaorg import jsonld, microdata, rdfa
from connectors.formats.schemaorg.things import Thing, inside, text, texts, things, types, values

# From the most to the least telling: a course's page has articles and videos on it as well.
RANKS: tuple[tuple[str, Kind | None], ...] = (
    (r"Course", Kind.COURSE),
    (r"EducationalOccupationalProgram|WorkBasedProgram", Kind.PATH),
    (r"CourseInstance", Kind.COURSE),
    (r"(?!Publication)\w*Event|EventSeries|Hackathon", Kind.SESSION),
    (r"Book|Audiobook", Kind.BOOK),
    (r"HowTo", Kind.ARTICLE),
    (r"LearningResource|Quiz|Syllabus", None),
    (r"APIReference", Kind.MANUAL),
    (r"DiscussionForumPosting|QAPage", Kind.DISCUSSION),
    (r"\w*Article|(Live)?BlogPosting|Report|SocialMediaPosting|Guide", Kind.ARTICLE),
    (r"PodcastEpisode|PodcastSeries|RadioEpisode|AudioObject", Kind.PODCAST),
    (r"VideoObject|Clip", Kind.VIDEO),
    (r"(Presentation|Text|Spreadsheet)?DigitalDocument", Kind.DOCUMENT),
)
_SEVERAL = 4  # ranks of which one page may describe several items
_PAGES = re.compile(r"\w*(?<!QA)Page|WebSite|WebApplication")
_LISTS = re.compile(
    r"(Collection|SearchResults|Contact|Checkout|Profile)Page|ItemList|OfferCatalog"
)
_NOISE = re.compile(
    r"reviews?|comment|aggregateRating|interactionStatistic|potentialAction|speakable|breadcrumb"
    r"|mentions|citation"
)
_MOST_ITEMS = 200  # of one page
_MOST_THINGS, _MOST_CHARACTERS, _DEEPEST = 5_000, 2_000_000, 6  # kept of a page


@dataclass(frozen=True, slots=True)
class Described:
    """What a page describes: one thing mostly, several where it has several courses or events.

    `left_out` says why the page is no item, if it says so itself. `faults` are broken blocks.
    """

    things: tuple[Thing, ...] = ()
    left_out: str = ""
    faults: tuple[str, ...] = ()


def described(root: Any, url: str, base: str, title: str) -> Described:
    """What the page at `url` with this title is about; `base` is what its links are relative to."""
    linked, faults = jsonld.read(root)
    found = [linked, microdata.read(root, base), rdfa.read(root, base)]
    chosen = [_chosen(things_, url, title) for things_ in found]
    best = min(chosen, key=lambda c: _rank(c[0]) if c else len(RANKS))
    if best and all(map(_cancelled, best)):
        return Described(left_out="is cancelled", faults=tuple(faults))
    kinds = [name for one in found for thing in one for name in types(thing)]
    listing = not best and any(map(_LISTS.fullmatch, kinds))
    graph = _graph(found[chosen.index(best)]) if best else {}
    copies = _Copies(graph)
    whole = tuple(copies.whole(thing) for thing in best[:_MOST_ITEMS] if not _cancelled(thing))
    if len(best) > _MOST_ITEMS:
        faults.append(f"{len(best)} items on one page, of which {_MOST_ITEMS} are read")
    return Described(whole, "is a list of other pages" if listing else "", tuple(faults))


def kind_of(thing: Thing) -> Kind | None:
    """The kind that its types say; None where that is left to learningResourceType."""
    kinds = (RANKS[rank][1] for rank in sorted(_ranks(thing)))
    return next(filter(None, kinds), None)


def _ranks(thing: Thing) -> Iterator[int]:
    if values(thing, "learningResourceType"):
        yield next(i for i, (_, kind) in enumerate(RANKS) if kind is None)
    for number, (pattern, _) in enumerate(RANKS):
        if any(re.fullmatch(pattern, name, re.IGNORECASE) for name in types(thing)):
            yield number


def _rank(thing: Thing) -> int:
    return min(_ranks(thing), default=len(RANKS))


def _chosen(found: list[Thing], url: str, title: str) -> list[Thing]:
    """The things of the best rank that the page is about."""
    graph = _graph(found)
    main = {id(thing) for page in found for thing in _main_of(page, graph)}
    candidates = [t for t in _candidates(found, graph) if _rank(t) < len(RANKS)]
    own = [t for t in candidates if id(t) in main or _about(t, url, title)]
    if not own:
        return []
    best = min(map(_rank, own))
    first = {
        text(t, "name", "headline") or str(id(t)): t for t in reversed(own) if _rank(t) == best
    }
    sure = [t for t in first.values() if id(t) in main or _names(t, title)]
    if len(sure) == 1 or len(first) == 1:
        return [_with_dates(t, own) for t in (sure if len(sure) == 1 else first.values())]
    several = [t for t in reversed(first.values()) if texts(t, "name")]
    return [_with_dates(t, own) for t in several] if best < _SEVERAL else []


def _with_dates(thing: Thing, own: list[Thing]) -> Thing:
    """An event with its other dates: pages list them as events of one name."""
    name = text(thing, "name")
    others = [
        t for t in own if t is not thing and text(t, "name") == name and values(t, "startDate")
    ]
    if kind_of(thing) is not Kind.SESSION or not others:
        return thing
    return {**thing, "subEvent": [*things(thing, "subEvent"), thing, *others]}


def _candidates(found: list[Thing], graph: Mapping[str, Thing]) -> Iterator[Thing]:
    """The page's own things, its main ones, and the entries of its lists."""
    for thing in found:
        yield thing
        yield from _main_of(thing, graph)
        for entry in things(thing, "itemListElement"):
            yield from (_resolved(item, graph) for item in things(entry, "item") or [entry])


def _main_of(thing: Thing, graph: Mapping[str, Thing]) -> list[Thing]:
    if not any(map(_PAGES.fullmatch, types(thing))):
        return []
    return [_resolved(main, graph) for main in things(thing, "mainEntity")]


def _about(thing: Thing, url: str, title: str) -> bool:
    """Whether it gives this page as its place, none at all, or bears the page's name."""
    places = [p for name in ("mainEntityOfPage", "url", "@id") for p in _places(thing, name, url)]
    return not places or _same(url) in places or _names(thing, title)


def _places(thing: Thing, name: str, url: str) -> list[str]:
    """Addresses under a name. An @id with a fragment names the thing and no page."""
    own = thing.get("@id", "")
    held = [own] if name == "@id" and not urldefrag(own).fragment else values(thing, name)
    said = (one.get("@id", "") if isinstance(one, dict) else one for one in held)
    texts_ = (one for one in said if isinstance(one, str) and not one.startswith("_:"))
    return [_same(place) for one in texts_ if (place := web_address(url, one))]


def _same(url: str) -> str:
    """What two addresses of one page have in common."""
    parts = urlsplit(url)
    return parts.netloc.removeprefix("www.") + parts.path.rstrip("/") + "?" + parts.query


def _names(thing: Thing, title: str) -> bool:
    name = text(thing, "name", "headline").casefold()
    return len(name) > 3 and name in " ".join(title.casefold().split())


def _cancelled(thing: Thing) -> bool:
    return any("EventCancelled" in status for status in texts(thing, "eventStatus"))


def _graph(found: Iterable[Thing]) -> dict[str, Thing]:
    """Things by their name, the fullest of each."""
    graph: dict[str, Thing] = {}
    for one in (thing for top in found for thing in inside(top) if "@id" in thing):
        if len(one) > len(graph.get(one["@id"], {})):
            graph[one["@id"]] = one
    return graph


def _resolved(thing: Thing, graph: Mapping[str, Thing]) -> Thing:
    return graph.get(thing["@id"], thing) if thing.keys() == {"@id"} else thing


class _Copies:
    """Things with what they refer to in them, and without what says nothing of them. Bounded: a
    small page may refer from everything to everything.
    """

    def __init__(self, graph: Mapping[str, Thing]) -> None:
        self._graph = graph
        self._things, self._characters = _MOST_THINGS, _MOST_CHARACTERS

    def whole(self, thing: Thing, depth: int = 0) -> Thing:
        self._things -= 1
        kept = {n: v for n, v in _resolved(thing, self._graph).items() if not _NOISE.fullmatch(n)}
        return {n: v if n.startswith("@") else list(self._held(v, depth)) for n, v in kept.items()}

    def _held(self, inner: list[Any], depth: int) -> Iterator[Any]:
        for value in inner:
            if not isinstance(value, dict):
                self._characters -= len(str(value))
                if self._characters > 0:
                    yield value
            elif depth < _DEEPEST and self._things > 0:
                yield self.whole(value, depth + 1)
