"""What an entry of a feed means: clean text, times, durations, kinds."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from catalogue.errors import BadItem
from catalogue.model import Draft, Kind, Locator, Part, Payload, Place
from connectors.extract.document import iso_date, line, tidy, words
from connectors.extract.web import fragment, plain
from connectors.formats.transcripts import recorded
from connectors.vocabulary import Vocabulary

SUMMARY = 600  # characters


def draft(entry: Payload) -> Draft:
    """Raises BadItem for an entry that has no address, or nothing to call it by."""
    link = _address(entry)
    text = tidy(plain(_text(entry, "content") or _text(entry, "summary")))
    summary = _shortened(tidy(plain(_text(entry, "summary"))) or text, SUMMARY)
    title = line(plain(_text(entry, "title"))) or _shortened(line(summary), 80)
    if not title:
        raise BadItem("the entry has neither a title nor a text to take one from")
    said = Vocabulary()
    return Draft(
        title=title,
        url=link,
        kind=kind(entry),
        summary=summary,
        language=said.language(_text(entry, "language")),
        authors=words(map(_plain_line, entry.get("authors", ()))),
        published=iso_date(_text(entry, "published")),
        updated=iso_date(_text(entry, "updated")),
        duration=said.seconds(_text(entry, "duration")),
        licence=said.licence(_plain_line(_text(entry, "licence"))),
        image=_text(entry, "image"),
        subjects=tuple(dict.fromkeys(filter(None, map(_plain_line, entry.get("subjects", ()))))),
        audience="adults" if entry.get("explicit") is True else "",
        parts=(*_parts(entry, link, text != summary), *recorded(entry, link)),
        unmapped=said.unmapped,
    )


def kind(entry: Payload) -> Kind:
    media = _text(entry, "media_type")
    if entry.get("video") or media.startswith("video/"):
        return Kind.VIDEO
    return Kind.PODCAST if media.startswith("audio/") or entry.get("duration") else Kind.ARTICLE


def _address(entry: Payload) -> str:
    for name in ("link", "media", "id"):
        text = _text(entry, name)
        if urlsplit(text).scheme in ("http", "https"):
            return text
    raise BadItem("the entry has no link to open it by")


def _parts(entry: Payload, link: str, says_more: bool) -> tuple[Part, ...]:
    """The article's text, else the entry's own where that says more than its summary."""
    article = entry.get("article")
    if article:
        return tuple(_part(section, link) for section in article)
    markup = _text(entry, "content") or _text(entry, "summary")
    return tuple(p for p in fragment(markup) if p.text) if says_more else ()


def _part(section: Mapping[str, str], link: str) -> Part:
    anchor = section.get("anchor")
    place = Locator(Place.ANCHOR, anchor, f"{link.partition('#')[0]}#{anchor}") if anchor else None
    return Part(section["text"], place, section.get("heading", ""))


def _text(entry: Payload, name: str) -> str:
    value: Any = entry.get(name)
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _plain_line(markup: str) -> str:
    return line(plain(markup))


def _shortened(text: str, longest: int) -> str:
    """Cut after a word; the whole text is in the parts."""
    return text if len(text) <= longest else text[:longest].rsplit(None, 1)[0] + " …"
