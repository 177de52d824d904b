"""Search over a live index, on every engine."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from catalogue.errors import BadRequest
from catalogue.model import Delivery, Kind, Level, Place
from config.taxonomy import Skill, Taxonomy
from index.bounds import check
from index.depots import Depot
from index.live import LiveIndex
from index.search import (
    FacetName,
    Filters,
    Searcher,
    SearchRequest,
    SearchResult,
    SkillMatch,
)
from tests.index.shelf import IDENTITY, START, Shelf, embed, item, taught

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect")


@pytest.fixture
def live(depot: Depot, shelf: Shelf) -> Iterator[LiveIndex]:
    with LiveIndex.open(depot, IDENTITY, shelf, shelf) as index:
        yield index


TAXONOMY = Taxonomy("tiny", "1", [Skill("s:pack", "package software")])


@pytest.fixture
def searcher(live: LiveIndex) -> Searcher:
    return Searcher(live, embed, TAXONOMY)


@pytest.fixture(scope="module")
def stocked(shared_depot: Depot) -> Iterator[Searcher]:
    """A searcher over three items that no test changes."""
    shelf = Shelf()
    stock(shelf)
    with LiveIndex.open(shared_depot, IDENTITY, shelf, shelf) as live:
        live.refresh()
        yield Searcher(live, embed, TAXONOMY)


def stock(shelf: Shelf) -> None:
    shelf.put(
        item(
            1,
            "Maintainer's handbook",
            kind=Kind.MANUAL,
            level=Level.ADVANCED,
            language="en",
            provider="Debian",
            delivery=Delivery.SELF_PACED,
            duration=3600,
            cost=0.0,
            summary="All about packages",
            tags=(taught("s:pack", 0.9), taught("s:sign", 0.4)),
        ),
        "how packages are built from source",
        "how packages are signed with a key",
    )
    shelf.put(
        item(2, "Baking", kind=Kind.VIDEO, language="de", cost=9.0, tags=(taught("s:bake", 0.8),)),
        "Brot und Brötchen werden gebacken",
    )
    shelf.put(
        item(3, "Packing parcels", kind=Kind.COURSE, language="en", tags=(taught("s:pack", 0.5),)),
        "tape a parcel and send it",
        groups=("staff",),
    )


def asked(searcher: Searcher, text: str = "", **fields: object) -> SearchResult:
    filters = Filters(**fields)  # type: ignore[arg-type]
    return searcher.search(SearchRequest(groups=("staff",), text=text, filters=filters))


def ids(result: SearchResult) -> list[int]:
    return [hit.item.id for hit in result.hits]


class TestAnswer:
    def test_a_hit_is_the_item_at_its_best_passage(self, stocked: Searcher) -> None:
        hit = asked(stocked, "signing packages with keys").hits[0]
        assert (hit.item.id, hit.item.title) == (1, "Maintainer's handbook")
        assert (hit.item.level, hit.item.free) == (Level.ADVANCED, True)
        assert hit.passage.number == 1
        assert hit.passage.locator is not None
        assert (hit.passage.locator.place, hit.passage.locator.value) == (Place.PAGE, "2")
        assert hit.open_url == "https://x.example/1#page=2"
        marked = [hit.passage.text[start:end] for start, end in hit.passage.highlights]
        assert marked == ["packages", "signed", "key"]

    def test_skills_carry_their_labels(self, stocked: Searcher) -> None:
        [hit] = asked(stocked, kinds=(Kind.MANUAL,)).hits
        assert [(s.id, s.label, s.probability) for s in hit.item.skills] == [
            ("s:pack", "package software", 0.9),
            ("s:sign", "s:sign", 0.4),
        ]

    def test_words_are_stemmed_in_the_text_s_own_language(self, stocked: Searcher) -> None:
        hit = asked(stocked, "Brot backen").hits[0]
        assert hit.item.id == 2
        assert hit.passage.text[slice(*hit.passage.highlights[0])] == "Brot"

    def test_an_explanation_names_each_signal(self, stocked: Searcher) -> None:
        request = SearchRequest(groups=(), text="handbook packages", explain=True)
        [hit, *_] = stocked.search(request).hits
        assert {line.split(":")[0] for line in hit.explanation[:-1]} == {
            "means the same",
            "has the words",
            "has the words in its title or subjects",
            "is recent",
            "is well described",
        }
        given = [float(re.search(r"[+-][0-9.]+", line)[0]) for line in hit.explanation[:-1]]  # type: ignore[index]
        assert sum(given) == pytest.approx(hit.score, abs=0.02)
        assert hit.explanation[-1] == f"together: {hit.score:.2f}"
        assert hit.title_highlights == ((13, 21),)
        assert stocked.search(replace(request, explain=False)).hits[0].explanation == ()

    def test_without_a_text_the_newest_come_first(self, stocked: Searcher) -> None:
        result = asked(stocked)
        assert ids(result) == [3, 2, 1]
        assert (result.total, result.total_is_exact) == (3, True)

    @pytest.mark.parametrize("text", ["", "packages"])
    def test_nobody_sees_what_is_not_for_their_groups(self, stocked: Searcher, text: str) -> None:
        facets = tuple(FacetName)
        public = stocked.search(SearchRequest(groups=(), text=text, facets=facets))
        assert set(ids(public)) == {1, 2}
        assert public.total == 2
        kinds = {value.value for value in public.facets[list(facets).index(FacetName.KIND)].values}
        assert kinds == {"manual", "video"}
        operator = stocked.search(SearchRequest(groups=None, text=text))
        assert set(ids(operator)) == {1, 2, 3}

    def test_a_text_of_signs_alone_is_answered_by_meaning(self, stocked: Searcher) -> None:
        assert asked(stocked, "?!").total == 3

    def test_a_withdrawn_item_is_not_found(
        self, searcher: Searcher, shelf: Shelf, live: LiveIndex
    ) -> None:
        stock(shelf)
        live.refresh()
        assert 1 in ids(asked(searcher, "packages"))
        shelf.withdraw(item(1).key)
        live.refresh()
        assert 1 not in ids(asked(searcher, "packages"))


# One table and one stocked index: making an index costs more than asking it forty times.
FILTERS: list[tuple[dict[str, object], set[int]]] = [
    ({"skills": ("s:pack",)}, {1, 3}),
    ({"skills": ("s:pack",), "min_probability": 0.6}, {1}),
    ({"skills": ("s:sign", "s:bake")}, {1, 2}),
    ({"skills": ("s:sign", "s:bake"), "min_probability": 0.6}, {2}),
    ({"skills": ("s:sign", "s:pack"), "skill_match": SkillMatch.ALL}, {1}),
    (
        {
            "skills": ("s:sign", "s:pack"),
            "skill_match": SkillMatch.ALL,
            "min_probability": 0.5,
        },
        set(),
    ),
    ({"kinds": (Kind.VIDEO, Kind.COURSE)}, {2, 3}),
    ({"levels": (Level.ADVANCED,)}, {1}),
    ({"languages": ("DE",)}, {2}),
    ({"providers": ("Debian",)}, {1}),
    ({"sources": ("docs",)}, {1, 2, 3}),
    ({"sources": ("elsewhere",)}, set()),
    ({"deliveries": (Delivery.SELF_PACED,)}, {1}),
    ({"max_duration": 3600}, {1}),
    ({"max_duration": 3599}, set()),
    ({"free": True}, {1}),
    ({"free": False}, {2}),
    ({"published_since": START + timedelta(days=2)}, {2, 3}),
    ({"updated_since": START}, set()),
    ({"kinds": (Kind.MANUAL,), "languages": ("de",)}, set()),
]


@pytest.mark.parametrize("text", ["", "packages"])
def test_filters(stocked: Searcher, text: str) -> None:
    for filters, expected in FILTERS:
        result = asked(stocked, text, **filters)
        assert set(ids(result)) == expected, filters
        assert (result.total, result.total_is_exact) == (len(expected), True), filters


@pytest.mark.parametrize("text", ["", "packages"])
def test_a_facet_ignores_its_own_filter_and_counts_items(stocked: Searcher, text: str) -> None:
    request = SearchRequest(
        groups=None,
        text=text,
        filters=Filters(kinds=(Kind.MANUAL,)),
        facets=(FacetName.KIND, FacetName.SKILL),
    )
    kinds, skills = stocked.search(request).facets
    assert {v.value: v.count for v in kinds.values} == {"manual": 1, "video": 1, "course": 1}
    assert [(v.value, v.label, v.count) for v in skills.values] == [
        ("s:pack", "package software", 1),
        ("s:sign", "s:sign", 1),
    ]


@pytest.mark.parametrize("text", ["", "common words"])
def test_a_cursor_leads_to_every_item_once(
    searcher: Searcher, shelf: Shelf, live: LiveIndex, text: str
) -> None:
    for number in range(1, 31):
        shelf.put(item(number), f"common words {number}", f"more words {number}", "common")
    live.refresh()
    request = SearchRequest(groups=(), text=text, limit=7)
    pages = list(_pages(searcher, request))
    assert [len(page.hits) for page in pages] == [7, 7, 7, 7, 2]
    assert sorted(id for page in pages for id in ids(page)) == list(range(1, 31))
    direct = searcher.search(replace(request, offset=7))
    assert ids(direct) == ids(pages[1])


@pytest.mark.parametrize("text", ["", "common words"])
def test_writing_between_pages_shows_nothing_twice(
    searcher: Searcher, shelf: Shelf, live: LiveIndex, text: str
) -> None:
    for number in range(1, 21):
        shelf.put(item(number), f"common words {number}")
    live.refresh()
    shown: list[int] = []
    for page in _pages(searcher, SearchRequest(groups=(), text=text, limit=6)):
        shown += ids(page)
        fresh = 100 + len(shown)
        shelf.put(item(fresh), "common words")
        live.refresh()
    assert len(shown) == len(set(shown))
    assert set(range(1, 21)) <= set(shown)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"limit": 0}, "limit must lie between 1 and 100"),
        ({"limit": 101}, "limit must lie between 1 and 100"),
        ({"offset": -1}, "offset must not be negative"),
        ({"offset": 990}, "go on with the answer's next_cursor"),
        ({"text": "x" * 10_001}, "at most 10000 characters"),
        ({"facet_limit": 0}, "facet_limit"),
        ({"cursor": "AAAA", "offset": 1}, "leave out offset"),
        ({"filters": Filters(min_probability=1.5)}, "min_probability"),
    ],
)
def test_a_question_out_of_bounds_is_refused(fields: dict[str, object], told: str) -> None:
    with pytest.raises(BadRequest, match=told):
        check(SearchRequest(groups=(), **fields))  # type: ignore[arg-type]


def test_a_cursor_belongs_to_its_question(
    searcher: Searcher, shelf: Shelf, live: LiveIndex
) -> None:
    for number in range(1, 4):
        shelf.put(item(number), f"words {number}")
    live.refresh()
    request = SearchRequest(groups=(), text="words", limit=1)
    cursor = searcher.search(request).next_cursor
    for other in (
        replace(request, text="other"),
        replace(request, groups=("staff",)),
        replace(request, filters=Filters(free=True)),
    ):
        with pytest.raises(BadRequest, match="another search"):
            searcher.search(replace(other, cursor=cursor))
    for damaged in (f"{cursor}AAAA", "not a cursor", "ÄÖ", "A"):
        with pytest.raises(BadRequest, match="damaged"):
            searcher.search(replace(request, cursor=damaged))


def test_one_long_manual_does_not_crowd_out_the_rest(
    searcher: Searcher, shelf: Shelf, live: LiveIndex
) -> None:
    shelf.put(item(1), *(f"the same words {n}" for n in range(250)))
    for number in range(2, 6):
        shelf.put(item(number), "the words and quite some others besides")
    live.refresh()
    result = searcher.search(SearchRequest(groups=(), text="the same words"))
    assert ids(result)[0] == 1
    assert set(ids(result)) == {1, 2, 3, 4, 5}


def _pages(searcher: Searcher, request: SearchRequest) -> Iterator[SearchResult]:
    while True:
        page = searcher.search(request)
        yield page
        if page.next_cursor is None:
            return
        request = replace(request, cursor=page.next_cursor)


def test_a_misspelt_word_is_put_right_and_said_so(
    searcher: Searcher, shelf: Shelf, live: LiveIndex
) -> None:
    shelf.put(item(1, "Software for everyone"), "how software is made")
    shelf.put(item(2, "Sofware, the typo"), "secret", groups=("staff",))
    live.refresh()
    found = asked(searcher, "sofware")
    assert found.corrected is None, "an item says so"
    public = searcher.search(SearchRequest(groups=(), text="sofware"))
    assert public.corrected == "software", "what others may see tells nobody anything"
    assert ids(public) == [1]
    assert public.hits[0].title_highlights == ((0, 8),)


def test_what_fits_has_the_words_or_comes_near(
    live: LiveIndex, shelf: Shelf, searcher: Searcher
) -> None:
    shelf.put(item(1, "Boxes"), "parcels and tape")
    live.refresh()
    assert asked(searcher, "parcels").fits
    assert not asked(searcher, "zqxv wrrk").fits
    assert searcher.search(SearchRequest(groups=("staff",), text="parcels")).fits
    assert searcher.search(SearchRequest(groups=None)).fits, "the newest are what was asked for"


def test_an_item_that_teaches_the_skill_stands_above_its_like(
    live: LiveIndex, shelf: Shelf
) -> None:
    shelf.put(item(1, "Parcels"), "boxes and tape")
    shelf.put(item(2, "Parcels", tags=(taught("s:pack", 0.9),)), "boxes and tape")
    live.refresh()
    taxonomy = Taxonomy("tiny", "1", [Skill("s:pack", "package goods")])
    searcher = Searcher(live, embed, taxonomy, lambda text, vector: [("s:pack", 1.0)])
    found = searcher.search(SearchRequest(groups=None, text="shipping", explain=True))
    assert ids(found) == [2, 1]
    assert [(skill.id, skill.label) for skill in found.skills] == [("s:pack", "package goods")]
    assert any(line.startswith("teaches the skill") for line in found.hits[0].explanation)
