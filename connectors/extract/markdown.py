"""Markdown by heading, with the front matter that site generators read, through markdown-it-py."""

import datetime as dates
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from catalogue.model import Part, Place
from connectors.extract.document import Document, iso_date, part, words
from connectors.extract.slug import Slugs
from connectors.extract.text import decode
from connectors.extract.web import plain

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.{0,20000}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.S)


def read(data: bytes) -> Document:
    front, text = _front_matter(decode(data))
    parts = tuple(_sections(text))
    first = next((p.heading for p in parts if p.heading), "")
    return Document(
        title=_one(front, "title") or first,
        language=_one(front, "lang", "language") or None,
        summary=_one(front, "description", "summary"),
        authors=words(_many(front, "author", "authors")),
        subjects=words(_many(front, "tags", "keywords", "categories")),
        published=iso_date(_one(front, "date", "published")),
        updated=iso_date(_one(front, "updated", "lastmod", "last_modified_at")),
        parts=parts,
    )


def _front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    import yaml

    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, text
    try:
        front = yaml.safe_load(match[1])
    except (yaml.YAMLError, ValueError):  # a page may well begin with a rule
        return {}, text
    return (front, text[match.end() :]) if isinstance(front, dict) else ({}, text)


def _many(front: Mapping[str, Any], *names: str) -> list[str]:
    """Strings and dates under the first of `names` that has any; nothing nested deeper."""
    value: Any = next((front[name] for name in names if front.get(name)), [])
    values = value if isinstance(value, list) else [value]
    return [str(v) for v in values if isinstance(v, str | dates.date)]


def _one(front: Mapping[str, Any], *names: str) -> str:
    return next(iter(_many(front, *names)), "")


def _sections(text: str) -> Iterator[Part]:
    from markdown_it import MarkdownIt

    slugs, heading, lines = Slugs(), "", list[str]()
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    for before, token in zip([None, *tokens], tokens, strict=False):
        if before is not None and before.type == "heading_open":
            yield part("\n".join(lines), Place.ANCHOR, slugs.current, heading)
            heading, lines = _inline(token.children or ()), []
            slugs.next(heading)
        else:
            lines += _block(token)
    yield part("\n".join(lines), Place.ANCHOR, slugs.current, heading)


def _block(token: Any) -> list[str]:
    """The lines that a token adds."""
    match token.type:
        case "inline":
            return [_inline(token.children or ())]
        case "fence" | "code_block":
            return [token.content]
        case "html_block":
            return [plain(token.content)]
        case "paragraph_close" if not token.hidden:  # those of a tight list are hidden
            return [""]
    return []


def _inline(tokens: Sequence[Any]) -> str:
    """The words of a paragraph: a picture's description, a link's text, no markup."""
    breaks = {"softbreak": "\n", "hardbreak": "\n", "html_inline": ""}
    return "".join(breaks.get(t.type, t.content) for t in tokens)
