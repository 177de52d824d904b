"""What each format of package says, and what of it is left unread."""

from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import BadItem
from catalogue.model import Delivery, Draft, Kind, Level
from connectors.formats.lom import read_lom
from connectors.formats.packages import read_package
from connectors.formats.packages.draft import package_draft
from connectors.formats.packages.pages import templated
from connectors.formats.xml import parse
from tests.connectors import document_makers as make
from tests.connectors.sites import package as site

Texts = list[tuple[str, str, str]]


def draft(members: site.Members, root: str = "") -> Draft:
    package = read_package(make.archive(members))
    place = {"path": "a file.zip", "url": "https://x.example/a.zip", "root": root}
    return package_draft({**place, "package": package}, None)


def texts(read: Draft) -> Texts:
    """Unit, heading and text of each part."""
    return [(p.locator.value if p.locator else "", p.heading, p.text) for p in read.parts]


def test_scorm_1_2() -> None:
    read = draft(site.SCORM12)
    assert (read.title, read.language, read.duration) == (
        "Working safely on ladders",
        "en-GB",
        2700,
    )
    assert (read.level, read.licence, read.kind) == (Level.BEGINNER, "CC BY-SA 4.0", Kind.COURSE)
    assert (read.authors, read.subjects) == (("Ada Rungs",), ("working at height", "ladder"))
    assert read.delivery is Delivery.SELF_PACED
    assert texts(read) == [
        ("I1", "Before you climb", "Before you climb"),
        ("I11", "Choosing a ladder", "Stepladders stand alone; others lean."),
        ("I12", "Inspecting it", "Look for bent rungs and missing feet."),
        ("I3", "Check yourself", "Check yourself"),
    ]


def test_a_package_without_a_title_has_its_name() -> None:
    nameless = site.CONTENT_PACKAGE[site.MANIFEST].replace("Statistics without tears", "")
    assert draft({**site.CONTENT_PACKAGE, site.MANIFEST: nameless}).title == "a file"


def test_scorm_2004() -> None:
    read = draft(site.SCORM2004)
    assert read_package(make.archive(site.SCORM2004))["form"] == "SCORM 2004 3rd Edition"
    assert (read.title, read.language, read.duration) == ("Bessere E-Mails", "de", 5400)
    assert (read.provider, read.skills) == ("Akademie Beispiel", ("schriftlich kommunizieren",))
    assert texts(read)[1] == ("B", "Die Empfänger", "In Kopie steht nur, wer nichts tun muss.")


def test_aicc_keeps_the_order_of_its_structure() -> None:
    read = draft(site.AICC)
    assert read.summary == "Which extinguisher puts out which fire,\nand how to use it."
    assert [text[1:] for text in texts(read)] == [
        ("Fires", "Classes of fire"),
        ("Burning solids", "Class A fires"),
        ("Burning solids", "Water cools wood, paper and cloth."),
        ("Burning liquids, and oil", "Class B fires"),
        ("Burning liquids, and oil", "Never pour water on burning oil; smother it."),
    ]


def test_aicc_blocks_that_hold_each_other_end() -> None:
    loop = {**site.AICC, "course.cst": '"Block","Member"\n"root","B1"\n"B1","A1","B1","root"\n'}
    assert [p.heading for p in draft(loop).parts][:1] == ["Fires"]
    deep = "".join(f'"B{n}","B{n + 1}"\n' for n in range(30))
    with pytest.raises(BadItem, match="more than 20 levels"):
        draft({**site.AICC, "course.cst": f'"block","member"\n"root","B0"\n{deep}'})


def test_aicc_without_a_structure_lists_its_units() -> None:
    read = draft({**site.AICC, "course.cst": '"block","member"\n'})
    assert {p.locator.value for p in read.parts if p.locator} == {"A1", "A2"}


def test_cmi5() -> None:
    read = draft(site.CMI5)
    places = [(p.heading, p.text, p.locator.url if p.locator else "") for p in read.parts]
    assert places == [
        ("Basics", "First steps.", None),
        ("Committing", "Save a version.", None),
        ("Committing", "A commit says what changed and why.", None),
        ("Reading on", "A book about branches.", "https://books.example.org/git"),
    ]


def test_a_page_that_several_units_launch_belongs_to_none() -> None:
    twice = site.CMI5["cmi5.xml"].replace(
        "https://books.example.org/git?token=abc", "commit.html?step=2"
    )
    read = draft({**site.CMI5, "cmi5.xml": twice})
    assert texts(read)[0] == ("", "Committing", "A commit says what changed and why.")
    assert len([p for p in read.parts if "what changed" in p.text]) == 1


def test_xapi() -> None:
    read = draft(site.TINCAN)
    assert (read.title, read.language) == ("Giving feedback", "en-GB")
    assert [text[1:] for text in texts(read)][1:] == [
        ("Giving feedback", "Feedback describes behaviour, not character."),
        ("Listening first", "Ask before you tell."),
    ]


def test_a_cartridge_shows_what_learners_see() -> None:
    read = draft(site.CARTRIDGE, root="https://x.example/garden/")
    assert (read.title, read.licence, read.delivery) == ("Garden soil", "Public Domain", None)
    assert [(p.heading, p.text, p.locator.url if p.locator else "") for p in read.parts] == [
        ("Soil", "Soil", None),
        (
            "What soil is made of: Clay",
            "Clay holds water.",
            "https://x.example/garden/wiki_content/soil.html",
        ),
        ("Your garden", "Dig, and describe it.", None),
        ("Soil maps", "Soil maps", "https://maps.example.org/soil"),
        ("Quiz", "Quiz", None),
        ("Compost", "Compost feeds soil.", "https://x.example/garden/wiki_content/compost.html"),
    ]


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        (
            "course_settings/files_meta.xml",
            '<fileMeta xmlns="http://canvas.instructure.com/xsd/cccv1p0"><files>'
            '<file identifier="P3"><hidden>true</hidden></file></files></fileMeta>',
        ),
        (
            "course_settings/files_meta.xml",
            '<m><file identifier="P3"><locked>true</locked></file></m>',
        ),
        ("wiki_content/compost.html", '<meta name="workflow_state" content="unpublished"><p>Soon'),
    ],
)
def test_what_canvas_withholds_is_left_out(name: str, settings: str) -> None:
    read = draft({**site.CARTRIDGE, name: settings})
    assert [p.heading for p in read.parts][-1] == "Quiz"


def test_items_that_canvas_does_not_show_are_left_out() -> None:
    modules = (
        '<modules xmlns="http://canvas.instructure.com/xsd/cccv1p0"><module identifier="M1">'
        "<workflow_state>unpublished</workflow_state><items><item identifier='T3'>"
        "<workflow_state>unpublished</workflow_state></item></items></module></modules>"
    )
    read = draft({**site.CARTRIDGE, "course_settings/module_meta.xml": modules})
    assert [p.heading for p in read.parts] == [
        "What soil is made of: Clay",
        "Your garden",
        "Quiz",
        "Compost",
    ]


def test_a_damaged_discussion_costs_itself_alone() -> None:
    package = read_package(make.archive({**site.CARTRIDGE, "D1.xml": "<topic>"}))
    assert "D1.xml that is no well-formed XML" in package["unread"][0]
    assert "Clay" in str(package["units"])


def test_h5p_by_slide_without_questions() -> None:
    read = draft(site.H5P)
    assert (read.title, read.licence, read.authors) == (
        "Kitchen hygiene",
        "CC BY 4.0",
        ("Cass Role",),
    )
    assert texts(read) == [
        ("slide-1", "Clean hands", "Hands\nWash for 20 seconds."),
        ("slide-2", "Clean tools", "Rinse, wash, then rinse again."),
    ]


def h5p(library: str, content: str) -> Draft:
    about = f'{{"title": "T &amp; U", "mainLibrary": "{library}", "license": "U"}}'
    return draft({"h5p.json": about, "content/content.json": content})


def test_h5p_pieces_of_content_are_units() -> None:
    content = """{"chapters": [
      {"library": "H5P.Column 1.16", "subContentId": "c1", "metadata": {"title": "One"},
       "params": {"content": [{"useSeparator": "auto", "content":
        {"library": "H5P.AdvancedText 1.1", "subContentId": "t1", "params": {"text": "<p>Hi</p>"},
         "metadata": {"title": "Untitled Text"}}}]}},
      {"library": "H5P.QuestionSet 1.20", "subContentId": "c2", "metadata": {"title": "Test"},
       "params": {"questions": [{"library": "H5P.TrueFalse 1.8", "params": {"question": "No?"}}]}}
    ]}"""
    read = h5p("H5P.InteractiveBook", content)
    assert (read.title, read.licence, read.kind) == ("T & U", "", Kind.COURSE)
    assert texts(read) == [("c1", "One", "One"), ("t1", "", "Hi"), ("c2", "Test", "Test")]


def test_h5p_of_one_piece() -> None:
    accordion = '{"panels": [{"title": "Why?", "content": "<p>Because.</p>"}], "hTag": "h2"}'
    assert [p.text for p in h5p("H5P.Accordion", accordion).parts] == ["Why?\nBecause."]
    assert h5p("H5P.MultiChoice", '{"question": "Why?"}').parts == ()
    assert h5p("H5P.InteractiveVideo", "{}").kind is Kind.VIDEO


def test_documents_are_read_beside_pages() -> None:
    manifest = site.CONTENT_PACKAGE[site.MANIFEST].replace(
        'href="mean.html">', 'href="mean.html"><file href="more.docx"/><file href="photo.jpg"/>'
    )
    word = make.word(("", "The mode is the most frequent value."))
    members = make.archive(
        {**site.CONTENT_PACKAGE, site.MANIFEST: manifest, "more.docx": word, "photo.jpg": b"x"}
    )
    units = read_package(members)["units"]
    assert [d["parts"][0]["text"] for d in units[0]["documents"]] == [
        "One rich guest moves the mean, but not the median.",
        "The mode is the most frequent value.",
    ]


def test_pages_in_templates_are_read() -> None:
    page = '<script type="text/template"><h1>One</h1><p>Geology</p></script><p>Loading…</p>'
    found = templated(page.encode())
    assert found
    assert [(p.heading, p.text) for p in found.parts] == [("One", "Geology")]
    assert templated(b"<script type='text/javascript'>if (a < b) {}</script>") is None


def test_packages_packed_on_windows() -> None:
    twisted = {name.replace("/", "\\"): text for name, text in site.SCORM12.items()}
    twisted["IMSManifest.XML"] = twisted.pop("imsmanifest.xml")
    assert texts(draft(twisted)) == texts(draft(site.SCORM12))


def test_an_encrypted_manifest_is_named(tmp_path: Path) -> None:
    data = bytearray(make.archive({"imsmanifest.xml": "<manifest/>" * 9}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(BadItem, match=r"'imsmanifest\.xml' that can be read: it is encrypted"):
        read_package(bytes(data))


LOMS = {
    "IEEE": """<lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general><title>
      <string language="en">T</string><string language="de">U</string></title>
      <language>none</language><keyword><string>a</string></keyword><keyword><string>b</string>
      </keyword></general><lifeCycle><contribute><role><source>LOMv1.0</source>
      <value>author</value></role>
      <entity>BEGIN:VCARD&#10;ORG:Works\\, Ltd&#10;FN:Ada B.&#10;END:VCARD</entity></contribute>
      </lifeCycle><technical><duration><duration>PT2M</duration></duration>
      </technical></lom>""",
    "IMS": """<lom><general><title><langstring>T</langstring></title>
      <keywords><langstring>a</langstring><langstring>b</langstring></keywords></general>
      <lifecycle><contribute><role><value><langstring>Author</langstring></value></role>
      <centity><vcard>BEGIN:VCARD N:B;Ada FN:Ada B. END:VCARD</vcard></centity></contribute>
      </lifecycle><educational><typicallearningtime><datetime>PT2M</datetime>
      </typicallearningtime></educational></lom>""",
}


@pytest.mark.parametrize("form", LOMS)
def test_lom_in_its_spellings(form: str) -> None:
    expected: dict[str, Any] = {
        "title": "T",
        "keywords": ["a", "b"],
        "duration": "PT2M",
        "authors": ["Ada B."],
    }
    assert read_lom(parse(LOMS[form].encode())) == expected
