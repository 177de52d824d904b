"""What of a Canvas course its students see, as a payload without bodies."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from catalogue.model import Json, Payload
from connectors.formats.canvassite import Listing
from connectors.formats.records import records
from connectors.vocabulary import Vocabulary

_COURSE = (
    *("id", "name", "public_description", "syllabus_body", "locale", "license", "course_format"),
    *("start_at", "end_at", "created_at", "is_public", "is_public_to_auth_users"),
)
_ITEM = ("id", "content_id", "page_url", "html_url", "external_url")
_FOR_SOME = ("only_visible_to_overrides", "is_section_specific")
Units = Mapping[str, Json | None]  # None is closed to students


def outline(course: Json, listing: Listing) -> Payload:
    """What is used of a course. It changes when its content does, also behind the bodies."""
    about = {name: course[name] for name in _COURSE if course.get(name) not in (None, "", False)}
    if "syllabus" not in listing.tabs:
        about.pop("syllabus_body", None)
    teachers = [t.get("display_name") for t in records(course.get("teachers"), ("display_name",))]
    image = str(course.get("image_download_url") or "").partition("?")[0]  # what follows signs it
    return {
        "course": {**about, "teachers": [t for t in teachers if t], "image": image},
        "sections": [section for section in _sections(listing) if section["units"]],
    }


def _sections(listing: Listing) -> Iterator[Json]:
    """The modules, then what students find by the course's own lists alone. Each unit once."""
    pages, topics, files = _pages(listing), _topics(listing), _files(listing)
    known: Units = {**pages, **topics, **files}
    seen = set[str]()
    for module in listing.modules if "modules" in listing.tabs else ():
        if _visible(module, listing.now):
            items = records(module.get("items"), _ITEM)
            units = [_item(item, known) for item in items if _visible(item, listing.now)]
            yield {"name": str(module.get("name") or ""), "units": _new(units, seen)}
    linked_only = {f"file-{f.get('id')}" for f in listing.files if f.get("hidden")}
    lists = {"pages": pages, "discussions": topics, "files": files}
    open_lists = [units for tab, units in lists.items() if tab in listing.tabs]
    rest = [u for units in open_lists for name, u in units.items() if name not in linked_only]
    yield {"name": "", "units": _new(rest, seen)}


def _new(units: list[Json | None], seen: set[str]) -> list[Json]:
    """The open units that are none of those seen before."""
    new = {u["id"]: u for u in units if u and u["id"] not in seen}
    seen.update(new)
    return list(new.values())


def _pages(listing: Listing) -> Units:
    return {
        f"page-{page['url']}": _page(page) if _visible(page, listing.now) else None
        for page in listing.pages
        if page.get("url")
    }


def _page(page: Json) -> Json:
    unit = _unit(f"page-{page.get('page_id', page['url'])}", page.get("title"), page)
    return {**unit, "slug": page["url"]}


def _topics(listing: Listing) -> Units:
    return {
        f"discussion-{topic.get('id')}": _topic(topic) if _visible(topic, listing.now) else None
        for topic in listing.topics
    }


def _topic(topic: Json) -> Json:
    unit = _unit(f"discussion-{topic.get('id')}", topic.get("title"), topic)
    return {**unit, "html": str(topic.get("message") or "")}


def _files(listing: Listing) -> Units:
    units = dict[str, Json | None]()
    for file in listing.files:
        number, name = file.get("id"), file.get("display_name") or file.get("filename")
        closed = file.get("locked") or _over(file.get("lock_at"), listing.now)
        unit = {**_unit(f"file-{number}", name, file), "file": number}
        units[unit["id"]] = unit if _visible(file, listing.now) and not closed else None
    return units


def _unit(name: str, title: Any, entry: Json) -> Json:
    changed = entry.get("updated_at") or entry.get("posted_at") or ""
    address = str(entry.get("html_url") or "")
    return {"id": name, "name": str(title or ""), "url": address, "updated": changed}


def _item(item: Json, known: Units) -> Json | None:
    """A module's item as a unit; None for a heading and for what is closed to students."""
    kind = str(item.get("type", "")).lower()
    number = item.get("page_url") if kind == "page" else item.get("content_id") or item.get("id")
    name = f"{kind}-{number}"
    if kind == "subheader" or name in known:
        return known.get(name)
    more = {"page": {"slug": number}, "file": {"file": number}}.get(kind, {})
    address = item.get("html_url") or item.get("external_url") or ""
    return {"id": name, "name": str(item.get("title") or ""), "url": address, **more}


def _visible(entry: Json, now: datetime | None) -> bool:
    """Whether every student of the course sees it (by now)."""
    if entry.get("published") is False or entry.get("visible_to_everyone") is False:
        return False
    details = entry.get("content_details")
    details = details if isinstance(details, dict) else {}
    if any(entry.get(name) for name in _FOR_SOME) or details.get("locked_for_user"):
        return False
    dates = [entry.get(name) for name in ("unlock_at", "delayed_post_at", "publish_at")]
    return all(_past(date, now) for date in [*dates, details.get("unlock_at")] if date)


def _over(end: Any, now: datetime | None) -> bool:
    """Whether an end has come, as far as can be told."""
    moment = Vocabulary().moment(end)
    return bool(end) and not (moment and now and now < moment)


def _past(date: Any, now: datetime | None) -> bool:
    """A date that cannot be read, or compared for want of the site's own time, is to come."""
    moment = Vocabulary().moment(date)
    return bool(moment and now and moment <= now)
