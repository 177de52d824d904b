"""Each format's text lies at its own page, slide, sheet or anchor."""

import gzip
import io
from datetime import UTC, datetime

import docx
import pytest

from catalogue.model import Part
from connectors.extract.document import from_json, to_json
from connectors.extract.formats import format_of, read
from connectors.extract.pdf import pdf_date, without_running_lines
from tests.connectors import document_makers as make


def places(parts: tuple[Part, ...]) -> list[tuple[str, str, str]]:
    return [(str(p.locator) if p.locator else "", p.heading, p.text) for p in parts]


def test_pdf_by_page() -> None:
    pages = ["First things\nFirst words", "", "Third page", "Still later"]
    file = make.pdf(pages, title="A Guide", marks={1: "Start", 3: "Later"})
    document = read("guide.pdf", file)
    assert places(document.parts) == [
        ("page 1", "Start", "First things\nFirst words"),
        ("page 3", "Later", "Third page"),
        ("page 4", "Later", "Still later"),
    ]
    assert (document.title, document.authors) == ("A Guide", ("A. Writer",))
    assert document.published == datetime(2024, 2, 29, 10, 0, tzinfo=UTC)


def test_a_pdf_that_names_no_title_has_that_of_its_first_line() -> None:
    assert read("x.pdf", make.pdf(["The Guide\nmore"], title="doc1.docx")).title == "The Guide"


def test_running_lines_of_pdf_pages_are_left_out() -> None:
    pages = [f"Guide, release 2\nText {n}\n{n} Chapter {n}" for n in range(1, 6)]
    assert without_running_lines(pages) == [f"Text {n}" for n in range(1, 6)]
    assert without_running_lines(["One", "Two\nOne", "Three"]) == ["One", "Two\nOne", "Three"]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("D:20230306180657Z", datetime(2023, 3, 6, 18, 6, 57, tzinfo=UTC)),
        ("D:20150518143719-06'00'", datetime(2015, 5, 18, 20, 37, 19, tzinfo=UTC)),
        ("D:2015", datetime(2015, 1, 1, tzinfo=UTC)),
        ("D:20151399", None),
        ("yesterday", None),
    ],
)
def test_pdf_dates(text: str, moment: datetime | None) -> None:
    assert pdf_date(text) == moment


def test_docx_by_heading() -> None:
    file = make.word(
        ("", "Before any heading"),
        ("Heading 1", "Research & Development"),
        ("", "Use List<String> x = a >> 2"),
        ("|", "Name|Value"),
        ("Heading 2", "Details"),
        ("List Bullet", "one"),
        ("Heading 2", "Details"),
        ("", "again"),
        title="Handbook",
    )
    document = read("handbook.docx", file)
    assert places(document.parts) == [
        ("", "", "Before any heading"),
        (
            "anchor research--development",
            "Research & Development",
            "Use List<String> x = a >> 2\nName | Value",
        ),
        ("anchor details", "Details", "one"),
        ("anchor details-1", "Details", "again"),
    ]
    assert (document.title, document.authors) == ("Handbook", ("A. Writer",))


def test_tables_within_tables_and_content_controls_of_docx_are_read() -> None:
    document = docx.Document()
    cell = document.add_table(1, 2).rows[0].cells[0]
    cell.text = "outer"
    cell.add_table(1, 1).rows[0].cells[0].text = "inner"
    control = docx.oxml.parse_xml(
        f"<w:sdt {docx.oxml.ns.nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>controlled</w:t></w:r>"
        "</w:p></w:sdtContent></w:sdt>"
    )
    document.element.body.insert(0, control)
    stream = io.BytesIO()
    document.save(stream)
    (part,) = read("nested.docx", stream.getvalue()).parts
    assert part.text == "controlled\nouter\ninner"


def test_pptx_by_slide_with_notes() -> None:
    file = make.slides(
        ("Welcome", "", ""), ("Agenda", "First\nSecond", "Say hello"), ("End", "Thanks", "")
    )
    assert places(read("talk.pptx", file).parts) == [
        ("slide 1", "Welcome", "Welcome"),
        ("slide 2", "Agenda", "First\nSecond\nSay hello"),
        ("slide 3", "End", "Thanks"),
    ]


def test_xlsx_by_sheet() -> None:
    file = make.workbook({"Courses": [["Name", "Hours"], ["SQL", 3], ["Git", 1.5]], "Empty": []})
    assert places(read("list.xlsx", file).parts) == [
        ("sheet Courses", "Courses", "Name | Hours\nSQL | 3\nGit | 1.5")
    ]


PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>Backups — Our Handbook</title>
<meta name="description" content="How we keep data"><meta name="keywords" content="data, backup">
<style>p {}</style></head><body><nav><a href="/">Home</a></nav><div class="sphinxsidebar">menu</div>
<main><h1 id="backups">Backups<a class="headerlink" href="#backups">¶</a></h1>
<p>Every <b>night</b>, at&nbsp;two.<br>Always.</p><script>alert(1)</script>
<section id="restore"><span></span><h2>Restoring</h2><p>Ask <em>first</em>.</p>
<pre>tar  x
  -f</pre>tail<table><tr><td>a</td><td>b</td></tr></table></section>
<h3><a id="s3"></a>Third</h3><ul><li>one</li><li>two</li></ul></main>
<footer>(c)</footer></body></html>"""


def test_html_by_anchor_without_its_navigation() -> None:
    document = read("backups.html", PAGE.encode())
    assert places(document.parts) == [
        ("anchor backups", "Backups", "Every night, at two.\nAlways."),
        ("anchor restore", "Restoring", "Ask first.\n\ntar x\n-f\ntail\n\na b"),
        ("anchor s3", "Third", "one\ntwo"),
    ]
    assert (document.title, document.language) == ("Backups", "en-GB")
    assert (document.summary, document.subjects) == ("How we keep data", ("data", "backup"))


def test_a_page_that_is_one_form_or_has_no_main_part_is_read() -> None:
    page = "<body><form><div class='navbar'>Home</div><h2 id=a>Leave</h2><p>Ask.</p></form></body>"
    assert places(read("a.html", page.encode()).parts) == [("anchor a", "Leave", "Ask.")]


def test_html_in_another_encoding() -> None:
    file = "<meta charset=iso-8859-2><h1>Příručka</h1><p>Žluťoučký".encode("iso-8859-2")
    assert read("x.htm", file).parts[0].text == "Žluťoučký"


MARKDOWN = """---
title: Writing Good Tickets
tags: [work, writing]
author: A. Writer
date: 2025-03-01
---
Before.

# What & why?

See [the guide](https://example.org) and `code`.

## Steps

1. one
2. **two**

```
# not a heading
```

## Steps

| a | b |
|---|---|
| c | d |
"""


def test_markdown_by_heading_with_front_matter() -> None:
    document = read("tickets.md", MARKDOWN.encode())
    assert places(document.parts) == [
        ("", "", "Before."),
        ("anchor what--why", "What & why?", "See the guide and code."),
        ("anchor steps", "Steps", "one\ntwo\n# not a heading"),
        ("anchor steps-1", "Steps", "a\nb\nc\nd"),
    ]
    assert document.title == "Writing Good Tickets"
    assert (document.subjects, document.authors) == (("work", "writing"), ("A. Writer",))
    assert document.published == datetime(2025, 3, 1, tzinfo=UTC)


def test_text_by_underlined_heading() -> None:
    text = "A Guide\n=======\n\nHello.\n\n1. First\n--------\nWords\nfollow\n\n***\n"
    document = read("guide.txt.gz", gzip.compress(text.encode()))
    assert document.title == "A Guide"
    assert places(document.parts) == [
        ("", "A Guide", "Hello."),
        ("", "1. First", "Words\nfollow\n\n***"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_in_any_usual_encoding(encoding: str) -> None:
    assert read("a.txt", "Grüße – heute".encode(encoding)).parts[0].text == "Grüße – heute"


def test_epub_by_chapter() -> None:
    chapters = {
        "one.xhtml": '<h1 id="a">One</h1><p>First.</p>',
        "two.xhtml": '<section id="b"><h1>Two</h1><p>Second.</p></section>',
    }
    document = read("book.epub", make.epub(chapters))
    assert places(document.parts) == [
        ("anchor OEBPS/one.xhtml#a", "One", "First."),
        ("anchor OEBPS/two.xhtml#b", "Two", "Second."),
    ]
    assert (document.title, document.language) == ("A Book", "en-GB")


def test_formats_are_told_by_name() -> None:
    assert format_of("A/Policy.PDF.gz") is not None
    assert format_of("picture.png") is format_of("readme") is format_of("x.tar.gz") is None


def test_a_document_survives_json() -> None:
    document = read("guide.pdf", make.pdf(["One", "Two"], title="T", marks={1: "Start"}))
    assert from_json(to_json(document)) == document
