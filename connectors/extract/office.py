"""DOCX by heading and PPTX by slide with its notes, through python-docx and python-pptx.

Not kreuzberg 4.10.4: it puts all text of a presentation on slide 1 (seen on all 33 files of several
slides) and drops `<`, `>` and `&` from DOCX, so that "R&D" reads "RD".
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

from catalogue.errors import BadItem
from catalogue.model import Part, Place
from connectors.extract.document import Document, part, utc, words
from connectors.extract.slug import Slugs
from connectors.formats.archives import open_zip, refuse_doctype

_HEADING = re.compile(r"(?:heading|überschrift|titre) ?(\d)$|title$", re.I)
_CONTENTS = re.compile(r"(toc|table of figures|index)( |$)", re.I)


def read_docx(data: bytes) -> Document:
    import docx

    document = _opened(docx.Document, data, "DOCX")
    return _described(document.core_properties, tuple(_sections(document)))


def read_pptx(data: bytes) -> Document:
    import pptx

    slides = _opened(pptx.Presentation, data, "PPTX")
    parts = tuple(_slide(number, slide) for number, slide in enumerate(slides.slides, 1))
    return _described(slides.core_properties, parts)


def _opened(opener: Callable[[io.BytesIO], Any], data: bytes, form: str) -> Any:
    refuse_doctype(open_zip(data))
    try:
        return opener(io.BytesIO(data))
    except (KeyError, ValueError, AttributeError, zipfile.BadZipFile, SyntaxError) as error:
        raise BadItem(f"is damaged or no {form} ({error})") from error


def _described(about: Any, parts: tuple[Part, ...]) -> Document:
    title = about.title or ""
    return Document(
        title="" if title == "PowerPoint Presentation" else title,
        language=about.language or None,
        authors=words([about.author or ""]),
        subjects=words([about.keywords or "", about.category or ""]),
        published=utc(about.created),
        updated=utc(about.modified),
        parts=parts,
    )


def _sections(document: Any) -> Iterator[Part]:
    """The text under each heading, in the order of the document."""
    slugs, heading, lines = Slugs(), "", list[str]()
    for style, text in _blocks(document.element.body, document):
        if _HEADING.match(style) and text.strip():
            yield part("\n".join(lines), Place.ANCHOR, slugs.current, heading)
            heading, lines = text, []
            slugs.next(text)
        elif not _CONTENTS.match(style):
            lines.append(text)
    yield part("\n".join(lines), Place.ANCHOR, slugs.current, heading)


def _blocks(container: Any, document: Any) -> Iterator[tuple[str, str]]:
    """Style and text of each paragraph and table row, content controls included."""
    from docx.oxml.ns import qn
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    for element in container.iterchildren():
        if element.tag == qn("w:p"):
            paragraph = Paragraph(element, document)
            yield _style(paragraph), paragraph.text
        elif element.tag == qn("w:tbl"):
            for row in Table(element, document).rows:
                yield "", _row(row, document)
        elif element.tag == qn("w:sdt") and element.find(qn("w:sdtContent")) is not None:
            yield from _blocks(element.find(qn("w:sdtContent")), document)


def _style(paragraph: Any) -> str:
    """The paragraph's style, or the heading style that it is based on."""
    style = named = paragraph.style
    for _ in range(10):  # a damaged file may base a style on itself
        if style is None or _HEADING.match(style.name or ""):
            break
        style = style.base_style
    return str((style or named).name or "") if named is not None else ""


def _row(row: Any, document: Any) -> str:
    """A table row's cells, with tables inside them; a merged one once."""
    cells = {id(c._tc): [text for _, text in _blocks(c._tc, document)] for c in row.cells}
    return " | ".join(text for lines in cells.values() if (text := "\n".join(lines).strip()))


def _slide(number: int, slide: Any) -> Part:
    title = slide.shapes.title
    heading = title.text_frame.text if title is not None else ""
    lines = [text for shape in slide.shapes if shape != title for text in _shape(shape)]
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame:
        lines.append(slide.notes_slide.notes_text_frame.text)
    text = "\n".join(lines)
    return part(text if text.strip() else heading, Place.SLIDE, str(number), heading)


def _shape(shape: Any, depth: int = 0) -> Iterator[str]:
    if getattr(shape, "has_text_frame", False):
        yield shape.text_frame.text
    elif getattr(shape, "has_table", False):
        for row in shape.table.rows:
            yield " | ".join(cell.text_frame.text for cell in row.cells)
    elif hasattr(shape, "shapes") and depth < 20:
        for inner in shape.shapes:
            yield from _shape(inner, depth + 1)
