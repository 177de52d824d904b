"""The site of a small school for data work: sitemaps, one of them packed, and its pages."""

import gzip
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest

from connectors.testing import Answer

SECRETS: tuple[str, ...] = ()
XML = "http://www.sitemaps.org/schemas/sitemap/0.9"
CHANGED = "2026-01-03T10:00:00+01:00"

ITEMS = (
    "courses/sql-joins",
    "courses/python-tests",
    "courses/passwords",
    "de/kurse/sql-joins",
    "guides/index-tuning",
    "videos/window-functions",
    "events/open-day",
)
NO_ITEMS = ("courses/sql-joins?from=newsletter", "guides/", "guides/internal")


def settings(base: str) -> dict[str, object]:
    return {"url": f"{base}/sitemap.xml", "exclude": ["*/imprint"]}


def page(title: str, body: str, head: str = "", language: str = "en") -> str:
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{title} | Harbour Data School</title>{head}</head><body>"
        f"<nav>Courses | Guides | Videos</nav><main><h1>{title}</h1>{body}</main>"
        "<footer>Imprint</footer></body></html>"
    )


def linked(value: Any, around: tuple[str, str] = ("", "")) -> str:
    block = json.dumps({"@context": "https://schema.org", **value})
    return f'<script type="application/ld+json">{around[0]}{block}{around[1]}</script>'


_INTRODUCTION = """Most questions that are worth asking need more than one table, and most wrong
answers come from joining them in the wrong way."""
_INNER = """<p>An inner join keeps the rows that both tables know. What only one of them knows drops
out silently, so count the rows before and after, every time.</p>"""


def _joins(base: str, language: str, title: str, text: str) -> str:
    course = {
        "@type": "Course",
        "@id": f"{base}/#joins-{language}",
        "name": title,
        "description": text,
        "inLanguage": language,
        "teaches": ["SQL", {"@type": "DefinedTerm", "name": "relational databases"}],
        "coursePrerequisites": "You can write a SELECT.",
        "educationalLevel": "Beginner",
        "timeRequired": "PT6H",
        "provider": {"@id": f"{base}/#school"},
        "offers": {"@type": "Offer", "price": "120.00", "priceCurrency": "EUR"},
        "hasCourseInstance": [
            {
                "@type": "CourseInstance",
                "courseMode": "Onsite",
                "startDate": "2026-03-02T09:00:00+01:00",
                "endDate": "2026-03-02T16:00:00+01:00",
                "location": {"@type": "Place", "name": "Pier 3", "address": "Hamburg"},
                "instructor": {"@type": "Person", "name": "Ida Brandt"},
            }
        ],
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "image": "/media/joins.png",
    }
    school = {"@type": "EducationalOrganization", "@id": f"{base}/#school"}
    graph = {"@graph": [{**school, "name": "Harbour Data School"}, course]}
    markup = linked(graph, ("//<![CDATA[\n", "\n//]]>"))
    body = (
        f"<article><p>{text} {_INTRODUCTION}</p><h2 id='inner'>Inner joins</h2>{_INNER}</article>"
    )
    return page(title, body, markup, language)


_TESTS = """<div itemscope itemtype="https://schema.org/Course">
<h2 itemprop="name">Tests that find faults</h2>
<p itemprop="description">Write a test that fails first, then make it pass, in Python.</p>
<meta itemprop="timeRequired" content="PT90M"><meta itemprop="isAccessibleForFree" content="true">
<span itemprop="educationalLevel">Intermediate</span>
<div itemprop="hasCourseInstance" itemscope itemtype="https://schema.org/CourseInstance">
<span itemprop="courseMode">Self-paced</span></div></div>"""
_PASSWORDS = """<div vocab="https://schema.org/" typeof="Course">
<h2 property="name">Passwords and what replaces them</h2>
<p property="description">Hashing, second factors and passkeys for people who run a service.</p>
<span property="provider" typeof="Organization"><b property="name">Harbour Data School</b></span>
<span property="about">authentication</span></div>"""
_TUNING = """<article><p>An index is a promise to keep a second copy of a column in order. It pays
where a query reads little of a large table, and costs on every write that follows.</p>
<h2 id="measure">Measure first</h2><p>Ask the database for its plan before and after. A plan that
still scans the whole table tells you that the index does not fit the query.</p></article>"""
_GUIDE_HEAD = """<meta property="og:title" content="Tuning with indexes">
<meta property="og:description" content="When an index pays, and when it does not.">
<meta property="og:type" content="article">
<meta property="article:published_time" content="2025-11-20T08:00:00Z">
<meta name="author" content="Jonas Falk"><meta name="keywords" content="databases, performance">"""


def _video(base: str) -> str:
    clips = [
        {"@type": "Clip", "name": "Running totals", "startOffset": 45, "url": "?t=45"},
        {"@type": "Clip", "name": "Ranking rows", "startOffset": 210, "url": "?t=210"},
    ]
    video = {
        "@type": "VideoObject",
        "name": "Window functions in ten minutes",
        "description": "Totals and ranks beside the rows they are of.",
        "duration": "PT9M58S",
        "uploadDate": "2025-12-01",
        "thumbnailUrl": f"{base}/media/window.jpg",
        "hasPart": clips,
        "transcript": "A window lets each row see its neighbours.",
    }
    return page("Window functions in ten minutes", "<p>Watch and try.</p>", linked(video))


def _event() -> str:
    event = {
        "@type": "EducationEvent",
        "name": "Open day of the harbour school",
        "description": "Three short lessons to try, and time to ask.",
        "startDate": "2026-05-09T10:00:00+02:00",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": "https://meet.example/open"},
        "isAccessibleForFree": True,
    }
    return page("Open day of the harbour school", "<p>Come in.</p>", linked(event))


def pages(base: str) -> dict[str, str]:
    english = "Joins bring rows of two tables together."
    german = "Verbünde bringen Zeilen zweier Tabellen zusammen."
    joins = _joins(base, "en", "Joins in SQL", english)
    canonical = f'<link rel="canonical" href="{base}/courses/sql-joins">'
    collection = linked({"@type": "CollectionPage", "name": "Guides"})
    return {
        "courses/sql-joins": joins,
        "courses/sql-joins?from=newsletter": joins.replace("</head>", f"{canonical}</head>"),
        "courses/python-tests": page("Tests that find faults", _TESTS),
        "courses/passwords": page("Passwords and what replaces them", _PASSWORDS),
        "de/kurse/sql-joins": _joins(base, "de", "Verbünde in SQL", german),
        "guides/": page("Guides", "<ul><li>Tuning with indexes</li></ul>", collection),
        "guides/index-tuning": page("Tuning with indexes", _TUNING, _GUIDE_HEAD),
        "guides/internal": page("Internal", "", '<meta name="robots" content="noindex, follow">'),
        "videos/window-functions": _video(base),
        "events/open-day": _event(),
    }


def urlset(base: str, paths: Mapping[str, str]) -> str:
    """A sitemap of paths with what else their entries hold."""
    entries = "".join(
        f"<url><loc>{base}/{path.replace('&', '&amp;')}</loc>{more}</url>"
        for path, more in paths.items()
    )
    space = f'xmlns="{XML}" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {space}>{entries}</urlset>'


def _sitemaps(base: str, listed: list[str]) -> dict[str, bytes]:
    german = f"{base}/de/kurse/sql-joins"
    version = f'<xhtml:link rel="alternate" hreflang="de" href="{german}"/>'
    more = {"courses/sql-joins": f"<lastmod>{CHANGED}</lastmod>{version}"}
    teaching = [p for p in listed if p.startswith(("courses/", "de/"))]
    others = [p for p in listed if p not in teaching] + ["imprint"]
    packed = gzip.compress(urlset(base, {p: more.get(p, "") for p in teaching}).encode(), mtime=0)
    names = ("sitemap-courses.xml.gz", "sitemap-other.xml")
    places = "".join(f"<sitemap><loc>{base}/{name}</loc></sitemap>" for name in names)
    return {
        "sitemap.xml": f'<sitemapindex xmlns="{XML}">{places}</sitemapindex>'.encode(),
        names[0]: packed,
        names[1]: urlset(base, dict.fromkeys(others, "")).encode(),
        "robots.txt": f"User-agent: *\nDisallow: /admin/\nSitemap: {base}/sitemap.xml\n".encode(),
    }


def answers(base: str, world: str = "whole") -> Callable[[PreparedRequest], Answer]:
    """The site; "shrunk" has no video, in "dented" a page needs a browser to say a word."""
    site = pages(base)
    if world == "shrunk":
        del site["videos/window-functions"]
    if world == "dented":
        site["courses/python-tests"] = '<html><body><div id="app"></div></body></html>'
    files = _sitemaps(base, list(site))
    prefix = urlsplit(base).path + "/"

    def server(request: PreparedRequest) -> Answer:
        path = request.path_url.removeprefix(prefix)
        if path in files:
            return Answer(files[path], headers={"Content-Type": "application/xml"})
        if path not in site:
            return Answer("<h1>Not here</h1>", 404, {"Content-Type": "text/html"})
        tag = f'"{len(site[path])}"'
        if request.headers.get("If-None-Match") == tag:
            return Answer(status=304)
        return Answer(site[path], headers={"Content-Type": "text/html", "ETag": tag})

    return server
