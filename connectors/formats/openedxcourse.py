"""Courses of Open edX read: as its LMS lists them, and as course-discovery does."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urljoin

from catalogue.errors import BadItem
from catalogue.model import Draft, Json, Kind, Part, Session
from connectors.extract import plain
from connectors.extract.web import fragment
from connectors.vocabulary import Vocabulary

_CREATIVE_COMMONS = re.compile(r"creative-commons:\s*(?:ver=([\d.]+))?\s*(.+)", re.IGNORECASE)
_COURSE = (
    *("key", "title", "short_description", "full_description", "outcome", "syllabus_raw"),
    *("prerequisites_raw", "prerequisites", "level_type", "subjects", "topics", "skill_names"),
    *("skills", "owners", "image", "marketing_url", "modified", "data_modified_timestamp"),
    *("canonical_course_run_key", "advertised_course_run_uuid", "entitlements", "languages"),
)
_RUN = (
    *("key", "uuid", "title", "status", "hidden", "start", "end", "pacing_type", "staff", "seats"),
    *("content_language", "min_effort", "max_effort", "weeks_to_complete", "estimated_hours"),
    *("marketing_url", "license", "level_type"),
)


def published_runs(course: Json) -> list[dict[str, Any]]:
    """The runs that people may find."""
    runs = _dicts(course.get("course_runs"))
    return [run for run in runs if run.get("status") == "published" and not run.get("hidden")]


def trimmed(course: Json) -> dict[str, Any]:
    """What is used of a course of course-discovery."""
    runs = [_picked(run, _RUN) for run in published_runs(course)]
    return {**_picked(course, _COURSE), "course_runs": runs}


def lms_draft(course: Json, overview: str, site: str) -> Draft:
    said = Vocabulary()
    key = str(course.get("course_id") or course.get("id"))
    pacing = str(course.get("pacing") or "")
    start = said.moment(course.get("start"))
    paced = Session(start, said.moment(course.get("end"))) if start else None
    return Draft(
        title=_title(course.get("name"), key),
        url=f"{site}/courses/{quote(key, safe=':+')}/about",
        kind=Kind.COURSE,
        summary=plain(str(course.get("short_description") or "")),
        provider=str(course.get("org") or ""),
        delivery=said.delivery(pacing and f"{pacing} paced"),
        sessions=(paced,) if paced and pacing == "instructor" else (),
        image=urljoin(f"{site}/", _image(course.get("media"))),
        parts=tuple(_text("", overview)),
        unmapped=said.unmapped,
    )


def _image(media: Any) -> str:
    """The largest picture's address, or its path on the site."""
    image, older = _dict(_dict(media).get("image")), _dict(_dict(media).get("course_image"))
    return str(image.get("raw") or older.get("uri") or "")


def discovery_draft(course: Json, site: str) -> Draft:
    said, runs = Vocabulary(), _dicts(course.get("course_runs"))
    run = _shown(course, runs)
    cost, currency = _price(course, run, said)
    about = str(course.get("short_description") or course.get("full_description") or "")
    return Draft(
        title=_title(course.get("title"), str(course["key"])),
        url=_address(course, run, site),
        kind=Kind.COURSE,
        summary=plain(about),
        language=said.language(run.get("content_language")),
        provider=next(iter(_names(course.get("owners"))), ""),
        authors=tuple(filter(None, map(_person, _dicts(run.get("staff"))))),
        updated=said.moment(course.get("data_modified_timestamp") or course.get("modified")),
        duration=_seconds(run, said),
        level=said.level(course.get("level_type") or run.get("level_type")),
        delivery=said.delivery(str(run.get("pacing_type") or "").replace("_", " ")),
        sessions=tuple(_sessions(runs, said)),
        licence=said.licence(_CREATIVE_COMMONS.sub(r"CC \2 \1", str(run.get("license") or ""))),
        cost=cost,
        currency=currency,
        image=str(_dict(course.get("image")).get("src") or ""),
        subjects=_unique(_names(course.get("subjects")) + _words(course.get("topics"))),
        skills=_unique(_words(course.get("skill_names")) + _names(course.get("skills"))),
        prerequisites=_prerequisites(course),
        parts=tuple(_parts(course)),
        unmapped=said.unmapped,
    )


def _shown(course: Json, runs: list[dict[str, Any]]) -> Json:
    """The run that is advertised, else the canonical one, else the latest to start."""
    wanted = (course.get("advertised_course_run_uuid"), course.get("canonical_course_run_key"))
    for name in filter(None, wanted):
        for run in runs:
            if name in (run.get("uuid"), run.get("key")):
                return run
    return max(runs, key=lambda run: str(run.get("start") or ""), default={})


def _address(course: Json, run: Json, site: str) -> str:
    public = course.get("marketing_url") or run.get("marketing_url")
    return str(public or f"{site}/api/v1/courses/{quote(str(course['key']), safe='+')}/")


def _seconds(run: Json, said: Vocabulary) -> int | None:
    """Estimated hours, or else weeks by the middle of the hours a week that are expected."""
    if hours := said.seconds(run.get("estimated_hours"), 3600):
        return hours
    weeks, least, most = (
        said.seconds(run.get(name), 3600)
        for name in ("weeks_to_complete", "min_effort", "max_effort")
    )
    efforts = [effort for effort in (least, most) if effort]
    return (weeks or 0) // 3600 * sum(efforts) // len(efforts) if efforts and weeks else None


def _price(course: Json, run: Json, said: Vocabulary) -> tuple[float | None, str]:
    """The lowest price of the run, where auditing counts; else that of the whole course."""
    offers = _dicts(run.get("seats")) or _dicts(course.get("entitlements"))
    prices = [said.money(offer.get("price"), offer.get("currency")) for offer in offers]
    known = [(cost, currency) for cost, currency in prices if cost is not None]
    return min(known, key=lambda price: price[0], default=(None, ""))


def _sessions(runs: list[dict[str, Any]], said: Vocabulary) -> Iterator[Session]:
    """Runs that go by an instructor's timetable, in their order."""
    for run in sorted(runs, key=lambda run: str(run.get("start") or "")):
        start: datetime | None = said.moment(run.get("start"))
        if start and run.get("pacing_type") != "self_paced":
            yield Session(start, said.moment(run.get("end")))


def _parts(course: Json) -> Iterator[Part]:
    yield from _text("", str(course.get("full_description") or ""))
    yield from _text("Outcome", str(course.get("outcome") or ""))
    yield from _text("Syllabus", str(course.get("syllabus_raw") or ""))


def _text(heading: str, markup: str) -> Iterator[Part]:
    for part in fragment(markup):
        if part.text:
            yield Part(part.text, None, part.heading or heading)


def _prerequisites(course: Json) -> tuple[str, ...]:
    said = plain(str(course.get("prerequisites_raw") or ""))
    listed = _words(course.get("prerequisites")) + _names(course.get("prerequisites"))
    return _unique([line.strip() for line in said.splitlines()] + listed)


def _person(person: Json) -> str:
    names = (person.get("given_name"), person.get("family_name"))
    return " ".join(str(name) for name in names if name)


def _names(values: Any) -> list[str]:
    return [str(v["name"]) for v in _dicts(values) if v.get("name")]


def _words(values: Any) -> list[str]:
    return [v for v in values if isinstance(v, str)] if isinstance(values, list) else []


def _unique(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, values)))


def _dict(value: Any) -> Json:
    return value if isinstance(value, Mapping) else {}


def _dicts(values: Any) -> list[dict[str, Any]]:
    return [v for v in values if isinstance(v, dict)] if isinstance(values, list) else []


def _picked(value: Json, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value[name] for name in names if value.get(name) not in (None, "", [])}


def _title(name: Any, key: str) -> str:
    title = " ".join(plain(str(name or "")).split())
    if not title:
        raise BadItem(f"course {key} has no name; give it one in the site's catalogue")
    return title
