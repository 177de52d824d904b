"""HTML by heading anchor, through lxml. Entities that a page declares are not expanded."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from catalogue.errors import BadItem
from catalogue.model import Part, Place
from connectors.extract.document import Document, iso_date, line, part, words
from connectors.extract.text import decode

_SKIPPED = re.compile(
    "(script|style|noscript|template|nav|aside|button|select|svg|math|iframe|head|footer)$"
)
_ROLES = {"navigation", "banner", "contentinfo", "search", "complementary"}
_BOILERPLATE = re.compile(  # as Sphinx, DocBook, MkDocs, WordPress and Bootstrap name it
    r"(^|\s)(nav(header|footer|bar|igation)?|sphinxsidebar|sidebar|breadcrumbs?|menu|toc"
    r"|related|headerlink|skip-link|footer|cookie-?(banner|notice))(\s|$)"
)
_HEADING = re.compile("h[1-6]$")
_BLOCK = re.compile(
    "(h[1-6]|p|div|section|article|main|ul|ol|li|dl|dt|dd|pre|blockquote|table|tr|br|hr|figure"
    "|figcaption|address|details|summary|caption)$"
)
_LINE = re.compile("(br|li|tr|dt|dd|hr)$")  # begins a line; other blocks end one too
_MAIN = "//main | //*[@role='main'] | //*[@id='main-content']"
_SITE_NAME = re.compile(r"\s+[—–|·•]\s+[^—–|·•]{1,80}$")  # "Page — Site"


def read(data: bytes) -> Document:
    return page(_declared(data))


def page(markup: str) -> Document:
    """A whole page: its main text by heading, and what its head says."""
    root = _parsed(markup)
    parts = tuple(_sections(_main(root))) or tuple(_sections(root, boilerplate=False))
    title = line(root.findtext(".//title") or "")
    return Document(
        title=_SITE_NAME.sub("", title) or line(_first_heading(root)),
        language=(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"))
        or None,
        summary=_meta(root, "description", "og:description", "dc.description"),
        authors=words([_meta(root, "author", "dc.creator", "article:author")]),
        subjects=words([_meta(root, "keywords", "dc.subject")]),
        published=_date(root, "article:published_time", "dc.date", "date"),
        updated=_date(root, "article:modified_time", "last-modified"),
        parts=parts,
    )


def plain(markup: str) -> str:
    """A fragment's text, without its markup."""
    if "<" not in markup and "&" not in markup:
        return markup.strip()
    return "\n".join(_with_heading(p) for p in fragment(markup)).strip()


def fragment(markup: str) -> tuple[Part, ...]:
    """A fragment's text by heading."""
    if not markup.strip():
        return ()
    return tuple(p for p in _sections(_parsed(f"<div>{markup}</div>")) if p.text or p.heading)


def _with_heading(section: Part) -> str:
    return "\n".join(text for text in (section.heading, section.text) if text)


def _declared(data: bytes) -> str:
    head = data[:2048].decode("ascii", "ignore")
    named = re.search(r"""charset\s*=\s*["']?([\w-]+)""", head) or re.search(
        r"""<\?xml[^>]*encoding=["']([\w-]+)""", head
    )
    return decode(data, named[1] if named else None)


def _parsed(markup: str) -> Any:
    from lxml import etree, html

    bare = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup.replace("\x00", ""))
    try:
        return html.document_fromstring(bare, parser=html.HTMLParser(no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise BadItem(f"is no HTML ({error})") from error


def _main(root: Any) -> Any:
    """The element with the page's own text, where it says which one that is."""
    found = root.xpath(_MAIN)
    articles = root.xpath("//article")
    if not found and len(articles) == 1:
        found = articles
    return found[0] if found and (found[0].text_content() or "").strip() else root


def _first_heading(root: Any) -> str:
    return next(filter(None, (_text_of(h).strip() for h in root.iter("h1", "h2"))), "")


def _text_of(element: Any) -> str:
    """An element's text without what is boilerplate in it, such as a permalink sign."""
    pieces = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and not _is_boilerplate(child):
            pieces.append(_text_of(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _meta(root: Any, *names: str) -> str:
    """The first of the page's own statements under one of `names`."""
    stated = (
        (m.get("name") or m.get("property") or "", m.get("content")) for m in root.iter("meta")
    )
    return next((content for name, content in stated if name.lower() in names and content), "")


def _date(root: Any, *names: str) -> datetime | None:
    return iso_date(_meta(root, *names))


def _sections(root: Any, boilerplate: bool = True) -> Iterator[Part]:
    """The text under each heading. One without an anchor counts to the nearest before it."""
    heading, anchor, pieces = "", "", list[str]()
    for element, text in _walk(root, boilerplate):
        if element is None:
            pieces.append(text)
            continue
        yield part("".join(pieces), Place.ANCHOR, anchor, heading)
        heading, pieces = text, []
        anchor = _anchor(element) or anchor
    yield part("".join(pieces), Place.ANCHOR, anchor, heading)


def _walk(root: Any, boilerplate: bool) -> Iterator[tuple[Any, str]]:
    """Pieces of text as (None, text), and headings as (element, text), in document order.

    Without recursion: a hostile page may nest as deeply as its parser allows.
    """
    from lxml import etree

    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    preformatted = 0
    for event, element in walk:
        tag = element.tag
        if event == "start" and _skipped(element, root, boilerplate):
            walk.skip_subtree()
        elif event == "start" and _HEADING.match(tag) and _text_of(element).strip():
            walk.skip_subtree()
            yield element, _text_of(element)
        elif event == "start":
            preformatted += tag == "pre"
            yield None, _opening(tag) + _spaced(element.text, preformatted)
        elif event == "end":
            preformatted -= tag == "pre" and not _skipped(element, root, boilerplate)
            yield None, "\n" if _BLOCK.match(tag) and not _LINE.match(tag) else ""
        if event != "start" and element is not root:
            yield None, _spaced(element.tail, preformatted)


def _opening(tag: str) -> str:
    return "\n" if _BLOCK.match(tag) else " " if tag in ("td", "th") else ""


def _spaced(text: str | None, preformatted: int) -> str:
    return text or "" if preformatted else re.sub(r"\s+", " ", text or "")


def _skipped(element: Any, root: Any, boilerplate: bool) -> bool:
    if element is root or element.tag == "body":
        return False
    return bool(_SKIPPED.match(element.tag)) or (boilerplate and _is_boilerplate(element))


def _is_boilerplate(element: Any) -> bool:
    return element.get("role") in _ROLES or bool(_BOILERPLATE.search(element.get("class") or ""))


def _anchor(heading: Any) -> str:
    """The heading's own id, that of its permalink, an anchor in it, or the section it opens."""
    for inner in heading.iter("a"):
        if inner.get("href", "").startswith("#") and "headerlink" in (inner.get("class") or ""):
            return str(inner.get("href"))[1:]
    for named in (heading, *heading.iter("a", "span")):
        if named.get("id") or named.get("name"):
            return str(named.get("id") or named.get("name"))
    return _section_id(heading)


def _section_id(heading: Any) -> str:
    above = heading
    for _ in range(4):  # DocBook puts a section's heading three elements deep
        above, before = above.getparent(), above
        if above is None or any(_says(e) for e in before.itersiblings(preceding=True)):
            return ""
        if above.get("id"):
            return str(above.get("id"))
    return ""


def _says(element: Any) -> bool:
    """Whether there is text in it or after it."""
    inside = "".join(element.itertext()) if isinstance(element.tag, str) else ""  # no comment
    return bool((inside + (element.tail or "")).strip())
