"""What the entries of feeds mean."""

import json
from typing import Any

import pytest

from catalogue.errors import BadItem
from catalogue.model import Draft, Kind
from connectors.formats.entries import draft
from connectors.formats.feedfile import feed_name, read_feed

FEED = "school.example/feed"
ITUNES = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'


def rss(items: str) -> bytes:
    channel = f"<channel><title>School</title>{items}</channel>"
    return f'<rss version="2.0" {ITUNES}>{channel}</rss>'.encode()


def one(items: str) -> Draft:
    [entry] = read_feed(rss(f"<item>{items}</item>"), FEED)
    return draft(json.loads(json.dumps(entry)))


def keys(items: str) -> list[str]:
    return [entry["key"] for entry in read_feed(rss(items), FEED)]


def test_a_podcast_episode() -> None:
    episode = one(
        "<title>At anchor</title><link>https://school.example/1</link>"
        "<pubDate>Mon, 05 Jan 2026 10:00:00 +0100</pubDate><itunes:author>Ann Bo</itunes:author>"
        "<itunes:duration>1:02:03</itunes:duration><itunes:explicit>yes</itunes:explicit>"
        '<enclosure url="https://school.example/1.mp3" type="audio/mpeg" length="1"/>'
    )
    assert (episode.kind, episode.duration, episode.audience) == (Kind.PODCAST, 3723, "adults")
    assert episode.authors == ("Ann Bo",)
    assert episode.published
    assert episode.published.isoformat() == "2026-01-05T09:00:00+00:00"


def test_an_episode_without_a_page_opens_its_recording() -> None:
    episode = one('<title>A</title><enclosure url="https://a.example/1.mp3" type="audio/mpeg"/>')
    assert episode.url == "https://a.example/1.mp3"


def test_markup_becomes_clean_text() -> None:
    text = "&lt;p&gt;Tie &lt;b&gt;it&lt;/b&gt;.&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;"
    found = one(
        f"<title>A &amp;amp; B</title><link>https://a.example/</link><description>{text}</description>"
    )
    assert (found.title, found.summary) == ("A & B", "Tie it.")


def test_a_long_text_is_kept_in_parts() -> None:
    found = one(
        f"<title>A</title><link>https://a.example/</link><description>{'knot ' * 400}</description>"
    )
    assert len(found.summary) <= 602
    assert len(found.parts[0].text) > 1900


def test_a_text_beside_its_teaser_is_kept() -> None:
    encoded = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    found = one(
        "<title>A</title><link>https://a.example/</link><description>On knots.</description>"
        f"<content:encoded {encoded}>&lt;p&gt;Tie it twice.&lt;/p&gt;</content:encoded>"
    )
    assert (found.summary, [part.text for part in found.parts]) == ("On knots.", ["Tie it twice."])


def test_a_post_without_a_title_is_called_by_its_first_words() -> None:
    found = one("<link>https://a.example/</link><description>Tie it twice.</description>")
    assert found.title == "Tie it twice."


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        ("<title>A</title>", "no link"),
        ("<title>A</title><link>javascript:alert(1)</link>", "no link"),
        ("<link>https://a.example/</link>", "neither a title nor a text"),
    ],
)
def test_a_dented_entry_says_why(items: str, reason: str) -> None:
    with pytest.raises(BadItem, match=reason):
        one(items)


def test_keys_are_the_feeds_own_where_they_are_unique() -> None:
    assert keys("<item><guid>https://a.example/1</guid></item>") == ["https://a.example/1"]
    assert keys('<item><guid isPermaLink="false">1</guid></item>') == [f"{FEED}#1"]
    assert keys("<item><title>A</title><link>https://a.example/2</link></item>") == [
        "https://a.example/2"
    ]


def test_an_id_that_two_entries_share_names_neither() -> None:
    shared = '<item><guid isPermaLink="false">1</guid><title>{0}</title><link>https://a.example/{0}</link></item>'
    assert keys(shared.format("b") + shared.format("c")) == [
        "https://a.example/b",
        "https://a.example/c",
    ]


def test_an_entry_without_id_or_link_keeps_its_key() -> None:
    item = "<item><title>A</title></item>"
    assert keys(item) == keys("<item><title>New</title></item>" + item)[1:]


def test_no_token_of_an_address_shows_in_a_key() -> None:
    name = feed_name("https://ann:pw@a.example/feed?token=abc")
    assert name.startswith("a.example/feed~")
    assert "abc" not in name
    assert name != feed_name("https://a.example/feed?token=abd")


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("90", 90),
        ("1:30", 90),
        ("01:00:00", 3600),
        ("90.6", 91),
        ("0", None),
        ("", None),
        ("-5", None),
        ("an hour", 3600),
        ("1:2:3:4", None),
        ("nan", None),
        ("inf", None),
        ("9" * 400, None),
    ],
)
def test_durations(text: str, duration: int | None) -> None:
    found = draft({"link": "https://a.example/1", "title": "A", "duration": text})
    assert found.duration == duration
    told = bool(text.strip("0")) and duration is None
    assert found.unmapped == ((("duration", text[:99] + "…" if len(text) > 100 else text),) * told)


def json_feed(**item: Any) -> Draft:
    feed = {"version": "https://jsonfeed.org/version/1.1", "language": "de", "items": [item]}
    [entry] = read_feed(json.dumps(feed).encode(), FEED, "https://a.example/feed.json")
    return draft(entry)


def test_a_json_feed() -> None:
    found = json_feed(
        id=7,
        url="/seven",
        title="Seven",
        content_html="<p>One &amp; all.</p>",
        date_published="2026-01-05T10:00:00+01:00",
        authors=[{"name": "Ann"}, {"url": "x"}],
        tags=["rope", "sea"],
    )
    assert (found.url, found.summary, found.language) == (
        "https://a.example/seven",
        "One & all.",
        "de",
    )
    assert (found.authors, found.subjects) == (("Ann",), ("rope", "sea"))
    assert found.published
    assert found.published.isoformat() == "2026-01-05T09:00:00+00:00"


def test_plain_text_of_a_json_feed_is_no_markup() -> None:
    assert json_feed(url="/a", content_text="if a < b").summary == "if a < b"


@pytest.mark.parametrize("value", [None, 5, [], {}, "x", [None], [[]]])
def test_a_json_feed_with_odd_values(value: Any) -> None:
    found = json_feed(
        url="https://a.example/1",
        title="A",
        authors=value,
        tags=value,
        attachments=value,
        summary=value,
        author=value,
        language=value,
        date_published=value,
    )
    assert found.title == "A"
