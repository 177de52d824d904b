"""A folder of learning packages, one or more of each format, in the shape their tools write."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

MANIFEST = "imsmanifest.xml"
Members = Mapping[str, str]


def page(title: str, body: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}'
        f"<script>var noise = 'not content';</script></head><body>{body}</body></html>"
    )


def pack(path: Path, members: Members, folder: str = "") -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in members.items():
            out.writestr(zipfile.ZipInfo(folder + name), text)


SCORM12 = {
    MANIFEST: """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="org.example.ladders" version="1.1"
    xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion>
    <adlcp:location>metadata/course.xml</adlcp:location></metadata>
  <organizations default="en"><organization identifier="fr"><title>Les échelles</title>
    </organization><organization identifier="en"><title>Working safely on ladders</title>
    <item identifier="I1"><title>Before you climb</title>
      <item identifier="I11" identifierref="R1"><title>Choosing a ladder</title></item>
      <item identifier="I12" identifierref="R2"><title>Inspecting it</title></item></item>
    <item identifier="I2" identifierref="R3" isvisible="false"><title>Trainer notes</title></item>
    <item identifier="I3" identifierref="R4" parameters="?set=1">
      <title>Check yourself</title></item>
  </organization></organizations>
  <resources xml:base="sco/">
    <resource identifier="R1" type="webcontent" adlcp:scormtype="sco" href="choosing%20one.html">
      <file href="choosing%20one.html"/><dependency identifierref="C"/></resource>
    <resource identifier="R2" type="webcontent" adlcp:scormtype="sco" href="Inspecting.html">
      <file href="Inspecting.html"/></resource>
    <resource identifier="R3" type="webcontent" adlcp:scormtype="sco" href="trainer.html"/>
    <resource identifier="R4" type="webcontent" adlcp:scormtype="sco" href="quiz.html"/>
    <resource identifier="C" type="webcontent" adlcp:scormtype="asset">
      <file href="common.css"/></resource>
  </resources></manifest>""",
    "metadata/course.xml": """<?xml version="1.0"?>
<lom xmlns="http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"><general>
  <title><langstring xml:lang="en">Working safely on ladders</langstring></title>
  <language>en-GB</language>
  <description><langstring xml:lang="en">How to choose, inspect and climb a ladder.</langstring>
  </description><keyword><langstring xml:lang="en">working at height</langstring></keyword>
  <keyword><langstring xml:lang="en">ladder</langstring></keyword></general>
  <lifecycle><contribute><role><source><langstring>LOMv1.0</langstring></source>
    <value><langstring>Author</langstring></value></role>
    <centity><vcard>BEGIN:VCARD FN:Ada Rungs N:Rungs;Ada END:VCARD</vcard></centity>
    <date><datetime>2021-03-04</datetime></date></contribute></lifecycle>
  <educational><difficulty><source><langstring>LOMv1.0</langstring></source>
    <value><langstring>easy</langstring></value></difficulty>
    <typicallearningtime><datetime>00:45:00</datetime></typicallearningtime></educational>
  <rights><copyrightandotherrestrictions><value><langstring>yes</langstring></value>
    </copyrightandotherrestrictions><description><langstring>CC BY-SA 4.0</langstring>
    </description></rights></lom>""",
    "sco/choosing one.html": page(
        "Choosing", "<h1>Choosing a ladder</h1><p>Stepladders stand alone; others lean.</p>"
    ),
    "sco/inspecting.html": page("Inspecting", "<p>Look for bent rungs and missing feet.</p>"),
    "sco/trainer.html": page("Trainer", "<p>The answers are B, C and A.</p>"),
    "sco/quiz.html": page("Quiz", "<script>draw(questions)</script>"),
    "sco/common.css": "body { color: black }",
}

SCORM2004 = {
    MANIFEST: """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="org.example.email" version="1"
    xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3"
    xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
  <metadata><schema>ADL SCORM</schema><schemaversion>2004 3rd Edition</schemaversion>
    <lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general>
      <title><string language="de">Bessere E-Mails</string></title><language>de</language>
      <description><string language="de">Kurz, klar und an die Richtigen schreiben.</string>
      </description><keyword><string language="de">Kommunikation</string></keyword></general>
      <lifeCycle><contribute><role><source>LOMv1.0</source><value>publisher</value></role>
        <entity>BEGIN:VCARD
VERSION:3.0
FN:Akademie Beispiel
END:VCARD</entity></contribute></lifeCycle>
      <educational><typicalLearningTime><duration>PT1H30M</duration></typicalLearningTime>
      </educational><classification><purpose><source>LOMv1.0</source><value>competency</value>
        </purpose><taxonPath><taxon><entry><string language="de">schriftlich kommunizieren</string>
        </entry></taxon></taxonPath></classification></lom></metadata>
  <organizations default="O"><organization identifier="O" structure="hierarchical">
    <title>Bessere E-Mails</title>
    <item identifier="A" identifierref="RA"><title>Der Betreff</title>
      <imsss:sequencing><imsss:controlMode choice="true"/></imsss:sequencing></item>
    <item identifier="B" identifierref="RB"><title>Die Empfänger</title></item>
    <imsss:sequencing><imsss:controlMode flow="true"/></imsss:sequencing></organization>
  </organizations>
  <resources>
    <resource identifier="RA" type="webcontent" adlcp:scormType="sco" href="betreff.html">
      <file href="betreff.html"/></resource>
    <resource identifier="RB" type="webcontent" adlcp:scormType="sco" href="empfaenger.html"/>
  </resources></manifest>""",
    "betreff.html": page("Der Betreff", "<p>Der Betreff sagt, was zu tun ist und bis wann.</p>"),
    "empfaenger.html": page("Empfänger", "<p>In Kopie steht nur, wer nichts tun muss.</p>"),
}

AICC = {
    "course.crs": """[Course]
Course_Creator=Example Works
Course_ID=FX-100
Course_System=HTML
Course_Title=Fire extinguishers
Level=1
Total_AUs=2
Version=4.0
[Course_Behavior]
Max_Normal=99
[Course_Description]
Which extinguisher puts out which fire,
and how to use it.
""",
    "course.des": (
        '"system_id","developer_id","title","description"\n'
        '"B1","b1","Fires","Classes of fire"\n"A1","a1","Burning solids","Class A fires"\n'
        '"A2","a2","Burning liquids, and oil","Class B fires"\n'
    ),
    "course.au": (
        '"System_ID","type","command_line","file_name","max_time_allowed"\n'
        '"A1","lesson","","au/solids.html",""\n"A2","lesson","","au/liquids.html",""\n'
    ),
    "course.cst": '"block","member"\n"root","B1"\n"B1","A1","A2"\n',
    "au/solids.html": page("Solids", "<p>Water cools wood, paper and cloth.</p>"),
    "au/liquids.html": page("Liquids", "<p>Never pour water on burning oil; smother it.</p>"),
}

CMI5 = {
    "cmi5.xml": """<?xml version="1.0" encoding="utf-8"?>
<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">
  <course id="https://example.org/courses/git"><title>
    <langstring lang="en-US">Git for writers</langstring></title>
    <description><langstring lang="en-US">Keep every version of a text.</langstring>
    </description></course>
  <block id="https://example.org/courses/git/basics"><title>
    <langstring lang="en-US">Basics</langstring></title>
    <description><langstring lang="en-US">First steps.</langstring></description>
    <au id="https://example.org/courses/git/commit" moveOn="Completed"><title>
      <langstring lang="en-US">Committing</langstring></title>
      <description><langstring lang="en-US">Save a version.</langstring></description>
      <url>commit.html?step=1</url></au></block>
  <au id="https://example.org/courses/git/elsewhere" moveOn="Completed"><title>
    <langstring lang="en-US">Reading on</langstring></title>
    <description><langstring lang="en-US">A book about branches.</langstring></description>
    <url>https://books.example.org/git?token=abc</url></au>
</courseStructure>""",
    "commit.html": page("Committing", "<p>A commit says what changed and why.</p>"),
}

TINCAN = {
    "tincan.xml": """<?xml version="1.0" encoding="utf-8"?>
<tincan xmlns="http://projecttincan.com/tincan.xsd"><activities>
  <activity id="https://example.org/xapi/feedback"
      type="http://adlnet.gov/expapi/activities/course">
    <name lang="en-GB">Giving feedback</name>
    <description lang="en-GB">Say what you saw, and what it did.</description>
    <launch lang="en-GB">story.html</launch></activity>
  <activity id="https://example.org/xapi/feedback/listen"
      type="http://adlnet.gov/expapi/activities/module">
    <name lang="en-GB">Listening first</name><description lang="en-GB">Ask before you tell.
    </description></activity></activities></tincan>""",
    "story.html": page("Story", "<p>Feedback describes behaviour, not character.</p>"),
}

CONTENT_PACKAGE = {
    MANIFEST: """<?xml version="1.0"?>
<manifest identifier="statistics" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1">
  <metadata><schema>IMS Content</schema><schemaversion>1.1.4</schemaversion></metadata>
  <organizations><organization identifier="O"><title>Statistics without tears</title>
    <item identifier="mean" identifierref="R"><title>Mean and median</title></item>
  </organization></organizations>
  <resources><resource identifier="R" type="webcontent" href="mean.html">
    <file href="mean.html"/></resource></resources></manifest>""",
    "mean.html": page("Mean", "<p>One rich guest moves the mean, but not the median.</p>"),
}

_CANVAS = '<meta name="workflow_state" content="{}"/>'
CARTRIDGE = {
    MANIFEST: """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="cc" xmlns="http://www.imsglobal.org/xsd/imsccv1p2/imscp_v1p1"
    xmlns:lom="http://ltsc.ieee.org/xsd/imsccv1p2/LOM/resource"
    xmlns:lomimscc="http://ltsc.ieee.org/xsd/imsccv1p2/LOM/manifest">
  <metadata><schema>IMS Common Cartridge</schema><schemaversion>1.2.0</schemaversion>
    <lomimscc:lom><lomimscc:general><lomimscc:title><lomimscc:string>Garden soil</lomimscc:string>
      </lomimscc:title></lomimscc:general><lomimscc:rights><lomimscc:description>
      <lomimscc:string>Public Domain - http://en.wikipedia.org/wiki/Public_domain</lomimscc:string>
      </lomimscc:description></lomimscc:rights></lomimscc:lom></metadata>
  <organizations><organization identifier="org_1" structure="rooted-hierarchy">
    <item identifier="LearningModules"><item identifier="M1"><title>Soil</title>
      <item identifier="T1" identifierref="P1"><title>What soil is made of</title></item>
      <item identifier="T2" identifierref="D1"><title>Your garden</title></item>
      <item identifier="T3" identifierref="L1"><title>Soil maps</title></item>
      <item identifier="T4" identifierref="P2"><title>Draft: worms</title></item>
      <item identifier="T5" identifierref="Q1"><title>Quiz</title></item></item></item>
  </organization></organizations>
  <resources>
    <resource identifier="P1" type="webcontent" href="wiki_content/soil.html">
      <file href="wiki_content/soil.html"/></resource>
    <resource identifier="P2" type="webcontent" href="wiki_content/worms.html"/>
    <resource identifier="P3" type="webcontent" href="wiki_content/compost.html"/>
    <resource identifier="P4" type="webcontent" href="web_resources/key.html"><metadata><lom:lom>
      <lom:educational><lom:intendedEndUserRole><lom:source>IMSGLC_CC_Rolesv1p2</lom:source>
      <lom:value>Instructor</lom:value></lom:intendedEndUserRole></lom:educational></lom:lom>
      </metadata></resource>
    <resource identifier="D1" type="imsdt_xmlv1p2"><file href="D1.xml"/></resource>
    <resource identifier="L1" type="imswl_xmlv1p2"><file href="L1.xml"/></resource>
    <resource identifier="Q1" type="imsqti_xmlv1p2/imscc_xmlv1p2/assessment">
      <file href="Q1/assessment_qti.xml"/></resource>
  </resources></manifest>""",
    "wiki_content/soil.html": page(
        "Soil", "<h2 id='clay'>Clay</h2><p>Clay holds water.</p>", _CANVAS.format("active")
    ),
    "wiki_content/worms.html": page("Worms", "<p>Unfinished.</p>", _CANVAS.format("unpublished")),
    "wiki_content/compost.html": page("Compost", "<p>Compost feeds soil.</p>"),
    "web_resources/key.html": page("Key", "<p>The answer is clay.</p>"),
    "D1.xml": '<topic xmlns="http://www.imsglobal.org/xsd/imsccv1p2/imsdt_v1p2"><title>Your garden'
    '</title><text texttype="text/html">&lt;p&gt;Dig, and &lt;b&gt;describe&lt;/b&gt; it.'
    "&lt;/p&gt;</text></topic>",
    "L1.xml": '<webLink xmlns="http://www.imsglobal.org/xsd/imsccv1p2/imswl_v1p2"><title>Soil maps'
    '</title><url href="https://maps.example.org/soil"/></webLink>',
    "Q1/assessment_qti.xml": '<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">'
    '<assessment ident="Q1" title="Quiz"><section><item><presentation><material><mattext>Secret'
    "?</mattext></material></presentation></item></section></assessment></questestinterop>",
}


def _piece(library: str, number: int, title: str, **params: object) -> dict[str, object]:
    return {
        "library": library,
        "params": params,
        "subContentId": f"00000000-0000-4000-8000-{number:012}",
        "metadata": {"contentType": "Text", "license": "U", "title": title},
    }


def _slide(title: str, *pieces: dict[str, object]) -> dict[str, object]:
    elements = [{"x": 30.5, "y": 2, "width": 40, "action": piece} for piece in pieces]
    return {"elements": elements, "keywords": [{"main": title}], "slideBackgroundSelector": {}}


_SLIDES = [
    _slide(
        "Clean hands",
        _piece("H5P.AdvancedText 1.1", 1, "Wash", text="<h2>Hands</h2><p>Wash for 20 seconds.</p>"),
    ),
    _slide(
        "Clean tools",
        _piece("H5P.AdvancedText 1.1", 2, "Rinse", text="<p>Rinse, wash, then rinse again.</p>"),
        _piece("H5P.MultiChoice 1.16", 3, "Try it", question="<p>How long?</p>"),
    ),
]
H5P = {
    "h5p.json": json.dumps(
        {
            "title": "Kitchen hygiene",
            "language": "en",
            "mainLibrary": "H5P.CoursePresentation",
            "embedTypes": ["div"],
            "license": "CC BY",
            "licenseVersion": "4.0",
            "authors": [{"name": "Cass Role", "role": "Author"}],
            "metaDescription": "Clean hands, clean tools.",
            "preloadedDependencies": [
                {"machineName": "H5P.CoursePresentation", "majorVersion": 1, "minorVersion": 24}
            ],
        }
    ),
    "content/content.json": json.dumps(
        {
            "presentation": {"slides": _SLIDES, "keywordListEnabled": True},
            "l10n": {"slide": "Slide", "title": "Words of a button"},
            "override": {"activeSurface": False},
        }
    ),
}

PACKED: Mapping[str, Members] = {
    "aicc/extinguishers.zip": AICC,
    "email.zip": SCORM2004,
    "feedback.zip": TINCAN,
    "git.zip": CMI5,
    "hygiene.h5p": H5P,
    "ladders.zip": SCORM12,
    "statistics.zip": CONTENT_PACKAGE,
}


def files(folder: Path, world: str = "whole") -> dict[str, object]:
    """Write the packages below `folder`; "dented" has one whose manifest lies in a sub-folder."""
    for name, members in PACKED.items():
        if world == "shrunk" and name == "git.zip":
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pack(path, members, "git/" if world == "dented" and name == "git.zip" else "")
    for name, text in CARTRIDGE.items():
        path = folder / "garden" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return {"path": str(folder.absolute())}
