"""The text of an article's page, without the page around it."""

from typing import Any

from catalogue.errors import BadItem
from catalogue.model import Part
from connectors.extract import web
from connectors.extract.document import line, tidy
from connectors.http.addresses import shown

_HTML = ("", "text/html", "application/xhtml+xml")
# What parsers raise over markup that nobody has tried on them.
_CONFUSED = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


def article(page: bytes, url: str, content_type: str = "") -> list[dict[str, str]]:
    """Sections of the main text as `heading`, `anchor` and `text`; none where there is no article.

    `anchor` is the id by which the page lets a reader jump to the heading; empty where it has none.
    Raises BadItem for a page that confuses the parsers.
    """
    if content_type not in _HTML or not page.strip():
        return []
    try:
        whole = web.read(page).parts
        sections = _main_text(page, url)
    except BadItem:
        return []
    except _CONFUSED as error:
        raise BadItem(f"{shown(url)} cannot be read as a page ({error})") from error
    anchors = {part.heading: _anchor(part) for part in reversed(whole) if part.heading}
    if sections:
        return [{"heading": h, "anchor": anchors.get(h, ""), "text": t} for h, t in sections]
    return [{"heading": p.heading, "anchor": _anchor(p), "text": p.text} for p in whole if p.text]


def _main_text(page: bytes, url: str) -> list[tuple[str, str]]:
    import trafilatura

    found = trafilatura.bare_extraction(page, url=url, include_comments=False)
    return [] if found is None else _sections(found.body)


def _sections(body: Any) -> list[tuple[str, str]]:
    """Text under each heading. trafilatura's tree is flat: headings and blocks are siblings."""
    sections: list[tuple[str, list[str]]] = [("", [])]
    for block in body.iterchildren("*"):
        text = tidy(_words(block))
        if block.tag == "head" and text:
            sections.append((line(text), []))
        elif text:
            sections[-1][1].append(text)
    return [(heading, "\n".join(texts)) for heading, texts in sections if texts]


def _words(block: Any) -> str:
    pieces = []
    for element in block.iter("*"):
        own = "\n" if element.tag in ("item", "row", "p", "lb", "head") else ""
        pieces.append(own + (element.text or ""))
        pieces.append((element.tail or "") if element is not block else "")
    return "".join(pieces)


def _anchor(part: Part) -> str:
    return part.locator.value if part.locator else ""
