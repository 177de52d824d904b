"""robots.txt as RFC 9309 has it."""

import pytest

from connectors.http.robots import MAX_DELAY_S, read_robots

SITE = "https://site.example"


def allows(text: str, path: str) -> bool:
    return read_robots(text, "Skillshelf").allows(SITE + path)


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /a", "/ab", False),
        ("User-agent: *\nDisallow: /a/", "/a", True),
        # The longest match holds, whatever the order (2.2.2).
        ("User-agent: *\nDisallow: /\nAllow: /open", "/open/x", True),
        ("User-agent: *\nAllow: /open\nDisallow: /open/not", "/open/not", False),
        # A tie is decided for the crawler.
        ("User-agent: *\nDisallow: /x\nAllow: /x", "/x", True),
        # Wildcards and the end mark (2.2.3).
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf.html", True),
        ("User-agent: *\nDisallow: /*?sort=", "/list?page=1&sort=up", True),
        ("User-agent: *\nDisallow: /*sort=", "/list?page=1&sort=up", False),
        # One spelling for each path.
        ("User-agent: *\nDisallow: /%7Eann", "/~ann", False),
        ("User-agent: *\nDisallow: /grüße", "/gr%C3%BC%C3%9Fe", False),
        ("User-agent: *\nDisallow: /a%2fb", "/a%2Fb", False),
        ("User-agent: *\nDisallow: /a%2fb", "/a/b", True),
        # Our own group holds alone, several of ours count together (2.2.1).
        ("User-agent: skillshelf\nDisallow: /b\nUser-agent: *\nDisallow: /", "/a", True),
        ("User-agent: SkillShelf/2\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /a\nUser-agent: skillshelf\nAllow: /", "/a", True),
        (
            "User-agent: skillshelf\nDisallow: /a\n\nUser-agent: Skillshelf\nDisallow: /b",
            "/b",
            False,
        ),
        ("User-agent: other\nUser-agent: skillshelf\nDisallow: /a", "/a", False),
        ("User-agent: other\nDisallow: /", "/a", True),
        # Dirt.
        ("\ufeffUser-agent: *\r\nDisallow: /a # not this", "/a", False),
        ("Disallow: /a", "/a", True),
        ("User-agent: *\nSitemap: x\nnonsense\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
    ],
)
def test_what_is_allowed(text: str, path: str, allowed: bool) -> None:
    assert allows(text, path) is allowed


@pytest.mark.parametrize(
    ("value", "delay"),
    [("5", 5.0), ("0.5", 0.5), ("86400", MAX_DELAY_S), ("-1", 0.0), ("soon", 0.0), ("inf", 60.0)],
)
def test_crawl_delay(value: str, delay: float) -> None:
    assert read_robots(f"User-agent: *\nCrawl-delay: {value}", "Skillshelf").delay == delay


def test_a_pattern_of_many_stars_is_matched_quickly() -> None:
    assert allows(f"User-agent: *\nDisallow: /{'*a' * 40}b", "/" + "a" * 400)
