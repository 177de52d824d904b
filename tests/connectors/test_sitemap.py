"""The sitemap connector: the contract, and what sites do to those who read them."""

import gzip
import json
from collections.abc import Mapping
from typing import Any

import pytest
from requests import PreparedRequest

from catalogue.errors import BadItem, NeedsPerson, TryLater
from catalogue.model import Delivery, Draft, Kind, Level
from connectors.base import Checkpoint, Event, Failed, Found, Gone, Unchanged
from connectors.http import Limits, polite
from connectors.sitemap import Settings, Sitemap
from connectors.testing import Answer, Case, Conformance, served
from connectors.testing.worlds import Server
from tests.connectors import document_makers as make
from tests.connectors.loopback import Said as Sent
from tests.connectors.loopback import loopback
from tests.connectors.sites import sitemap as site

BASE = "https://school.example"


class TestSitemap(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        whole, shrunk, dented = (
            served(site.answers(BASE, world)) for world in ("whole", "shrunk", "dented")
        )
        return Case(Sitemap, site.settings(BASE), whole, shrunk, dented)


def run(server: Server, cursor: Any = None, **more: Any) -> list[Event]:
    with served(server)() as scene:
        config = Settings.model_validate({"url": f"{BASE}/sitemap.xml", **more})
        return list(Sitemap(config, scene.http).pull(json.loads(json.dumps(cursor or {}))))


def last(events: list[Event]) -> Checkpoint:
    assert isinstance(events[-1], Checkpoint)
    return events[-1]


def keys(events: list[Event], kind: type[Event]) -> list[str]:
    return [e.key.removeprefix(BASE) for e in events if isinstance(e, kind)]  # type: ignore[union-attr]


def drafts(events: list[Event]) -> dict[str, Draft]:
    connector = Sitemap(Settings.model_validate({"url": BASE}), polite())
    found = [e for e in events if isinstance(e, Found)]
    return {e.key.removeprefix(BASE): connector.normalise(e.payload) for e in found}


Said = str | Answer
Pages = Mapping[str, Said]


def small(pages: Pages, listed: Mapping[str, str] | None = None) -> Server:
    """A site with these pages in one sitemap; `listed` are paths and the rest of their entries."""
    entries = dict.fromkeys(pages, "") if listed is None else listed

    def server(request: PreparedRequest) -> Answer:
        path = request.path_url.removeprefix("/")
        if path == "sitemap.xml":
            return Answer(site.urlset(BASE, entries))
        said = pages.get(path, Answer(status=404))
        return said if isinstance(said, Answer) else Answer(said)

    return server


def lesson(name: str, head: str = "") -> Said:
    return site.page(
        name, f"<p>All that a beginner needs to know about {name}, and more.</p>", head
    )


def test_every_sort_of_page_is_read() -> None:
    events = run(site.answers(BASE), exclude=["*/imprint"])
    assert sorted(keys(events, Found)) == sorted(f"/{path}" for path in site.ITEMS)
    assert last(events).complete
    kinds = {key: draft.kind for key, draft in drafts(events).items()}
    assert kinds == {
        "/courses/sql-joins": Kind.COURSE,
        "/courses/python-tests": Kind.COURSE,
        "/courses/passwords": Kind.COURSE,
        "/de/kurse/sql-joins": Kind.COURSE,
        "/guides/index-tuning": Kind.ARTICLE,
        "/videos/window-functions": Kind.VIDEO,
        "/events/open-day": Kind.SESSION,
    }


def test_a_course_in_json_ld() -> None:
    course = drafts(run(site.answers(BASE)))["/courses/sql-joins"]
    assert (course.title, course.provider) == ("Joins in SQL", "Harbour Data School")
    assert (course.level, course.duration, course.language) == (Level.BEGINNER, 6 * 3600, "en")
    assert (course.cost, course.currency, course.licence) == (120.0, "EUR", "CC BY 4.0")
    assert course.skills == ("SQL", "relational databases")
    assert course.prerequisites == ("You can write a SELECT.",)
    assert course.delivery is Delivery.INSTRUCTOR_LED
    (session,) = course.sessions
    assert (session.start.isoformat(), session.place) == (
        "2026-03-02T08:00:00+00:00",
        "Pier 3, Hamburg",
    )
    assert course.authors == ("Ida Brandt",)
    assert course.image == f"{BASE}/media/joins.png"
    places = {part.heading: part.locator.url for part in course.parts if part.locator}
    assert places["Inner joins"] == f"{BASE}/courses/sql-joins#inner"


def test_courses_in_microdata_and_rdfa() -> None:
    read = drafts(run(site.answers(BASE)))
    tests, passwords = read["/courses/python-tests"], read["/courses/passwords"]
    assert (tests.duration, tests.cost, tests.level) == (5400, 0.0, Level.INTERMEDIATE)
    assert tests.delivery is Delivery.SELF_PACED
    assert passwords.provider == "Harbour Data School"
    assert passwords.subjects == ("authentication",)
    assert passwords.summary.startswith("Hashing, second factors")


def test_a_video_opens_at_its_scenes() -> None:
    video = drafts(run(site.answers(BASE)))["/videos/window-functions"]
    scenes = [(str(p.locator), p.text) for p in video.parts if p.locator]
    assert scenes == [("second 45", "Running totals"), ("second 210", "Ranking rows")]
    assert video.duration == 598


def test_a_page_without_schema_org_is_read_by_its_head_and_text() -> None:
    guide = drafts(run(site.answers(BASE)))["/guides/index-tuning"]
    assert (guide.title, guide.authors) == ("Tuning with indexes", ("Jonas Falk",))
    assert guide.subjects == ("databases", "performance")
    assert guide.published is not None
    assert "Measure first" in [part.heading for part in guide.parts]


def test_languages_narrow_where_the_sitemap_names_them() -> None:
    found = keys(run(site.answers(BASE), languages=["en"]), Found)
    assert "/de/kurse/sql-joins" not in found
    assert "/courses/sql-joins" in found


def test_only_described_pages_if_so_set() -> None:
    found = keys(run(site.answers(BASE), described_only=True), Found)
    assert "/guides/index-tuning" not in found
    assert "/courses/passwords" in found


def test_include_and_exclude() -> None:
    chosen = {"include": ["/courses/*"], "exclude": ["*passwords"]}
    found = keys(run(site.answers(BASE), **chosen), Found)
    assert found == ["/courses/sql-joins", "/courses/python-tests"]


def test_a_site_without_robots_txt_has_its_sitemap_in_the_usual_place() -> None:
    assert keys(run(site.answers(BASE), url=BASE), Found)
    with pytest.raises(NeedsPerson, match="names no sitemap"):
        run(lambda _: Answer(status=404), url=BASE)


def test_a_real_site_names_its_sitemap_in_robots_txt_and_forbids_pages() -> None:
    http = polite(limits=Limits(spacing_s=0), allow_private=True)
    with loopback() as school:
        base = school.url("").rstrip("/")
        rules = f"User-agent: *\nDisallow: /private\nSiteMap:   {base}/lists/1.xml\n"
        listed = site.urlset(base, {"a": "", "private/b": ""})
        school.answers |= {
            "/robots.txt": Sent(rules.encode()),
            "/lists/1.xml": Sent(gzip.compress(listed.encode())),
            "/a": Sent(str(lesson("anchors")).encode(), headers={"Content-Type": "text/html"}),
        }
        events = list(Sitemap(Settings.model_validate({"url": base}), http).pull({}))
        assert [e.key for e in events if isinstance(e, Found)] == [f"{base}/a"]
        (failed,) = [e for e in events if isinstance(e, Failed)]
        assert "robots.txt" in str(failed.error)
        assert "/private/b" not in school.paths()


def test_what_the_sitemap_calls_unchanged_is_not_asked_for() -> None:
    listed = {"a": "<lastmod>2026-01-01</lastmod>", "b": "<lastmod>2026-01-01</lastmod>"}
    pages = {"a": lesson("anchors"), "b": lesson("bends")}
    cursor = last(run(small(pages, listed))).cursor
    listed["b"] = "<lastmod>2026-02-01</lastmod>"
    with served(small(pages, listed))() as scene:
        config = Settings.model_validate({"url": f"{BASE}/sitemap.xml"})
        events = list(Sitemap(config, scene.http).pull(cursor))
        asked = [r.path_url for r in scene.wire.requests]
    assert asked == ["/sitemap.xml", "/b"]
    assert keys(events, Unchanged) == ["/a"]
    assert keys(events, Found) == ["/b"]
    assert last(events).complete


@pytest.mark.parametrize(("day", "asked"), [("02", True), ("03", False)])
def test_a_page_that_changed_today_may_change_again(day: str, asked: bool) -> None:
    date = {"Date": f"Fri, {day} Jan 2026 10:00:00 GMT"}
    listed = {"a": "<lastmod>2026-01-02</lastmod>"}
    pages = {"a": Answer(lesson("anchors"), headers=date)}
    events = run(small(pages, listed), last(run(small(pages, listed))).cursor)
    assert bool(keys(events, Found)) is asked
    assert bool(keys(events, Unchanged)) is not asked


def test_an_unchanged_page_is_not_sent_again() -> None:
    cursor = last(run(site.answers(BASE), exclude=["*/imprint"])).cursor
    events = run(site.answers(BASE), cursor, exclude=["*/imprint"])
    assert sorted(keys(events, Unchanged)) == sorted(f"/{path}" for path in site.ITEMS)
    assert not keys(events, Found)
    assert not keys(events, Gone)


@pytest.mark.parametrize("status", [404, 410])
def test_a_missing_page_is_gone(status: int) -> None:
    pages = {"a": lesson("anchors"), "b": lesson("bends")}
    cursor = last(run(small(pages))).cursor
    events = run(small({**pages, "b": Answer(status=status)}), cursor)
    assert keys(events, Gone) == ["/b"]
    assert keys(run(small(pages), last(events).cursor), Found) == ["/a", "/b"]


def test_a_page_that_asks_not_to_be_listed_any_more_is_gone() -> None:
    pages = {"a": lesson("anchors"), "b": lesson("bends")}
    cursor = last(run(small(pages))).cursor
    header = Answer(pages["b"], headers={"X-Robots-Tag": "otherbot: noarchive, noindex"})
    assert not keys(run(small({**pages, "b": header}), cursor), Gone)
    header = Answer(pages["b"], headers={"X-Robots-Tag": "noindex, nofollow"})
    events = run(small({**pages, "b": header}), cursor)
    assert keys(events, Gone) == ["/b"]
    assert keys(events, Found) == ["/a"]


def test_a_copy_becomes_an_item_when_its_original_has_gone() -> None:
    canonical = f'<link rel="canonical" href="{BASE}/a">'
    pages = {"a": lesson("anchors"), "b": Answer(lesson("anchors", canonical))}
    first = run(small(pages))
    assert keys(first, Found) == ["/a"]
    later = run(small(pages, {"b": ""}), last(first).cursor)
    assert keys(later, Found) == ["/a"]  # its address stays the one it calls its own


def test_a_canonical_address_that_cannot_be_meant_is_not_followed() -> None:
    front = f'<link rel="canonical" href="{BASE}/">'
    other = '<link rel="canonical" href="https://elsewhere.example/x">'
    pages = {"a": lesson("anchors", front), "b": lesson("bends", other)}
    assert keys(run(small(pages)), Found) == ["/a", "/b"]


def test_redirects_lead_to_the_address_that_counts() -> None:
    moved = Answer(status=301, headers={"Location": "/new"})
    home = Answer(status=302, headers={"Location": "/"})
    pages = {"old": moved, "new": lesson("anchors"), "dead": home, "": lesson("welcome")}
    listed = dict.fromkeys(("old", "dead"), "")
    assert keys(run(small(pages, listed)), Found) == ["/new"]


def test_several_courses_on_one_page_are_items_of_their_own() -> None:
    courses = [{"@type": "Course", "name": n, "description": "x"} for n in ("Knots", "Bends")]
    entries = [{"@type": "ListItem", "position": 1, "item": course} for course in courses]
    markup = site.linked({"@type": "ItemList", "itemListElement": entries})
    events = run(small({"all": site.page("Courses", "<p>All</p>", markup)}))
    read = drafts(events)
    assert list(read) == ["/all#knots", "/all#bends"]
    assert [d.title for d in read.values()] == ["Knots", "Bends"]
    fewer = site.linked({"@type": "ItemList", "itemListElement": entries[:1]})
    later = run(small({"all": site.page("Courses", "<p>All</p>", fewer)}), last(events).cursor)
    assert set(keys(later, Gone)) == {"/all#knots", "/all#bends"} - set(keys(later, Found))


def test_a_list_of_courses_elsewhere_is_no_item() -> None:
    course = {"@type": "Course", "name": "Knots", "url": f"{BASE}/knots"}
    lists = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": course}]}
    page = site.page("Our courses", "<p>All</p>", site.linked(lists))
    assert not keys(run(small({"courses": page})), Found)


def test_a_cancelled_event_is_no_item() -> None:
    status = "https://schema.org/EventCancelled"
    event = {"@type": "Event", "name": "Open day", "eventStatus": status}
    assert not keys(run(small({"e": site.page("Open day", "<p>x</p>", site.linked(event))})), Found)


def test_a_pdf_among_the_pages_is_read_by_page() -> None:
    book = Answer(make.pdf(["On knots", "On bends"]), headers={"Content-Type": "application/pdf"})
    film = Answer(b"\x00\x00", headers={"Content-Type": "video/mp4"})
    read = drafts(run(small({"files/knots.pdf": book, "film.mp4": film})))
    assert list(read) == ["/files/knots.pdf"]
    assert [str(p.locator) for p in read["/files/knots.pdf"].parts] == ["page 1", "page 2"]


def test_too_many_pages_are_reported_and_known_ones_kept() -> None:
    pages = {name: lesson(f"lesson {name}") for name in "abcd"}
    first = run(small(pages, dict.fromkeys("cd", "")), max_pages=2)
    later = run(small(pages), last(first).cursor, max_pages=2)
    assert keys(later, Found) == ["/c", "/d"]
    (failed,) = [e for e in later if isinstance(e, Failed)]
    assert "lists 4 pages, of which 2 are read; raise `max_pages`" in str(failed.error)
    mended = run(small(pages), last(later).cursor, max_pages=4)
    assert keys(mended, Gone) == ["/sitemap.xml"]


def index(sitemaps: Mapping[str, Said], pages: Pages) -> Server:
    places = "".join(f"<sitemap><loc>{BASE}/{name}</loc></sitemap>" for name in sitemaps)

    def server(request: PreparedRequest) -> Answer:
        path = request.path_url.removeprefix("/")
        if path == "sitemap.xml":
            return Answer(f"<sitemapindex>{places}</sitemapindex>")
        said = sitemaps.get(path) or pages.get(path) or Answer(status=404)
        return said if isinstance(said, Answer) else Answer(said)

    return server


@pytest.mark.parametrize(
    "broken",
    [
        Answer(status=404),
        Answer("<html><body>Log in</body></html>"),
        Answer('<!DOCTYPE a [<!ENTITY b "c">]><urlset>&b;</urlset>'),
        Answer(b"\x1f\x8b broken"),
        Answer(status=503),
    ],
)
def test_a_sitemap_that_cannot_be_read_makes_the_listing_incomplete(broken: Answer) -> None:
    pages = {"a": lesson("anchors"), "b": lesson("bends")}
    whole = {"1.xml": site.urlset(BASE, {"a": ""}), "2.xml": site.urlset(BASE, {"b": ""})}
    cursor = last(run(index(whole, pages))).cursor
    events = run(index({**whole, "2.xml": broken}, pages), cursor)
    assert keys(events, Failed) == ["/2.xml"]
    assert not last(events).complete
    assert not keys(events, Gone)
    healed = run(index(whole, pages), last(events).cursor)
    assert keys(healed, Gone) == ["/2.xml"]  # of the sitemap, to take its failure off the list
    assert last(healed).complete


def test_a_sitemap_cut_short_is_read_as_far_as_it_goes() -> None:
    cut = site.urlset(BASE, {"a": "", "b": ""}).partition(f"{BASE}/b")[0]
    events = run(index({"1.xml": cut}, {"a": lesson("anchors")}))
    assert keys(events, Found) == ["/a"]
    assert not last(events).complete


def test_sitemaps_that_list_each_other_are_read_once() -> None:
    around = f"<sitemapindex><sitemap><loc>{BASE}/sitemap.xml</loc></sitemap></sitemapindex>"
    pages = {"a": lesson("anchors")}
    events = run(index({"1.xml": around, "2.xml": site.urlset(BASE, {"a": ""})}, pages))
    assert keys(events, Found) == ["/a"]
    assert last(events).complete


@pytest.mark.parametrize(
    ("server", "error", "message"),
    [
        (small({}, {}), None, ""),
        (lambda _: Answer("<html><body>Hello</body></html>"), NeedsPerson, "is a web page"),
        (lambda _: Answer(status=404), NeedsPerson, "404"),
        (lambda _: Answer(status=503), TryLater, "503"),
    ],
)
def test_what_is_no_sitemap_needs_a_person(
    server: Server, error: type[Exception] | None, message: str
) -> None:
    if error is None:
        assert last(run(server)).complete
        return
    with pytest.raises(error, match=message):
        run(server)


def test_pages_of_other_hosts_only_need_a_person() -> None:
    other = site.urlset("https://other.example", {"a": ""})
    with pytest.raises(NeedsPerson, match=r"pages of other\.example only; add that to `hosts`"):
        run(lambda _: Answer(other))


def test_one_page_that_fails_for_now_costs_itself_alone() -> None:
    pages = {"a": lesson("anchors"), "b": Answer(status=500), "c": lesson("clews")}
    events = run(small(pages))
    assert keys(events, Failed) == ["/b"]
    assert keys(events, Found) == ["/a", "/c"]


def test_three_pages_in_a_row_mean_that_the_site_is_down() -> None:
    with pytest.raises(TryLater):
        run(small({name: Answer(status=500) for name in "abcd"}))


def test_a_page_that_failed_under_another_address_is_taken_off_the_list() -> None:
    canonical = f'<link rel="canonical" href="{BASE}/real">'
    failing = run(small({"a": Answer(status=500), "b": lesson("bends")}))
    pages = {"a": lesson("anchors", canonical), "b": lesson("bends")}
    events = run(small(pages), last(failing).cursor)
    assert keys(events, Found) == ["/real", "/b"]
    assert keys(events, Gone) == ["/a"]


def test_broken_json_ld_is_reported_and_the_rest_read() -> None:
    markup = '<script type="application/ld+json">{"@type": "Course", "name": "a "b" c"}</script>'
    read = drafts(run(small({"a": lesson("anchors", markup)})))["/a"]
    assert read.title == "anchors"
    (told,) = read.unmapped
    assert told[0] == "JSON-LD"
    assert told[1].startswith("block 1: ")


def test_a_page_without_a_word_fails_with_its_reason() -> None:
    events = run(small({"a": "<html><body><div id=root></div></body></html>"}))
    (failed,) = [e for e in events if isinstance(e, Failed)]
    assert isinstance(failed.error, BadItem)
    assert "says nothing without its scripts" in str(failed.error)


@pytest.mark.slow
def test_the_cursor_stays_small() -> None:
    pages = {f"courses/course-number-{n}": lesson(f"lesson {n}") for n in range(200)}
    listed = dict.fromkeys(pages, "<lastmod>2026-01-01</lastmod>")
    cursor = last(run(small(pages, listed))).cursor
    assert len(json.dumps(cursor)) / len(pages) < 80
