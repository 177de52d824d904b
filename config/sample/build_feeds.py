"""The sample's feeds and pages: RSS 2.0, Atom, a podcast, JSON Feed 1.1, HTML."""

import json
from collections.abc import Sequence
from datetime import timedelta
from email.utils import format_datetime
from html import escape
from xml.sax.saxutils import escape as xml

from markdown import markdown

from config.sample.texts import Text

_RSS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">\n<channel>\n'
)


def html(text: Text) -> str:
    return str(markdown(text.body, extensions=["fenced_code"]))


def page(text: Text, language: str) -> bytes:
    """The page that an entry's link opens."""
    author = text.fields.get("author") or text.fields.get("trainer") or "Merrow Sound Ferries"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(text.title)}</title>\n"
        f'<meta name="author" content="{escape(author)}">\n</head>\n<body>\n<main>\n<article>\n'
        f"<h1>{escape(text.title)}</h1>\n{html(text)}\n</article>\n</main>\n"
        "<footer>Merrow Sound Ferries, an invented company.</footer>\n</body>\n</html>\n"
    ).encode()


def rss(texts: Sequence[Text], address: str) -> bytes:
    channel = (
        f"<title>Deck log</title>\n<link>{address}/deck-log/</link>\n"
        "<description>What the people of Merrow Sound Ferries have learned.</description>\n"
        f"<language>en</language>\n<lastBuildDate>{_mail_date(texts[0])}</lastBuildDate>\n"
    )
    entries = (
        f"<item>\n{_rss_head(text, f'{address}/deck-log/{text.slug}', 'deck-log')}"
        f"<dc:creator>{xml(text.fields['author'])}</dc:creator>\n"
        f"<description>{xml(teaser(text))}</description>\n"
        f"<content:encoded><![CDATA[{html(text)}]]></content:encoded>\n</item>\n"
        for text in texts
    )
    return (_RSS + channel + "".join(entries) + "</channel>\n</rss>\n").encode()


def podcast(texts: Sequence[Text], address: str) -> bytes:
    channel = (
        f"<title>Below deck</title>\n<link>{address}/below-deck/</link>\n"
        "<description>Conversations with people who keep ferries running.</description>\n"
        "<language>en</language>\n<itunes:author>Merrow Sound Ferries</itunes:author>\n"
        "<itunes:explicit>false</itunes:explicit>\n<itunes:type>episodic</itunes:type>\n"
        '<itunes:category text="Business"><itunes:category text="Careers"/></itunes:category>\n'
        f'<itunes:image href="{address}/below-deck/cover.jpg"/>\n'
    )
    return (
        _RSS + channel + "".join(_episode(t, address) for t in texts) + "</channel>\n</rss>\n"
    ).encode()


def _episode(text: Text, address: str) -> str:
    link = f"{address}/below-deck/{text.slug}"
    number = text.title.removeprefix("Episode ").partition(":")[0]
    return (
        f"<item>\n{_rss_head(text, link, 'below-deck')}"
        f"<itunes:title>{xml(text.title.partition(': ')[2])}</itunes:title>\n"
        f"<itunes:episode>{number}</itunes:episode>\n<itunes:season>2</itunes:season>\n"
        "<itunes:episodeType>full</itunes:episodeType>\n"
        f"<itunes:duration>{text.fields['duration']}</itunes:duration>\n"
        f"<itunes:summary>{xml(teaser(text))}</itunes:summary>\n"
        "<itunes:explicit>false</itunes:explicit>\n"
        f'<enclosure url="{link}.mp3" length="{_seconds(text) * 12_000}" type="audio/mpeg"/>\n'
        f"<description><![CDATA[{html(text)}]]></description>\n</item>\n"
    )


def atom(texts: Sequence[Text], address: str) -> bytes:
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de">\n<title>Hafenblog</title>\n'
        "<subtitle>Aus der Praxis der Fährleute am Merrow Sound</subtitle>\n"
        "<id>tag:merrowsound.example,2024:hafenblog</id>\n"
        f"<updated>{texts[0].date.isoformat()}</updated>\n"
        f'<link rel="self" href="{address}/feeds/hafenblog.atom"/>\n'
        f'<link rel="alternate" href="{address}/hafenblog/"/>\n'
    )
    return (head + "".join(_atom_entry(t, address) for t in texts) + "</feed>\n").encode()


def _atom_entry(text: Text, address: str) -> str:
    terms = "".join(f'<category term="{xml(tag)}"/>\n' for tag in text.tags)
    return (
        f"<entry>\n<title>{xml(text.title)}</title>\n"
        f'<link rel="alternate" type="text/html" href="{address}/hafenblog/{text.slug}"/>\n'
        f"<id>tag:merrowsound.example,{text.date.year}:hafenblog/{text.slug}</id>\n"
        f"<published>{text.date.isoformat()}</published>\n"
        f"<updated>{text.date.isoformat()}</updated>\n"
        f"<author><name>{xml(text.fields['author'])}</name></author>\n{terms}"
        f"<summary>{xml(teaser(text))}</summary>\n"
        f'<content type="html">{xml(html(text))}</content>\n</entry>\n'
    )


def json_feed(texts: Sequence[Text], address: str) -> bytes:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Crew clips",
        "home_page_url": f"{address}/crew-clips/",
        "feed_url": f"{address}/feeds/crew-clips.json",
        "description": "Short films that crew members made for crew members.",
        "language": "en",
        "items": [_json_item(text, f"{address}/crew-clips/{text.slug}") for text in texts],
    }
    return (json.dumps(feed, indent=1, ensure_ascii=False) + "\n").encode()


def _json_item(text: Text, link: str) -> dict[str, object]:
    film = {
        "url": f"{link}.mp4",
        "mime_type": "video/mp4",
        "duration_in_seconds": int(text.fields["duration"]),
    }
    return {
        "id": f"crew-clips/{text.slug}",
        "url": link,
        "title": text.title,
        "summary": teaser(text),
        "content_html": html(text),
        "date_published": text.date.isoformat(),
        "authors": [{"name": text.fields["author"]}],
        "tags": text.tags,
        "attachments": [film],
    }


def _rss_head(text: Text, link: str, feed: str) -> str:
    categories = "".join(f"<category>{xml(tag)}</category>\n" for tag in text.tags)
    return (
        f"<title>{xml(text.title)}</title>\n<link>{link}</link>\n"
        f'<guid isPermaLink="false">merrowsound.example/{feed}/{text.slug}</guid>\n'
        f"<pubDate>{_mail_date(text)}</pubDate>\n{categories}"
    )


def teaser(text: Text) -> str:
    """The first two sentences."""
    sentences = text.body.removeprefix("Transcript. ").partition("\n\n")[0].split(". ")
    return ". ".join(sentences[:2]).rstrip(".") + "."


def _mail_date(text: Text) -> str:
    return format_datetime(text.date)


def _seconds(text: Text) -> int:
    minutes, seconds = text.fields["duration"].split(":")
    return int(timedelta(minutes=int(minutes), seconds=int(seconds)).total_seconds())
