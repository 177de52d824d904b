"""A Moodle course as a payload, and the payload read."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from catalogue.errors import BadItem
from catalogue.model import Draft, Json, Kind, Locator, Part, Payload, Place, Session
from connectors.extract import plain
from connectors.formats.units import unit_parts
from connectors.moodlesite import files, is_open, modules
from connectors.vocabulary import Vocabulary

SKIPPED = frozenset({"forum"})  # what people wrote there is no part of the course
LIVE = frozenset({"bigbluebuttonbn", "zoom", "googlemeet", "msteams", "webexactivity"})
_COURSE = ("id", "fullname", "summary", "lang", "timecreated", "timemodified", "contacts")
_STARTS, _ENDS = re.compile("open|start", re.I), re.compile("close|end", re.I)
_MODULE = ("id", "name", "url", "modname", "description")
_FILE = ("filename", "filepath", "fileurl", "filesize", "timemodified", "mimetype", "content")


def outline(
    course: Json,
    sections: list[dict[str, Any]],
    skills: list[str],
    subjects: tuple[str, ...],
    now: datetime | None,
) -> Payload:
    """What is used of a course. It changes when its content does, and not with its site's looks."""
    return {
        "course": _picked(course, _COURSE),
        "skills": skills,
        "subjects": list(subjects),
        "sections": [
            {
                "number": section.get("section"),
                "name": section.get("name") or "",
                "summary": section.get("summary") or "",
                "modules": [
                    _module(m) for m in modules(section, now) if m.get("modname") not in SKIPPED
                ],
            }
            for section in sections
            if is_open(section, now)
        ],
    }


def _module(module: Json) -> Json:
    taken = [
        {**_picked(file, _FILE), "fileurl": str(file.get("fileurl", "")).partition("?")[0]}
        for file in files(module)
    ]
    dates = {"dates": module.get("dates") or []} if module.get("modname") in LIVE else {}
    return {**_picked(module, _MODULE), **dates, "files": taken}


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
        sessions=tuple(_sessions(payload, said)),
        subjects=tuple(payload["subjects"]),
        skills=tuple(payload.get("skills", ())),
        parts=tuple(p for s in payload["sections"] for p in _section(s, url) if p.text),
        unmapped=said.unmapped,
    )


def _sessions(payload: Payload, said: Vocabulary) -> Iterator[Session]:
    """The meetings whose activities open and close at a set time, one for each."""
    for module in (m for section in payload["sections"] for m in section["modules"]):
        dates = [d for d in module.get("dates", ()) if isinstance(d, dict)]
        times = {str(d.get("dataid")): said.moment(d.get("timestamp")) for d in dates}
        start = next((t for name, t in times.items() if t and _STARTS.search(name)), None)
        end = next((t for name, t in times.items() if t and _ENDS.search(name)), None)
        if start:
            yield Session(start, end)


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
    # Named where they are taught, so that a hit on one opens the activity.
    skills = ", ".join(s for s in module.get("skills", ()) if not s.startswith("http"))
    described = "\n".join(filter(None, (plain(module.get("description", "")), skills)))
    texts = [t["document"] for t in module.get("texts", ()) if "document" in t]
    yield from unit_parts(place, name, described, texts)
