"""AsciiDoc by heading: titles, paragraphs, lists, listings and tables as a reader sees them.

A light reading. Includes are not followed, conditions not decided, only the page's own attributes
replaced. Asciidoctor itself is a Ruby program, and the readers in Python are young or unkept.
"""

import re
from collections.abc import Iterator

from catalogue.model import Part, Place
from connectors.extract.document import Document, iso_date, line, part, words
from connectors.extract.frontmatter import front_matter, many, one
from connectors.extract.text import decode

_HEADING = re.compile(r"(={1,6}|#{1,6})[ \t]+(\S.*?)(?:[ \t]+\1)?[ \t]*$")
_ATTRIBUTE = re.compile(r":([\w-]+):(?:[ \t]+(.*))?$")
_ANCHOR = re.compile(r"\[\[([\w:.-]+)(?:,.*)?\]\]$|\[#([\w:.-]+).*\]$")
_BLOCK = re.compile(r"\[.*\]$|(?:ifdef|ifndef|ifeval|endif|include|image|video|toc)::.*$|'{3,}$")
_FENCE = re.compile(r"(-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|```+.*|--)[ \t]*$")
_LITERAL = re.compile(r"[-.+`]{3}")  # what such a fence holds is shown as it is
_AUTHOR = re.compile(r"([^\W\d][^<>=|:]{1,80}?)\s*<[^<>]+>\s*(?:;|$)")
_LIST = re.compile(r"^[ \t]*(?:[*.-]{1,5}|\d+\.)[ \t]+")
_INLINE = (
    (re.compile(r"(?:link:|https?://)[^\s\[\]]+\[([^\]]+)\]"), r"\1"),
    (re.compile(r"(?:xref|image|kbd|btn|menu|footnote|mailto):[^\s\[\]]*\[([^\]]*)\]"), r"\1"),
    (re.compile(r"<<[^<>,]+,\s*([^<>]+)>>"), r"\1"),
    (re.compile(r"<<#?([^<>,]+)>>"), r"\1"),
    (re.compile(r"(?<!\w)([*_`#]{1,2})(?=\S)(.+?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"(?<!\w)\+(?=\S)(.+?)(?<=\S)\+(?!\w)"), r"\1"),
    (re.compile(r"[ \t]\+$"), ""),
)


def read(data: bytes) -> Document:
    front, text = front_matter(decode(data))
    page = _Page(text)
    parts = tuple(page.sections())
    return Document(
        title=one(front, "title") or page.title,
        language=one(front, "lang") or page.said.get("lang") or None,
        summary=one(front, "description") or page.said.get("description", ""),
        authors=words(many(front, "author", "authors") or [page.said.get("author", "")]),
        subjects=words(many(front, "tags", "keywords") or [page.said.get("keywords", "")]),
        updated=iso_date(one(front, "date") or page.said.get("revdate", "")),
        parts=parts,
    )


class _Page:
    """`said` are the page's own attributes. Both it and `title` are filled by reading on."""

    def __init__(self, text: str) -> None:
        self.title, self.said = "", dict[str, str]()
        self._lines = text.splitlines()

    def sections(self) -> Iterator[Part]:
        heading, anchor, named, pieces = "", "", "", list[str]()
        for text, shown in self._shown():
            match = None if shown else _HEADING.match(text)
            if not shown and (own := _ANCHOR.match(text)):
                named = own[1] or own[2]
            elif match and len(match[1]) == 1 and not self.title:
                self.title = self._inline(match[2])
            elif match:
                yield part("\n".join(pieces), Place.ANCHOR, anchor, heading)
                heading, pieces = line(self._inline(match[2])), []
                anchor, named = named or _identifier(heading), ""
            elif not self._aside(text, shown):
                pieces.append(text if shown else self._inline(text))
        yield part("\n".join(pieces), Place.ANCHOR, anchor, heading)

    def _shown(self) -> Iterator[tuple[str, bool]]:
        """Lines outside of comments, and whether they stand in a listing."""
        fence = ""
        for text in self._lines:
            opened = _FENCE.match(text) if not fence else None
            if fence and text.rstrip() == fence:
                fence = ""
            elif opened and (_LITERAL.match(text) or text.startswith("////")):
                fence = "```" if text.startswith("```") else text.rstrip()
            elif not opened and not fence.startswith("////"):
                yield text, bool(fence)

    def _aside(self, text: str, shown: bool) -> bool:
        """Whether the line is none of the page's text; attributes among such lines are kept."""
        if shown:
            return False
        if attribute := _ATTRIBUTE.match(text):
            self.said[attribute[1]] = self._inline(attribute[2] or "")
            return True
        if self.title and "author" not in self.said and _AUTHOR.match(text):
            self.said["author"] = ",".join(_AUTHOR.findall(text))
            return True
        return bool(_BLOCK.match(text)) or text.startswith(("//", "|==="))

    def _inline(self, text: str) -> str:
        text = re.sub(r"\{([\w-]+)\}", lambda m: self.said.get(m[1], m[0]), text)
        text = re.sub(r"^\.(?=[^\s.])", "", _LIST.sub("", text))
        for pattern, instead in _INLINE:
            text = pattern.sub(instead, text)
        return text.replace("|", " ").strip() if text.startswith("|") else text


def _identifier(heading: str) -> str:
    """A heading's anchor as Asciidoctor makes it."""
    return "_" + re.sub(r"[ ._-]+", "_", re.sub(r"[^\w .-]", "", heading.lower())).strip("_")
