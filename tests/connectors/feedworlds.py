"""Feeds of a small school of seamanship, in three formats."""

from collections.abc import Sequence

from requests import PreparedRequest

from connectors.testing.worlds import Answer, Server

SITE = "https://school.example"
ENTRIES = ("knots", "splices", "whipping", "lashing")
ARTICLE = """<html><body><nav>Home | Courses | About us</nav><article><h1 id="top">On {name}</h1>
<p>This is the first paragraph on {name}, and it is long enough to be taken for an article.</p>
<h2 id="practice">Practice</h2><p>Take a rope of two metres and a quiet hour. Then practise {name}
until your hands know what they do, and a while longer, for the sea is never quiet.</p>
</article><footer>Imprint</footer></body></html>"""


def rss(names: Sequence[str] = ENTRIES, dented: str = "") -> str:
    items = "".join(_item(name, name == dented) for name in names)
    return f'<rss version="2.0"><channel><title>School</title>{items}</channel></rss>'


def _item(name: str, dented: bool) -> str:
    link = "" if dented else f"<link>{SITE}/{name}</link>"
    when = "<pubDate>Mon, 05 Jan 2026 10:00:00 +0100</pubDate>"
    text = f"<description>&lt;p&gt;All about {name}.&lt;/p&gt;</description>"
    guid = f'<guid isPermaLink="false">{name}</guid>'
    return f"<item><title>On {name}</title>{guid}{link}{when}{text}</item>"


def school(feed: str, etag: str = "", out: Sequence[str] = ()) -> Server:
    """A server with a feed and the articles it links to; those in `out` answer 404."""

    def server(request: PreparedRequest) -> Answer:
        path = request.path_url.partition("?")[0]
        if path == "/feed":
            if etag and request.headers.get("If-None-Match") == etag:
                return Answer(status=304)
            return Answer(feed, headers={"Content-Type": "application/rss+xml", "ETag": etag})
        name = path.removeprefix("/")
        if name in out:
            return Answer(status=404)
        return Answer(ARTICLE.format(name=name), headers={"Content-Type": "text/html"})

    return server
