"""A small school of seamanship: a feed of its posts, and one of its podcast with transcripts."""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from requests import PreparedRequest

from connectors.testing.worlds import Answer, Server

SECRETS: tuple[str, ...] = ()
SITE = "https://school.example"
LESSONS = {
    "knots": "A bowline holds and comes undone again; a granny knot does neither.",
    "splices": "A splice keeps nine tenths of a rope's strength, where a knot halves it.",
    "whipping": "Whip the end with waxed twine before you cut, or the strands unlay.",
    "lashing": "Frap a square lashing twice between the spars, and it never works loose.",
    "anchors": "Let out five times the depth in chain, then set the anchor in reverse.",
}
ENTRIES = tuple(LESSONS)
ARTICLE = """<html><body><nav>Home | Courses | About us</nav><article><h1 id="top">On {name}</h1>
<p>This is the first paragraph on {name}, and it is long enough to be taken for an article.</p>
<h2 id="practice">Practice</h2><p>Take a rope of two metres and a quiet hour. Then practise {name}
until your hands know what they do, and a while longer, for the sea is never quiet.</p>
<p>{lesson}</p></article><footer>Imprint</footer></body></html>"""
TALKS = {
    "tides": ("Reading a tide table", "Twelfths: one, two, three, three, two, one, hour by hour."),
    "radio": ("Calling for help", "Say mayday three times, who you are, where, and what you need."),
}
_CAPTIONS = (
    "WEBVTT\n\n00:00.000 --> 00:09.000\nWelcome aboard.\n\n00:09.000 --> 00:20.000\n{text}\n"
)


def rss(names: Sequence[str] = ENTRIES, dented: str = "", base: str = SITE) -> str:
    items = "".join(_item(name, name == dented, base) for name in names)
    return f'<rss version="2.0"><channel><title>School</title>{items}</channel></rss>'


def _item(name: str, dented: bool, base: str) -> str:
    link = "" if dented else f"<link>{base}/{name}</link>"
    when = "<pubDate>Mon, 05 Jan 2026 10:00:00 +0100</pubDate>"
    text = f"<description>&lt;p&gt;All about {name}.&lt;/p&gt;</description>"
    guid = f'<guid isPermaLink="false">{name}</guid>'
    return f"<item><title>On {name}</title>{guid}{link}{when}{text}</item>"


def podcast(base: str) -> str:
    spaces = (
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
        'xmlns:podcast="https://podcastindex.org/namespace/1.0"'
    )
    items = "".join(
        f"<item><title>{title}</title><guid>{base}/talks/{name}</guid>"
        f'<enclosure url="{base}/talks/{name}.mp3" type="audio/mpeg" length="1"/>'
        f'<podcast:transcript url="{base}/talks/{name}.vtt" type="text/vtt"/>'
        "<itunes:duration>20</itunes:duration></item>"
        for name, (title, _) in TALKS.items()
    )
    channel = f"<channel><title>Ahoy</title><language>en</language>{items}</channel>"
    return f'<rss version="2.0" {spaces}>{channel}</rss>'


def school(feed: str, etag: str = "", out: Sequence[str] = (), base: str = SITE) -> Server:
    """A server with a feed and the articles it links to; those in `out` answer 404."""

    def server(request: PreparedRequest) -> Answer:
        path = urlsplit(str(request.url)).path.removeprefix(urlsplit(base).path)
        if path == "/feed":
            if etag and request.headers.get("If-None-Match") == etag:
                return Answer(status=304)
            return Answer(feed, headers={"Content-Type": "application/rss+xml", "ETag": etag})
        name = path.removeprefix("/")
        if name in out:
            return Answer(status=404)
        page = ARTICLE.format(name=name, lesson=LESSONS.get(name, ""))
        return Answer(page, headers={"Content-Type": "text/html"})

    return server


def settings(base: str) -> dict[str, object]:
    return {"url": [f"{base}/feed", f"{base}/talks"], "full_text": True}


def answers(base: str, world: str = "whole") -> Callable[[PreparedRequest], Answer]:
    """`shrunk` lacks the post on anchors; in `dented` the one on splices has no address."""
    names = ENTRIES[:-1] if world == "shrunk" else ENTRIES
    dented = "splices" if world == "dented" else ""
    posts = school(rss(names, dented, base), f'"{world}"', base=base)

    def answer(request: PreparedRequest) -> Answer:
        path = urlsplit(str(request.url)).path.removeprefix(urlsplit(base).path)
        talk = path.removeprefix("/talks/").removesuffix(".vtt")
        if path == "/talks":
            return Answer(podcast(base), headers={"Content-Type": "application/rss+xml"})
        if path.startswith("/talks/"):
            return Answer(
                _CAPTIONS.format(text=TALKS[talk][1]), headers={"Content-Type": "text/vtt"}
            )
        return posts(request)

    return answer
