"""A Moodle course as a payload, and the payload read."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from catalogue.errors import BadItem
from catalogue.model import Draft, Json, Kind, Locator, Part, Payload, Place
from connectors.extract import plain
from connectors.formats.units import unit_parts
from connectors.moodlesite import files, modules
from connectors.vocabulary import Vocabulary

SKIPPED = frozenset({"forum"})  # what people wrote there is no part of the course
_COURSE = ("id", "fullname", "summary", "lang", "timecreated", "timemodified", "contacts")
_MODULE = ("id", "name", "url", "modname", "description")
_FILE = ("filename", "filepath", "fileurl", "filesize", "timemodified", "mimetype", "content")


def outline(course: Json, sections: list[dict[str, Any]], subjects: tuple[str, ...]) -> Payload:
    """What is used of a course. It changes when its content does, and not with its site's looks."""
    return {
        "course": _picked(course, _COURSE),
        "subjects": list(subjects),
        "sections": [
            {
                "number": section.get("section"),
                "name": section.get("name") or "",
                "summary": section.get("summary") or "",
                "modules": [
                    _module(m) for m in modules(section) if m.get("modname") not in SKIPPED
                ],
            }
            for section in sections
            if section.get("visible", 1) and section.get("uservisible", True)
        ],
    }


def _module(module: Json) -> Json:
    taken = [
        {**_picked(file, _FILE), "fileurl": str(file.get("fileurl", "")).partition("?")[0]}
        for file in files(module)
    ]
    return {**_picked(module, _MODULE), "files": taken}


def with_texts(payload: Payload, text: Callable[[Json], Json | None]) -> Payload:
    """The payload with what `text` makes of each module's files."""

    def filled(module: Json) -> Json:
        return {**module, "texts": [t for t in map(text, module["files"]) if t]}

    sections = [{**s, "modules": [*map(filled, s["modules"])]} for s in payload["sections"]]
    return {**payload, "sections": sections}


def _picked(value: Json, names: tuple[str, ...]) -> Json:
    return {name: value[name] for name in names if value.get(name) not in (None, "", [])}


def draft(payload: Payload, site: str) -> Draft:
    course = payload["course"]
    title = " ".join(plain(str(course.get("fullname", ""))).split())
    if not title:
        raise BadItem(f"course {course['id']} has no name")
    url, said = f"{site}/course/view.php?id={course['id']}", Vocabulary()
    return Draft(
        title=title,
        url=url,
        kind=Kind.COURSE,
        summary=plain(course.get("summary", "")),
        language=said.language(course.get("lang")),
        authors=tuple(c["fullname"] for c in course.get("contacts", ()) if c.get("fullname")),
        published=said.moment(course.get("timecreated"), "published"),
        updated=said.moment(course.get("timemodified"), "updated"),
        subjects=tuple(payload["subjects"]),
        parts=tuple(p for s in payload["sections"] for p in _section(s, url) if p.text),
        unmapped=said.unmapped,
    )


def _section(section: Mapping[str, Any], course_url: str) -> Iterator[Part]:
    name, number = plain(section["name"]), section["number"]
    place = Locator(Place.UNIT, f"section-{number}", f"{course_url}#section-{number}")
    yield Part(plain(section["summary"]), place if number is not None else None, name)
    for module in section["modules"]:
        yield from _module_parts(module, name, course_url)


def _module_parts(module: Mapping[str, Any], section: str, course_url: str) -> Iterator[Part]:
    """A module's description, or else its name, and the text of its files.

    A label has no page of its own; the course's page has an anchor for each module.
    """
    label = module.get("modname") == "label"  # named after its own first words
    name = section if label else " ".join(plain(module.get("name", "")).split())
    url = module.get("url") or f"{course_url}#module-{module['id']}"
    place = Locator(Place.UNIT, str(module["id"]), url)
    texts = [t["document"] for t in module.get("texts", ()) if "document" in t]
    yield from unit_parts(place, name, plain(module.get("description", "")), texts)
