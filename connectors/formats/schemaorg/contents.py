"""What is in a thing of schema.org: steps, sections, scenes, and when it is held."""

from collections.abc import Iterator

from catalogue.model import Locator, Part, Place, Session
from connectors.formats.links import web_address
from connectors.formats.schemaorg.things import Thing, prose, text, texts, things, values
from connectors.vocabulary import Vocabulary

_MOST = 500  # sessions, or parts


def sessions(thing: Thing, runs: list[Thing], said: Vocabulary) -> tuple[Session, ...]:
    """The runs that have a beginning, the earliest first; else the thing itself if it has one."""
    own = [thing] if text(thing, "startDate") else []
    found = [s for run in runs[:_MOST] if (s := _session(run, said))]
    found = found or [s for run in own if (s := _session(run, said))]
    return tuple(sorted(dict.fromkeys(found), key=lambda s: (s.start, s.place)))


def _session(run: Thing, said: Vocabulary) -> Session | None:
    if any("EventCancelled" in status for status in texts(run, "eventStatus")):
        return None
    schedule = next(iter(things(run, "courseSchedule", "eventSchedule")), {})
    start = said.moment(text(run, "startDate") or text(schedule, "startDate"))
    end = said.moment(text(run, "endDate") or text(schedule, "endDate"))
    if start is None:
        return None
    return Session(start, end if end and end >= start else None, _place(run))


def _place(run: Thing) -> str:
    """Where it is held: the place's name and town, or "online"."""
    for value in values(run, "location"):
        if not isinstance(value, dict):
            return "" if "://" in str(value) else str(value)
        if "VirtualLocation" in value.get("@type", ()):
            return "online"
        address = next(iter(things(value, "address")), {})
        town = text(address, "addressLocality") or text(value, "address")
        named = (text(value, "name"), town)
        return ", ".join(dict.fromkeys(word for word in named if word))
    return ""


def parts(thing: Thing, url: str, said: Vocabulary) -> tuple[Part, ...]:
    """Its sections, steps and scenes, each at its own place where it names one; else its text."""
    found = [*_sections(thing, url), *_steps(thing, url), *_clips(thing, url, said)]
    written = prose(thing, "transcript", "articleBody", "text")
    found += [Part(written)] if written else []
    return tuple(part for part in found[:_MOST] if part.text)


def _sections(thing: Thing, url: str) -> Iterator[Part]:
    for section in things(thing, "syllabusSections", "hasPart"):
        name, about = text(section, "name"), prose(section, "description")
        if not text(section, "startOffset"):
            yield Part(about or name, _at(section, url), name)


def _steps(thing: Thing, url: str) -> Iterator[Part]:
    """Steps of a HowTo: texts, steps, or sections of steps."""
    for number, step in enumerate(values(thing, "step", "steps", "itemListElement"), 1):
        if not isinstance(step, dict):
            yield Part(str(step), None, f"Step {number}")
            continue
        name, about = text(step, "name"), prose(step, "text", "description")
        yield Part(about or name, _at(step, url), name or f"Step {number}")
        for inner in things(step, "itemListElement"):
            yield Part(prose(inner, "text", "description") or text(inner, "name"), None, name)


def _clips(thing: Thing, url: str, said: Vocabulary) -> Iterator[Part]:
    """Scenes of a video, each at its second."""
    for clip in things(thing, "hasPart"):
        start = text(clip, "startOffset")
        if start:
            second = said.seconds(start) or 0
            place = web_address(url, text(clip, "url")) or None
            name = text(clip, "name")
            yield Part(prose(clip, "description") or name, _second(second, place), name)


def _second(second: int, url: str | None) -> Locator:
    return Locator(Place.SECOND, str(second), url)


def _at(section: Thing, url: str) -> Locator | None:
    place = web_address(url, text(section, "url"))
    anchor = place.partition("#")[2]
    if not place:
        return None
    return Locator(Place.ANCHOR if anchor else Place.UNIT, anchor or place, place)
