"""What a thing of schema.org says of learning. Pure."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from catalogue.model import Draft, Kind
from connectors.extract.document import words
from connectors.formats.links import web_address
from connectors.formats.schemaorg.choice import kind_of
from connectors.formats.schemaorg.contents import parts, sessions
from connectors.formats.schemaorg.things import (
    Thing,
    bare,
    prose,
    text,
    texts,
    things,
    types,
    values,
)
from connectors.vocabulary import Vocabulary

RUNS = ("hasCourseInstance", "subEvent", "subEvents")
_ABOUT = ("about", "articleSection", "genre", "occupationalCategory")
_PEOPLE = ("author", "creator", "instructor", "contributor")
_PROVIDERS = ("provider", "publisher", "sourceOrganization", "organizer")
_BEFORE = ("coursePrerequisites", "programPrerequisites", "competencyRequired", "dependencies")
_LENGTHS = ("timeRequired", "duration", "totalTime", "timeToComplete")


def draft(thing: Thing, url: str, said: Vocabulary) -> Draft:
    """What the thing at `url` is. Its title is empty where it has no name."""
    runs = things(thing, *RUNS)
    both = [thing, *runs]
    cost, currency = _price(both, said)
    return Draft(
        title=text(thing, *_title_names(thing)),
        url=url,
        kind=_kind(thing, said),
        summary=prose(thing, "description", "abstract", "disambiguatingDescription"),
        language=said.language(_languages(both)),
        provider=text(thing, *_PROVIDERS),
        authors=_people(both),
        published=said.moment(text(thing, "datePublished", "uploadDate", "dateCreated")),
        updated=said.moment(text(thing, "dateModified")),
        duration=_duration(thing, runs, said),
        level=said.level(_levels(thing)),
        delivery=said.delivery(_modes(both)),
        sessions=sessions(thing, runs, said),
        licence=said.licence(_licence(thing)),
        cost=cost,
        currency=currency,
        image=_image(thing, url),
        subjects=_subjects(thing),
        skills=_once(texts(thing, "teaches"), _aligned(thing, "teaches")),
        prerequisites=_once(*(texts(thing, n) for n in _BEFORE), _aligned(thing, "requires")),
        audience=", ".join(_audience(thing)),
        parts=parts(thing, url, said),
    )


def _title_names(thing: Thing) -> tuple[str, ...]:
    """An article's `name` is often its site's; elsewhere `headline` is the slogan."""
    article = any(name.endswith(("Article", "Posting", "Report")) for name in types(thing))
    return ("headline", "name") if article else ("name", "headline")


def _kind(thing: Thing, said: Vocabulary) -> Kind:
    known = kind_of(thing)
    return known or said.kind(text(thing, "learningResourceType"), Kind.ARTICLE)


def _languages(both: Iterable[Thing]) -> list[str]:
    held = [v for thing in both for v in values(thing, "inLanguage", "availableLanguage")]
    tags = [text(v, "alternateName", "name") if isinstance(v, dict) else str(v) for v in held]
    return [tag for tag in tags if tag][:1]


def _people(both: Iterable[Thing]) -> tuple[str, ...]:
    """Names, of those who made it and those who teach it; an address is no name."""
    said = [name for thing in both for key in _PEOPLE for name in texts(thing, key)]
    return _once(name for name in said if "://" not in name and not name.startswith(("/", "@")))


def _duration(thing: Thing, runs: list[Thing], said: Vocabulary) -> int | None:
    """Its own length, else what a run of it asks for in all."""
    own = next((said.seconds(length) for n in _LENGTHS if (length := text(thing, n))), None)
    loads = (text(one, "courseWorkload", "timeRequired") for one in runs)
    # Some write "2-4 hours per week" here, which is no length; only ISO 8601 is taken.
    lengths = (said.seconds(load) for load in loads if load.upper().startswith("P"))
    return own or next(filter(None, lengths), None)


def _levels(thing: Thing) -> list[str]:
    own = texts(thing, "educationalLevel") or texts(thing, "proficiencyLevel")
    return [bare(level) for level in own or _aligned(thing, "educationalLevel")]


def _modes(both: Iterable[Thing]) -> list[str]:
    """Ways of taking part. An attendance mode says where, so its offline is the classroom."""
    modes = [bare(mode) for thing in both for mode in texts(thing, "courseMode")]
    places = " ".join(place for t in both for place in texts(t, "eventAttendanceMode"))
    if "MixedEvent" in places or ("OnlineEvent" in places and "OfflineEvent" in places):
        modes.append("blended")
    elif "OnlineEvent" in places:
        modes.append("live online")
    elif "OfflineEvent" in places:
        modes.append("classroom")
    return list(_once(modes))


def _licence(thing: Thing) -> str:
    held = values(thing, "license", "usageInfo")
    said = (text(v, "url", "@id", "name") if isinstance(v, dict) else str(v) for v in held)
    return next(filter(None, said), "")


def _price(both: Iterable[Thing], said: Vocabulary) -> tuple[float | None, str]:
    """The lowest price offered; 0 where it says that one need not pay."""
    for thing in both:
        if text(thing, "isAccessibleForFree", "free").casefold().endswith("true"):
            return 0.0, ""
    offers = [offer for thing in both for offer in things(thing, "offers")]
    priced = [price for offer in offers for price in _prices(offer, said)]
    return min(priced, key=lambda price: price[0], default=(None, ""))


def _prices(offer: Thing, said: Vocabulary) -> Iterator[tuple[float, str]]:
    currency = text(offer, "priceCurrency")
    for place in (offer, *things(offer, "priceSpecification"), *things(offer, "offers")):
        price = text(place, "price", "lowPrice", "minPrice")
        cost, known = said.money(price, text(place, "priceCurrency") or currency)
        if cost is not None:
            yield cost, known
    if text(offer, "category").casefold() == "free":
        yield 0.0, ""


def _image(thing: Thing, url: str) -> str:
    for value in values(thing, "image") or values(thing, "thumbnailUrl", "thumbnail"):
        place = text(value, "url", "contentUrl", "@id") if isinstance(value, dict) else str(value)
        if whole := web_address(url, place):
            return whole
    return ""


def _subjects(thing: Thing) -> tuple[str, ...]:
    keywords = words(texts(thing, "keywords"))
    named = (subject for name in _ABOUT for subject in texts(thing, name))
    aligned = _aligned(thing, "educationalSubject")
    return _once(keywords, (bare(n) for n in named if "://" not in n), aligned)


def _aligned(thing: Thing, how: str) -> tuple[str, ...]:
    """What LRMI's alignments of a type name: what is taught, required, or the level."""
    alignments = things(thing, "educationalAlignment")
    fitting = (a for a in alignments if text(a, "alignmentType").casefold() == how.casefold())
    return _once(text(a, "targetName", "targetDescription", "name") for a in fitting)


def _audience(thing: Thing) -> Iterator[str]:
    for value in values(thing, "audience", "educationalRole"):
        names = ("educationalRole", "audienceType", "name")
        yield from texts(value, *names) if isinstance(value, dict) else [str(value)]


def _once(*several: Iterable[Any]) -> tuple[str, ...]:
    """All of them in order, without the empty and repeated."""
    found = (re.sub(r"\s+", " ", str(value)).strip() for values_ in several for value in values_)
    return tuple(dict.fromkeys(filter(None, found)))
