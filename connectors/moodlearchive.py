"""A Moodle backup archive (.mbz) as the payload of its course.

An archive holds moodle_backup.xml (whose course, when, what is in it), course/course.xml, a
section.xml for each section, module.xml and the module's own XML for each activity, and files by
the SHA-1 of their content. Texts of BadItem go after the name of the archive.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalogue.errors import BadItem
from catalogue.model import Json, Payload
from connectors.extract import Reader
from connectors.formats.archives import Archive
from connectors.formats.units import readable
from connectors.formats.xml import parse
from connectors.moodlecourse import SKIPPED
from connectors.moodlesite import restricted
from connectors.vocabulary import Vocabulary

_NULL = "$@NULL@$"
_SITE = re.compile(r"https?://([^\s/?#@]+[^\s?#]*)")
_NAME = re.compile("[a-z][a-z0-9_]*")
_HASH = re.compile("[0-9a-f]{40}")
_COURSE = ("fullname", "summary", "lang", "timecreated", "timemodified")


@dataclass(frozen=True, slots=True)
class Backup:
    """Whose course it is. `key` names the course whichever backup it is in; `made` is Unix time."""

    key: str
    site: str
    made: int


def identify(archive: Archive) -> Backup:
    """Raises BadItem for what is no backup of a whole course."""
    about = _xml(archive, "moodle_backup.xml").find("information")
    if about is None:
        raise BadItem("says nothing of itself in moodle_backup.xml; back the course up anew")
    kind = about.findtext("details/detail/type") or "course"
    if kind != "course":
        raise BadItem(f"is a backup of one {kind[:20]}, not of a course; back up the whole course")
    site, number = _text(about, "original_wwwroot").rstrip("/"), _text(about, "original_course_id")
    place = _SITE.fullmatch(site)
    if place is None or not number.isdecimal():
        raise BadItem("names no course of a site; back the course up anew")
    return Backup(f"{place[1]}#{number}", site, _number(about, "backup_date"))


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading the activities needs: the site's address, when it was backed up, its files."""

    site: str
    made: datetime | None
    stored: dict[str, list[Json]]
    reader: Reader


def read_course(archive: Archive, site: str, reader: Reader, files: bool) -> Payload | None:
    """The course, as the web services' payload is; None where the course is hidden."""
    about = _xml(archive, "moodle_backup.xml")
    course = _xml(archive, "course/course.xml")
    if _text(course, "visible") == "0":
        return None
    number = _text(about, "information/original_course_id")
    made = Vocabulary().moment(_number(about, "information/backup_date"))
    known = {name: _text(course, name) for name in _COURSE}
    stored = _stored(archive) if files else {}
    modules = dict(_modules(archive, about, Reading(site, made, stored, reader)))
    subjects = [_text(course, "category/name"), *map(_tag, course.iterfind("tags/tag"))]
    return {
        "site": site,
        "course": {"id": number, **{name: value for name, value in known.items() if value}},
        "skills": _competencies(archive, "course"),
        "subjects": [subject for subject in subjects if subject],
        "sections": sorted(_sections(archive, about, modules, made), key=lambda s: s["number"]),
    }


def _sections(
    archive: Archive, about: Any, modules: dict[str, Json], made: datetime | None
) -> Iterator[dict[str, Any]]:
    for place in about.iterfind("information/contents/sections/section/directory"):
        section = _xml(archive, f"{place.text}/section.xml")
        if _open(section, made, "availabilityjson"):
            order = _text(section, "sequence").split(",")
            yield {
                "number": _number(section, "number"),
                "name": _text(section, "name"),
                "summary": _text(section, "summary"),
                "modules": [modules[module] for module in order if module in modules],
            }


def _modules(archive: Archive, about: Any, reading: Reading) -> Iterator[tuple[str, Json]]:
    for entry in about.iterfind("information/contents/activities/activity"):
        number, kind, place = (_text(entry, n) for n in ("moduleid", "modulename", "directory"))
        if not _NAME.fullmatch(kind) or kind in SKIPPED:
            continue
        if _open(_xml(archive, f"{place}/module.xml"), reading.made, "availability"):
            activity = _xml(archive, f"{place}/{kind}.xml")
            own = activity.find(kind)
            own = activity if own is None else own
            texts = [
                *_written(own, kind),
                *_attached(archive, reading.stored, activity.get("contextid")),
            ]
            yield (
                number,
                {
                    "id": number,
                    "modname": kind,
                    "name": _text(own, "name") or _text(entry, "title"),
                    "description": _text(own, "intro"),
                    **(
                        {}
                        if kind == "label"
                        else {"url": f"{reading.site}/mod/{kind}/view.php?id={number}"}
                    ),
                    "texts": [_document(reading.reader, name, data) for name, data in texts],
                    "skills": _competencies(archive, place),
                },
            )


def _open(thing: Any, made: datetime | None, restriction: str) -> bool:
    """Whether all who may see the course saw the section or activity when it was backed up.

    Until Moodle 2.6 restrictions were fields of their own, since then they are JSON.
    """
    closed = (("visible", "0"), ("visibleoncoursepage", "0"), ("groupmembersonly", "1"))
    for_some = thing.find("availability_info/availability_field") is not None
    if for_some or any(_text(thing, name) == value for name, value in closed):
        return False
    opens, ends = _number(thing, "availablefrom"), _number(thing, "availableuntil")
    now = made.timestamp() if made else 0
    return opens <= now <= (ends or now) and not restricted(_text(thing, restriction), made)


def _written(own: Any, kind: str) -> Iterator[tuple[str, bytes]]:
    """What the activity itself says, as HTML: pages, chapters, lessons; without what is empty."""
    pages = {
        "page": [("", own, "content")],
        "book": [(_text(c, "title"), c, "content") for c in own.iterfind("chapters/chapter")],
        "lesson": [(_text(p, "title"), p, "contents") for p in own.iterfind("pages/page")],
    }
    for title, page, field in pages.get(kind, ()):
        text = _text(page, field)
        if text and _text(page, "hidden") != "1":
            heading = f"<h2>{_escaped(title)}</h2>" if title else ""
            yield "page.html", f"<meta charset='utf-8'>{heading}{text}".encode()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _stored(archive: Archive) -> dict[str, list[Json]]:
    """The readable files that belong to activities' content, by the context of the activity."""
    found: dict[str, list[Json]] = {}
    for file in _xml(archive, "files.xml").iterfind("file"):
        name = readable(_text(file, "filename"), _text(file, "mimetype"))
        digest, component = _text(file, "contenthash"), _text(file, "component")
        content = component.startswith("mod_") and _text(file, "filearea") == "content"
        if name and content and _HASH.fullmatch(digest):
            found.setdefault(_text(file, "contextid"), []).append({"name": name, "hash": digest})
    return found


def _attached(
    archive: Archive, stored: dict[str, list[Json]], context: str | None
) -> Iterator[tuple[str, bytes | BadItem]]:
    for file in stored.get(context or "", ()):
        try:
            yield file["name"], archive.read(f"files/{file['hash'][:2]}/{file['hash']}")
        except BadItem as error:
            yield file["name"], error


def _document(reader: Reader, name: str, data: bytes | BadItem) -> Json:
    """What a file says, or why it could not be read: the rest of the course is worth having."""
    try:
        if isinstance(data, BadItem):
            raise data
        return {"name": name, "document": reader.document(name, data)}
    except BadItem as error:
        return {"name": name, "unread": str(error)}


def _competencies(archive: Archive, place: str) -> list[str]:
    """Competencies by their framework's own ids: a backup does not hold their names."""
    if f"{place}/competencies.xml" not in archive.sizes:
        return []
    root = _xml(archive, f"{place}/competencies.xml")
    return [s for s in (_text(c, "idnumber") for c in root.iterfind("competencies/*")) if s]


def _tag(tag: Any) -> str:
    return _text(tag, "rawname") or _text(tag, "name")


def _xml(archive: Archive, name: str) -> Any:
    try:
        return parse(archive.read(name))
    except BadItem as error:
        about = str(error)
        raise BadItem(
            about if about.startswith("has") else f"holds {name}, which {about}"
        ) from error


def _text(element: Any, path: str) -> str:
    found = str(element.findtext(path) or "").strip()
    return "" if found == _NULL else found


def _number(element: Any, path: str) -> int:
    found = _text(element, path)
    return int(found) if found.isdecimal() and len(found) < 18 else 0
