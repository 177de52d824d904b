"""Small files of each format, made by hand or by the libraries that the readers do not use."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import docx
import pptx


def pdf(
    pages: Sequence[str],
    title: str = "",
    marks: Mapping[int, str] | None = None,
    *,
    encrypted: bool = False,
) -> bytes:
    """A PDF with a line of text a `\\n`, an outline of `marks` (page → title), and its xref."""
    count, outline = len(pages), list((marks or {}).items())
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(count))
    first_mark = 4 + 2 * count
    objects = [
        "<< /Type /Catalog /Pages 2 0 R"
        + (f" /Outlines {first_mark} 0 R" if outline else "")
        + " >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(pages):
        lines = "".join(f"({line}) Tj T* " for line in text.split("\n"))
        stream = f"BT /F1 11 Tf 14 TL 50 780 Td {lines}ET" if text else ""
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
            f" /Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    if outline:
        last = first_mark + len(outline)
        objects.append(
            f"<< /Type /Outlines /First {first_mark + 1} 0 R /Last {last} 0 R"
            f" /Count {len(outline)} >>"
        )
        for n, (page, name) in enumerate(outline, first_mark + 1):
            following = f" /Next {n + 1} 0 R" if n < last else ""
            objects.append(
                f"<< /Title ({name}) /Parent {first_mark} 0 R /Dest [{2 + 2 * page} 0 R /Fit]"
                f"{following} >>"
            )
    about = f"<< /Title ({title}) /Author (A. Writer) /CreationDate (D:20240229120000+02'00') >>"
    objects.append(about)
    return _assembled(objects, encrypted)


def _assembled(objects: Sequence[str], encrypted: bool) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    lock = (
        f" /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >>"
        f" /ID [<{'43' * 16}> <{'43' * 16}>]"
        if encrypted
        else ""
    )
    count = len(objects)
    trailer = f"<< /Size {count + 1} /Root 1 0 R /Info {count} 0 R{lock} >>"
    return out + f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode()


def word(*blocks: tuple[str, str], title: str = "") -> bytes:
    """A DOCX of (style, text) paragraphs; a row of a table where the style is `|`."""
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.author = "A. Writer"
    for style, text in blocks:
        if style == "|":
            cells = text.split("|")
            row = document.add_table(1, len(cells)).rows[0]
            for cell, value in zip(row.cells, cells, strict=True):
                cell.text = value
        else:
            document.add_paragraph(text, style=style or None)
    document.sections[0].header.paragraphs[0].text = "running header"
    return _saved(document)


def slides(*pages: tuple[str, str, str], title: str = "") -> bytes:
    """A PPTX of (title, text, notes)."""
    presentation = pptx.Presentation()
    presentation.core_properties.title = title
    for heading, text, notes in pages:
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text_frame.text = heading
        slide.placeholders[1].text_frame.text = text
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    return _saved(presentation)


def _saved(document: "docx.document.Document | pptx.presentation.Presentation") -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def archive(members: Mapping[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return stream.getvalue()


def epub(chapters: Mapping[str, str], title: str = "A Book", doctype: str = "") -> bytes:
    """An EPUB of chapter files (name → body), in that order."""
    items = "".join(
        f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    package = (
        f'<?xml version="1.0"?>{doctype}'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>'
        "<dc:language>en-GB</dc:language><dc:creator>A. Writer</dc:creator></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    pages = {
        f"OEBPS/{name}": f"<html><head><title>x</title></head><body>{body}</body></html>"
        for name, body in chapters.items()
    }
    return archive({"META-INF/container.xml": container, "OEBPS/book.opf": package, **pages})


def workbook(sheets: Mapping[str, Sequence[Sequence[str | float]]], prolog: str = "") -> bytes:
    """An XLSX with its strings inline."""
    spaces = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    names = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="r{n}" Type="{relations}/worksheet" Target="worksheets/s{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/s{n}.xml" ContentType="{kind}.worksheet+xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    members = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
        '.relationships+xml"/><Override PartName="/xl/workbook.xml"'
        f' ContentType="{kind}.sheet.main+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r"'
        f' Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{prolog}<workbook {spaces} xmlns:r="{relations}">'
        f"<sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f"{links}</Relationships>",
    }
    for n, rows in enumerate(sheets.values(), 1):
        body = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
        members[f"xl/worksheets/s{n}.xml"] = (
            f"<worksheet {spaces}><sheetData>{body}</sheetData></worksheet>"
        )
    return archive(members)


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f"<c><v>{value}</v></c>"
