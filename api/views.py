"""What the search page shows, ready for its template: texts, places and addresses. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from api.parameters import NAMED, SearchParameters
from api.places import Piece, followable, pieces, spoken_duration, spoken_place
from index.search import WINDOW, Facet, FacetName, FoundItem, Hit, SearchResult

Query = tuple[tuple[str, str], ...]

SHOWN_FACETS = (
    FacetName.KIND,
    FacetName.LEVEL,
    FacetName.SKILL,
    FacetName.LANGUAGE,
    FacetName.PROVIDER,
    FacetName.SOURCE,
)
PASSAGE_WIDTH = 360  # characters: about four lines
SKILLS_SHOWN = 6
ALSO_SHOWN = 6
DURATIONS = (
    (900, "up to 15 min"),
    (3600, "up to 1 h"),
    (14400, "up to 4 h"),
    (86400, "up to 24 h"),
)

_TITLES = {
    FacetName.KIND: "Type",
    FacetName.LEVEL: "Level",
    FacetName.SKILL: "Skill",
    FacetName.LANGUAGE: "Language",
    FacetName.PROVIDER: "Provider",
    FacetName.SOURCE: "Source",
}
_LANGUAGES = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hu": "Hungarian",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish",
    "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
_PAGING = ("offset", "cursor")


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that sets a filter, or takes it away where `chosen`."""

    label: str
    href: str
    chosen: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ShownHit:
    number: int
    title: tuple[Piece, ...]
    href: str | None
    facts: tuple[str, ...]
    heading: str
    place: str
    passage: tuple[Piece, ...]
    skills: tuple[Choice, ...]
    more_skills: int
    also: tuple[Choice, ...]
    explanation: tuple[str, ...]


def language_name(tag: str) -> str:
    primary, _, region = tag.partition("-")
    name = _LANGUAGES.get(primary.lower())
    return tag if name is None else f"{name} ({region})" if region else name


def address(query: Iterable[tuple[str, str]]) -> str:
    return "/?" + urlencode(list(query))


def toggled(query: Query, name: str, value: str) -> str:
    """The first page of the same search with the filter, or without it where it was set."""
    rest = tuple(pair for pair in query if pair[0] not in _PAGING)
    set_already = (name, value) in rest
    return address(
        [p for p in rest if p != (name, value)] if set_already else [*rest, (name, value)]
    )


def replaced(query: Query, name: str, value: str | None) -> str:
    """The first page of the same search with only this value of `name`, or none."""
    rest = [pair for pair in query if pair[0] not in (*_PAGING, name)]
    return address([*rest, (name, value)] if value is not None else rest)


def facet_groups(query: Query, facets: Iterable[Facet]) -> list[Group]:
    """The choices of each facet that has any, the chosen ones first."""
    groups = []
    for facet in sorted(facets, key=lambda facet: SHOWN_FACETS.index(facet.name)):
        name = NAMED[facet.name].value
        choices = [
            Choice(
                spoken(facet.name, v.value, v.label),
                toggled(query, name, v.value),
                (name, v.value) in query,
                v.count,
            )
            for v in facet.values
        ]
        choices.sort(key=lambda choice: not choice.chosen)
        groups.append(Group(_TITLES[facet.name], tuple(choices)))
    return [group for group in groups if group.choices]


def spoken(name: FacetName, value: str, label: str) -> str:
    match name:
        case FacetName.LANGUAGE:
            return language_name(value)
        case FacetName.KIND | FacetName.LEVEL:
            return value.capitalize()
    return label


def duration_group(query: Query) -> Group:
    chosen = dict(query).get("max_duration")
    choices = (
        Choice(
            label,
            replaced(query, "max_duration", None if chosen == str(seconds) else str(seconds)),
            chosen == str(seconds),
        )
        for seconds, label in DURATIONS
    )
    return Group("Duration", tuple(choices))


def chosen_filters(query: Query, labels: dict[str, str]) -> list[Choice]:
    """Every filter in force, as links that take it away. `labels` names skills by URI."""
    quiet = {"q", "limit", "sortby", "explain", "aggregations", "skill_match", *_PAGING}
    return [
        Choice(_filter_label(name, value, labels), toggled(query, name, value), chosen=True)
        for name, value in dict.fromkeys(query)
        if name not in quiet
    ]


def _filter_label(name: str, value: str, labels: dict[str, str]) -> str:
    match name:
        case "skill":
            return labels.get(value, value)
        case "language":
            return language_name(value)
        case "max_duration":
            spoken = spoken_duration(int(value)) if value.isdecimal() else value
            return f"up to {spoken}"
        case "free":
            return "Free" if value.lower() in ("true", "1", "yes", "on", "t", "y") else "Not free"
        case "resource_type" | "level" | "delivery":
            return value.capitalize()
        case "source" | "provider":
            return value
    return f"{name.replace('_', ' ')}: {value}"


def shown(query: Query, hits: Iterable[Hit]) -> list[ShownHit]:
    return [_hit(query, hit) for hit in hits]


def _hit(query: Query, hit: Hit) -> ShownHit:
    skills = hit.item.skills[:SKILLS_SHOWN]
    return ShownHit(
        number=hit.item.id,
        title=tuple(pieces(hit.item.title, hit.title_highlights)),
        href=followable(hit.open_url),
        facts=facts(hit.item),
        heading=hit.passage.heading,
        place=spoken_place(hit.passage.locator),
        passage=tuple(pieces(hit.passage.text, hit.passage.highlights, PASSAGE_WIDTH)),
        skills=tuple(
            Choice(s.label, toggled(query, "skill", s.id), ("skill", s.id) in query) for s in skills
        ),
        more_skills=len(hit.item.skills) - len(skills),
        also=also(hit),
        explanation=hit.explanation,
    )


def also(hit: Hit) -> tuple[Choice, ...]:
    """The other items of the work by their formats, and by who has them where another does."""
    return tuple(
        Choice(
            f"{one.format} ({one.provider})"
            if one.provider and one.provider != hit.item.provider
            else one.format,
            followable(one.url) or f"/items/{one.id}",
        )
        for one in hit.also[:ALSO_SHOWN]
    )


def facts(item: FoundItem) -> tuple[str, ...]:
    """What one wants to know before opening it, shortest words first."""
    told = (
        item.level.capitalize() if item.level else "",
        spoken_duration(item.duration),
        language_name(item.language) if item.language else "",
        item.delivery.capitalize() if item.delivery else "",
        {True: "Free", False: "Not free", None: ""}[item.free],
        item.provider,
        str(item.published.year) if item.published else "",
        "Link is dead" if item.dead else "",
    )
    return (item.kind.capitalize(), *(text for text in told if text))


def pages(query: Query, asked: SearchParameters, result: SearchResult) -> tuple[str, str]:
    """The addresses of the page before and the page after; "" where there is none."""
    rest = [pair for pair in query if pair[0] not in _PAGING]
    after = asked.offset + len(result.hits)
    more = result.next_cursor is not None and after + asked.limit <= WINDOW
    before = max(0, asked.offset - asked.limit)
    return (
        address([*rest, ("offset", str(before))]) if asked.offset else "",
        address([*rest, ("offset", str(after))]) if more else "",
    )


def own_words(query: Query, keep: Sequence[str]) -> Query:
    """The parameters a form must carry along in hidden fields."""
    return tuple(pair for pair in query if pair[0] not in (*_PAGING, *keep))
