"""A Canvas course's payload read."""

from collections.abc import Iterator

from catalogue.errors import BadItem
from catalogue.model import Delivery, Draft, Json, Kind, Locator, Part, Payload, Place, Session
from connectors.extract import plain
from connectors.formats.units import page_parts, unit_parts
from connectors.vocabulary import Vocabulary

_HELD = frozenset({Delivery.INSTRUCTOR_LED, Delivery.BLENDED})
_PATHS = {"page": "pages", "file": "files", "discussion": "discussion_topics"}


def draft(payload: Payload, site: str, enrolled: tuple[str, ...]) -> Draft:
    """The course whose units are its parts, each with an address of its own."""
    course, said = payload["course"], Vocabulary()
    title = _line(course.get("name"))
    if not title:
        raise BadItem(f"course {course['id']} has no name; name it in Canvas")
    url = f"{site}/courses/{course['id']}"
    form, licence = str(course.get("course_format", "")), course.get("license", "")
    # "online" says where, not how; "on_campus" and "blended" say both.
    delivery = None if form == "online" else said.delivery(form.replace("_", " "))
    return Draft(
        title=title,
        url=url,
        kind=Kind.COURSE,
        summary=plain(course.get("public_description", "")),
        language=said.language(course.get("locale")),
        authors=tuple(course["teachers"]),
        published=said.moment(course.get("created_at")),
        delivery=delivery,
        sessions=_run(course, delivery, said),
        licence="All rights reserved" if licence == "private" else said.licence(licence),
        image=course["image"],
        visibility=_groups(course, enrolled),
        parts=tuple(part for part in _parts(payload, url) if part.text),
        unmapped=said.unmapped,
    )


def _run(course: Json, delivery: Delivery | None, said: Vocabulary) -> tuple[Session, ...]:
    """The run of a course that is held somewhere, not merely open from one day to another."""
    start, end = said.moment(course.get("start_at")), said.moment(course.get("end_at"))
    return (Session(start, end),) if start and delivery in _HELD else ()


def _groups(course: Json, enrolled: tuple[str, ...]) -> tuple[str, ...]:
    """Who may see the course. Nobody named is everybody who may see the source."""
    if course.get("is_public"):
        return ()
    members = enrolled or (f"course-{course['id']}",)
    return ("institution",) if course.get("is_public_to_auth_users") else members


def _parts(payload: Payload, url: str) -> Iterator[Part]:
    if syllabus := payload["course"].get("syllabus_body"):
        place = Locator(Place.UNIT, "syllabus", f"{url}/assignments/syllabus")
        yield from page_parts(place, "", syllabus)
    for section in payload["sections"]:
        for unit in section["units"]:
            yield from _unit(unit, section["name"], url)


def _unit(unit: Json, section: str, course: str) -> Iterator[Part]:
    kind, _, number = str(unit["id"]).partition("-")
    own = f"{course}/{_PATHS[kind]}/{unit.get('slug', number)}" if kind in _PATHS else course
    place = Locator(Place.UNIT, unit["id"], unit["url"] or own)
    name = _line(unit["name"]) or _line(section)
    if unit.get("html"):
        yield from page_parts(place, name, unit["html"])
    else:
        yield from unit_parts(place, name, "", [unit["document"]] if "document" in unit else [])


def _line(markup: object) -> str:
    return " ".join(plain(str(markup or "")).split())
