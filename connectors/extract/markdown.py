"""Markdown by heading, with the front matter that site generators read, through markdown-it-py."""

from collections.abc import Iterator, Sequence
from typing import Any

from catalogue.model import Part, Place
from connectors.extract.document import Document, iso_date, part, words
from connectors.extract.frontmatter import front_matter, many, one
from connectors.extract.slug import Slugs
from connectors.extract.text import decode
from connectors.extract.web import plain


def read(data: bytes) -> Document:
    front, text = front_matter(decode(data))
    parts = tuple(_sections(text))
    first = next((p.heading for p in parts if p.heading), "")
    return Document(
        title=one(front, "title") or first,
        language=one(front, "lang", "language") or None,
        summary=one(front, "description", "summary"),
        authors=words(many(front, "author", "authors")),
        subjects=words(many(front, "tags", "keywords", "categories")),
        published=iso_date(one(front, "date", "published")),
        updated=iso_date(one(front, "updated", "lastmod", "last_modified_at")),
        parts=parts,
    )


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
