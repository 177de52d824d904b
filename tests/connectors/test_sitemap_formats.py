"""Sitemaps as they are written, and what else a page's head says of it."""

import gzip
from pathlib import Path

import pytest
from lxml import html

from catalogue.errors import BadItem
from connectors.formats.pagehead import head
from connectors.formats.sitemaps import Listed, plain_address, read_sitemap
from connectors.formats.webpages import own_address

BASE = "https://school.example/sitemap.xml"
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(inner: str, more: str = "") -> bytes:
    return f"<urlset {SPACE} {more}>{inner}</urlset>".encode()


def urls(data: bytes) -> list[str]:
    return [page.url for page in read_sitemap(data, BASE).pages]


def test_addresses_are_read_whatever_way_they_are_written() -> None:
    inner = """<url><loc>
      https://SCHOOL.example:443/a#top </loc></url><url><loc><![CDATA[https://school.example/b?x=1&y=2]]>
      </loc></url><url><loc>/relative</loc></url><url><loc>mailto:x@y</loc></url><url><loc/></url>
      <url><loc>http://[bad/</loc></url><url><loc>https://school.example/with space</loc></url>"""
    assert urls(urlset(inner)) == [
        "https://school.example/a",
        "https://school.example/b?x=1&y=2",
        "https://school.example/relative",
        "https://school.example/with%20space",
    ]


def test_ampersands_left_as_they_are_do_no_harm() -> None:
    read = read_sitemap(
        urlset("<url><loc>https://school.example/?a=1&b=2&amp;c=3</loc></url>"), BASE
    )
    assert [page.url for page in read.pages] == ["https://school.example/?a=1&b=2&c=3"]
    assert not read.fault


def test_what_is_cut_short_says_so() -> None:
    whole = urlset("<url><loc>https://school.example/a</loc></url>" * 3)
    read = read_sitemap(whole[:150], BASE)
    assert read.pages
    assert "is no well-formed XML" in read.fault


def test_videos_and_news_say_more_of_their_pages() -> None:
    video = """<url><loc>https://school.example/v</loc><lastmod>2026-01-02</lastmod><v:video>
      <v:thumbnail_loc>https://school.example/v.jpg</v:thumbnail_loc>
      <v:title>Knots &amp; bends</v:title><v:description>Three of each.</v:description>
      <v:duration>600</v:duration>
      <v:tag>knots</v:tag><v:tag>bends</v:tag></v:video></url>"""
    news = """<url><loc>https://school.example/n</loc><n:news><n:publication><n:name>School</n:name>
      <n:language>en</n:language></n:publication><n:publication_date>2026-01-03</n:publication_date>
      <n:title>A new course</n:title><n:keywords>courses</n:keywords></n:news></url>"""
    spaces = (
        'xmlns:v="http://www.google.com/schemas/sitemap-video/1.1"'
        ' xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    )
    first, second = read_sitemap(urlset(video + news, spaces), BASE).pages
    assert first.changed == "2026-01-02"
    assert first.hints == {
        "title": "Knots & bends",
        "summary": "Three of each.",
        "duration": "600",
        "image": "https://school.example/v.jpg",
        "subjects": ["knots", "bends"],
        "kind": "video",
    }
    assert second.hints == {
        "title": "A new course",
        "provider": "School",
        "language": "en",
        "published": "2026-01-03",
        "subjects": ["courses"],
    }


def test_a_packed_sitemap_that_unfolds_without_end_is_refused() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * (65 * 2**20))
    with pytest.raises(BadItem, match="unpacks to more than"):
        read_sitemap(bomb, BASE)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "neither XML nor addresses"),
        (b"\x1f\x8bxx", "packed, but broken"),
        (b"<html><body>Log in</body></html>", "is a web page"),
        (b"<!DOCTYPE html><title>Log in</title><p>Please", "is a web page"),
        (b'{"a": 1}', "neither XML nor addresses"),
        (b"<lom/>", "its root is 'lom'"),
        (b'<!DOCTYPE u [<!ENTITY e "x">]><urlset>&e;</urlset>', "entities"),
    ],
)
def test_what_is_no_sitemap_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(BadItem, match=message):
        read_sitemap(data, BASE)


def test_an_empty_sitemap_is_one() -> None:
    assert read_sitemap(urlset(""), BASE).pages == ()


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "pages", "more"),
    [
        ("sitemap.xml", 84, 0),
        ("sitemap.xml.gz", 84, 0),
        ("sitemap2.xml", 0, 2),
        ("sitemap-hreflang.xml", 3, 3),
        ("feed1.atom", 1, 0),
        ("feed2.rss", 1, 0),
        ("list-process.txt", 3, 0),
        ("redundant-urls.txt", 3, 0),
    ],
)
def test_recorded_sitemaps(shared_data: Path, name: str, pages: int, more: int) -> None:
    data = (shared_data / "wire/sitemaps" / name).read_bytes()
    read = read_sitemap(data, "https://www.example.com/")
    assert len({page.url for page in read.pages}) == pages
    assert len(read.more) == more
    assert not read.fault


@pytest.mark.shared_data
def test_recorded_versions_in_other_languages(shared_data: Path) -> None:
    data = (shared_data / "wire/sitemaps/sitemap-hreflang.xml").read_bytes()
    pages = read_sitemap(data, "https://www.example.com/").pages
    places = ("english", "deutsch", "schweiz-deutsch")
    tags = ("en", "de", "de-ch")
    expected = {
        Listed(f"http://www.example.com/{place}/page.html", "", tag).url: tag
        for place, tag in zip(places, tags, strict=True)
    }
    assert {page.url: page.language for page in pages} == expected


@pytest.mark.shared_data
@pytest.mark.parametrize("name", ["apache.html", "utf8.html", "webpage.html.gz", "newsettings.cfg"])
def test_recorded_pages_are_no_sitemaps(shared_data: Path, name: str) -> None:
    with pytest.raises(BadItem):
        read_sitemap((shared_data / "wire/sitemaps" / name).read_bytes(), BASE)


@pytest.mark.parametrize(
    ("canonical", "address"),
    [
        ("https://school.example/b", "https://school.example/b"),
        ("http://www.school.example/b#part", "http://www.school.example/b"),
        ("https://school.example/", "https://school.example/a"),
        ("https://elsewhere.example/b", "https://school.example/a"),
        ("", "https://school.example/a"),
    ],
)
def test_the_address_a_page_is_known_by(canonical: str, address: str) -> None:
    assert own_address("https://school.example/a#top", canonical) == address


@pytest.mark.parametrize(
    ("markup", "header", "hidden"),
    [
        ('<meta name="robots" content="NOINDEX">', "", True),
        ('<meta name="ROBOTS" content="none">', "", True),
        ('<meta name="skillshelf" content="noindex">', "", True),
        ('<meta name="googlebot" content="noindex">', "", False),
        ('<meta name="robots" content="index, nofollow">', "", False),
        ("", "noindex", True),
        ("", "nofollow, noindex", True),
        ("", "otherbot: noindex", False),
        ("", "otherbot: nofollow, noindex", False),
        ("", "skillshelf: noindex", True),
        ("", "unavailable_after: 25 Jun 2010 15:00:00 PST", False),
        ("", "max-snippet:-1, noindex", True),
    ],
)
def test_wishes_of_a_page_to_those_who_list_pages(markup: str, header: str, hidden: bool) -> None:
    root = html.document_fromstring(f"<html><head>{markup}</head><body>x</body></html>")
    assert head(root, BASE, header).noindex is hidden


@pytest.mark.parametrize("url", ["", "ftp://a/b", "http://", "http://[", "http://a:99999/"])
def test_what_is_no_address_is_none(url: str) -> None:
    assert plain_address(url, "") == ""
