"""A folder of Moodle backups: six courses, one of them hidden, one backed up twice."""

import hashlib
import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from tests.connectors import document_makers as make

SECRETS: tuple[str, ...] = ()
SITE = "https://campus.example/moodle"
MADE = 1760000000  # 9 October 2025
NULL = "$@NULL@$"

_COURSES = {
    21: (
        "Lifting and carrying",
        "<h3>Before lifting</h3><p>Test the weight, clear the way, ask for help above 25 kg.</p>"
        "<h3>Lifting</h3><p>Bend the knees, keep the back straight and the load close.</p>",
    ),
    22: (
        "Chairing a meeting",
        "<h3>Agenda</h3><p>Each item has a question, a person and a time.</p>"
        "<h3>Decisions</h3><p>Say them aloud, write down who does what by when.</p>",
    ),
    23: (
        "Regular expressions",
        "<h3>Classes</h3><p><code>[0-9]+</code> matches one digit or more.</p>"
        "<h3>Groups</h3><p>Parentheses capture; <code>(?:…)</code> does not.</p>",
    ),
    24: (
        "Hygiene in der Küche",
        "<h3>Kühlkette</h3><p>Fleisch unter 4 °C lagern, Temperaturen täglich aufschreiben.</p>",
    ),
    25: (
        "Budgeting for team leads",
        "<h3>Fixed and variable</h3><p>Rent stays, material moves with output.</p>",
    ),
}


def settings_of(folder: Path) -> dict[str, object]:
    return {"path": str(folder)}


def files(folder: Path, world: str = "whole") -> dict[str, object]:
    """`shrunk` lacks course 23; in `dented` what says what the course holds is broken."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in _COURSES:
        if world == "shrunk" and number == 23:
            continue
        members = course(number)
        if world == "dented" and number == 23:
            members["course/course.xml"] = b"<course><fullname>Regular"
        packed = tar_gz(members) if number % 2 else archive(members)
        name = f"backup-moodle2-course-{number}-2025.mbz"
        (folder / name).write_bytes(packed)
    older = course(21, made=MADE - 86400, title="Lifting (old)")
    (folder / "backup-moodle2-course-21-2024.mbz").write_bytes(archive(older))
    (folder / "hidden.mbz").write_bytes(archive(course(29, title="Not open", visible=0)))
    return settings_of(folder)


def course(
    number: int, *, made: int = MADE, title: str = "", visible: int = 1, text: str = ""
) -> dict[str, bytes]:
    """The members of a backup: a page, a book, a label, a file, and what is hidden."""
    name, written = _COURSES.get(number, ("Another", "<p>Something else.</p>"))
    checklist = make.pdf([f"Checklist: {name}"])
    modules = [
        (1, "label", {"name": "Welcome...", "intro": "<p>Welcome to the course.</p>"}, {}),
        (2, "page", {"name": "Read this", "intro": "", "content": text or written}, {}),
        (3, "resource", {"name": "To print", "intro": NULL}, {}),
        (4, "page", {"name": "Solutions", "content": "<p>Secret</p>"}, {"visible": "0"}),
        (
            5,
            "page",
            {"name": "For night shift", "content": "<p>Secret</p>"},
            {"availability": GROUP},
        ),
        (6, "forum", {"name": "News", "intro": "<p>chatter</p>"}, {}),
        (7, "book", {"name": "In depth", "intro": "", "chapters": CHAPTERS}, {}),
    ]
    members = {"moodle_backup.xml": _about(number, made, modules)}
    members["course/course.xml"] = _course(number, title or name, visible)
    members["course/competencies.xml"] = competencies("S1.8.1" if number == 22 else "")
    members["sections/section_1/section.xml"] = _section(0, NULL, "", "1,6")
    members["sections/section_2/section.xml"] = _section(1, "Basics", "<p>Goals</p>", "2,3,4,5,7")
    for module, kind, fields, about in modules:
        place = f"activities/{kind}_{module}"
        members[f"{place}/{kind}.xml"] = _activity(module, kind, fields)
        members[f"{place}/module.xml"] = _module(kind, about)
        members[f"{place}/competencies.xml"] = competencies("")
    digest = hashlib.sha1(checklist, usedforsecurity=False).hexdigest()
    members["files.xml"] = _files(digest)
    return {**members, f"files/{digest[:2]}/{digest}": checklist}


GROUP = '{"op":"&","c":[{"type":"group","id":3}],"showc":[true]}'
CHAPTERS = (
    "<chapter id='1'><title>Why &amp; when</title><content>&lt;p&gt;Because.&lt;/p&gt;</content>"
    "<hidden>0</hidden></chapter><chapter id='2'><title>Draft</title>"
    "<content>&lt;p&gt;Secret&lt;/p&gt;</content><hidden>1</hidden></chapter>"
)


def archive(members: Mapping[str, bytes]) -> bytes:
    """As Moodle up to 2.8 packs them."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(zipfile.ZipInfo(name, (2025, 10, 9, 8, 0, 0)), data)
    return made.getvalue()


def tar_gz(members: Mapping[str, bytes], **more: Any) -> bytes:
    """As later ones do."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as packed:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            packed.addfile(entry, io.BytesIO(data))
    return made.getvalue()


def _xml(body: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode()


def _fields(values: Mapping[str, str]) -> str:
    """Text is escaped, but for what holds elements."""
    pairs = ((name, v if name == "chapters" else escape(v)) for name, v in values.items())
    return "".join(f"<{name}>{value}</{name}>" for name, value in pairs)


def _about(number: int, made: int, modules: list[Any]) -> bytes:
    activities = "".join(
        f"<activity><moduleid>{module}</moduleid><sectionid>2</sectionid>"
        f"<modulename>{kind}</modulename><title>{escape(fields['name'])}</title>"
        f"<directory>activities/{kind}_{module}</directory></activity>"
        for module, kind, fields, _ in modules
    )
    sections = "".join(
        f"<section><sectionid>{n}</sectionid><title>{n - 1}</title>"
        f"<directory>sections/section_{n}</directory></section>"
        for n in (1, 2)
    )
    about = {"backup_date": str(made), "original_wwwroot": SITE, "original_course_id": str(number)}
    return _xml(
        f"<moodle_backup><information>{_fields(about)}<details><detail backup_id='1'>"
        "<type>course</type><format>moodle2</format></detail></details><contents>"
        f"<activities>{activities}</activities><sections>{sections}</sections></contents>"
        "</information></moodle_backup>"
    )


def _course(number: int, title: str, visible: int) -> bytes:
    about = {
        "shortname": f"C{number}",
        "fullname": title,
        "summary": f"<p>About {title.lower()}.</p>",
        "lang": "de" if number == 24 else "",
        "visible": str(visible),
        "timecreated": "1700000000",
        "timemodified": "1700000001",
    }
    tags = "<tags><tag id='1'><name>everyday</name><rawname>Everyday</rawname></tag></tags>"
    category = "<category id='1'><name>Workplace</name><description></description></category>"
    return _xml(f"<course id='{number}' contextid='30'>{_fields(about)}{category}{tags}</course>")


def _section(number: int, name: str, summary: str, sequence: str) -> bytes:
    about = {"number": str(number), "name": name, "summary": summary, "sequence": sequence}
    shown = _fields({**about, "visible": "1", "availabilityjson": NULL})
    return _xml(f"<section id='{number + 1}'>{shown}</section>")


def _module(kind: str, about: Mapping[str, str]) -> bytes:
    shown = {"modulename": kind, "visible": "1", "availability": NULL, **about}
    return _xml(f"<module id='1' version='2025041400'>{_fields(shown)}</module>")


def _activity(module: int, kind: str, fields: Mapping[str, str]) -> bytes:
    place = f"moduleid='{module}' modulename='{kind}' contextid='{30 + module}'"
    return _xml(
        f"<activity id='{module}' {place}>"
        f"<{kind} id='{module}'>{_fields(fields)}</{kind}></activity>"
    )


def competencies(number: str) -> bytes:
    one = f"<competency><idnumber>{number}</idnumber></competency>" if number else ""
    return _xml(f"<course_competencies><competencies>{one}</competencies></course_competencies>")


def _files(digest: str) -> bytes:
    about = {"contenthash": digest, "contextid": "33", "component": "mod_resource"}
    content = _fields({**about, "filearea": "content", "filename": "check.pdf"})
    handed_in = _fields({**about, "component": "assignsubmission_file", "filename": "me.pdf"})
    folder = _fields({**about, "filearea": "content", "filename": ".", "mimetype": NULL})
    return _xml(
        "<files>" + "".join(f"<file>{f}</file>" for f in (content, handed_in, folder)) + "</files>"
    )
