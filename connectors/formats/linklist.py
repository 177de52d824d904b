"""Lists of links in Markdown, as "awesome" lists and free-programming-books write them.

### Databases
#### PostgreSQL
* [Title](https://…) - One Author, Another Author (PDF, HTML)
* [Title](https://…) - What it is about, in a sentence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from connectors.extract.document import line, tidy
from connectors.extract.frontmatter import front_matter
from connectors.extract.text import decode

_ASIDE = re.compile(
    r"\s*[(（][^()（）]{0,80}[)）]|\s*\*+\([^()]*\)\*+|:\w+:"
)  # "(PDF)", ":construction:"
_NAME = re.compile(r"[^\W\d_][\w.'’`´@&+/-]*(?: [\w.'’`´@&+/-]+){0,5}$")
_NOT_A_NAME = re.compile(r",? et al\.?|\btrl?\.?:|[\u200e\u200f]", re.IGNORECASE)
_BETWEEN = re.compile(r"^[\s:–—-]+|[\s:–—-]+$")


@dataclass(frozen=True, slots=True)
class Link:
    """One entry. `headings` stand above it, the outermost first, without the page's own title."""

    title: str
    url: str
    headings: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    summary: str = ""


def links(data: bytes) -> dict[str, Link]:
    """The first link of each list entry by its address. One listed twice has the headings of both.

    Links within the page or its site have no address of their own and are left out.
    """
    found: dict[str, Link] = {}
    for link in _entries(front_matter(decode(data))[1]):
        known = found.get(link.url)
        found[link.url] = _joined(known, link) if known else link
    return found


def _joined(known: Link, again: Link) -> Link:
    headings = tuple(dict.fromkeys((*known.headings, *again.headings)))
    authors, summary = known.authors or again.authors, known.summary or again.summary
    return Link(known.title, known.url, headings, authors, summary)


def _entries(text: str) -> Iterator[Link]:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    top = min((t.tag for t in tokens if t.type == "heading_open"), default="")
    alone = sum(t.type == "heading_open" and t.tag == top for t in tokens) == 1
    above: dict[str, str] = {}
    depth = 0
    for before, token in zip([None, *tokens], tokens, strict=False):
        if before is not None and before.type == "heading_open":
            above = {tag: name for tag, name in above.items() if tag < before.tag}
            above[before.tag] = line(_words(token.children or ()))
        depth += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        if token.type == "inline" and depth:
            names = tuple(n for tag, n in above.items() if n and not (alone and tag == top))
            if link := _link(token.children or (), names):
                yield link


def _link(tokens: Sequence[Any], headings: tuple[str, ...]) -> Link | None:
    start = next((i for i, t in enumerate(tokens) if t.type == "link_open"), None)
    if start is None:
        return None
    end = next(i for i, t in enumerate(tokens) if t.type == "link_close" and i > start)
    url = str(tokens[start].attrGet("href") or "").strip()
    before, text = _words(tokens[:start]), line(_words(tokens[start:end]))
    lead = _BETWEEN.sub("", line(_ASIDE.sub("", before)))
    title = f"{lead}: {text}" if lead and text else lead or text
    if not title or not _on_the_web(url):
        return None
    rest = _BETWEEN.sub("", line(_ASIDE.sub("", _words(tokens[end:]))))
    authors = _people(rest)
    return Link(title, url, headings, authors, "" if authors else tidy(rest))


def _on_the_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        )
    except ValueError:
        return False


def _people(text: str) -> tuple[str, ...]:
    """The names that `text` is made of; none where it is a sentence."""
    bare = _NOT_A_NAME.sub("", text)
    names = [name.strip() for name in re.split(r",| and | und | et | y | e |;|、|，", bare)]
    names = [name for name in names if name]
    fitting = all(_NAME.match(n) and n[0] == n[0].upper() for n in names)
    return tuple(names) if fitting and not text.endswith(".") else ()


def _words(tokens: Sequence[Any]) -> str:
    breaks = {"softbreak": " ", "hardbreak": " ", "html_inline": ""}
    return "".join(breaks.get(t.type, t.content) for t in tokens)
