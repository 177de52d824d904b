"""The sample's documents: PDF with a text layer, DOCX, PPTX with notes, XLSX."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

import docx as word
import openpyxl
import pptx as slides
from openpyxl.styles import Font
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer

from config.sample.build_feeds import teaser
from config.sample.texts import Section, Text

_MADE = b"2026-09-01T00:00:00Z"
_ZIPPED = (2026, 9, 1, 0, 0, 0)
_TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Savable(Protocol):
    def save(self, to: io.BytesIO, /) -> None: ...


def pdf(text: Text) -> bytes:
    """One page a section."""
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, title=text.title, author=text.fields["author"], lang=text.fields["lang"],
        invariant=1,
    )  # fmt: skip
    styles = getSampleStyleSheet()
    story = [Paragraph(text.title, styles["Title"])]
    for number, section in enumerate(text.sections):
        story += [PageBreak()] if number else []
        story += [Paragraph(section.heading, styles["Heading1"])]
        for paragraph in section.body.split("\n\n"):
            story += [Paragraph(paragraph, styles["BodyText"]), Spacer(1, 8)]
    document.build(story)
    # Of the same length, so that the offsets at the file's end still hold.
    return out.getvalue().replace(b"D:20000101000000", b"D:20260901000000")


def docx(text: Text) -> bytes:
    document = word.Document()
    _describe(document.core_properties, text)
    document.add_heading(text.title, 0)
    for section in text.sections:
        document.add_heading(section.heading, 1)
        for paragraph in section.body.split("\n\n"):
            document.add_paragraph(paragraph)
    return _saved(document)


def pptx(text: Text) -> bytes:
    """A title slide, then one slide a section; what follows `Notes:` is spoken."""
    deck = slides.Presentation()
    _describe(deck.core_properties, text)
    opening = deck.slides.add_slide(deck.slide_layouts[0])
    opening.shapes.title.text = text.title
    opening.placeholders[1].text = text.fields["author"]
    for section in text.sections:
        _add_slide(deck, section)
    return _saved(deck)


def _add_slide(deck: Any, section: Section) -> None:
    points, _, notes = section.body.partition("Notes: ")
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = section.heading
    lines = [line.removeprefix("- ") for line in points.strip().splitlines()]
    slide.placeholders[1].text = "\n".join(lines)
    slide.notes_slide.notes_text_frame.text = notes.strip()


def workbook(text: Text) -> bytes:
    """One sheet a section, cells separated by `|`."""
    sheets = {s.heading: [_cells(line) for line in s.body.splitlines()] for s in text.sections}
    return _workbook(sheets, text.title)


def sessions(texts: Sequence[Text], address: str) -> bytes:
    about = ["Number", "Title", "Link", "Summary", "Description"]
    head: list[object] = [*about, "Start", "End", "Place", "Format", "Trainer", "Seats", "Topics"]
    rows = [head, *(_session(text, address) for text in texts)]
    return _workbook({"Sessions": rows}, "Live sessions")


def _session(text: Text, address: str) -> list[object]:
    start, end = (datetime.fromisoformat(text.fields[name]) for name in ("start", "end"))
    about = [text.slug, text.title, f"{address}/{text.slug}", teaser(text), text.body]
    told = [text.fields[name] for name in ("place", "format", "trainer")]
    return [*about, start, end, *told, int(text.fields["seats"]), text.fields["tags"]]


def _cells(line: str) -> list[object]:
    return [cell.strip() for cell in line.split("|")]


def _workbook(sheets: dict[str, list[list[object]]], title: str) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.title = title
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cell in sheet[1]:
            cell.font = Font(bold=True)
    return _saved(book)


def _describe(properties: Any, text: Text) -> None:
    properties.title = text.title
    properties.author = text.fields["author"]
    properties.language = text.fields["lang"]
    properties.comments = ""


def _saved(document: Savable) -> bytes:
    """The archive with the clock taken out of it."""
    out, steady = io.BytesIO(), io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(steady, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _ZIPPED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            data = old.read(name)
            new.writestr(entry, _TIME.sub(_MADE, data) if name == "docProps/core.xml" else data)
    return steady.getvalue()
