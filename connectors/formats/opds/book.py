"""A publication of an OPDS catalogue read."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

from catalogue.errors import BadItem
from catalogue.model import Draft, Kind, Payload
from connectors.extract import plain
from connectors.formats.headings import bisac
from connectors.formats.opds.feed import ACQUISITION
from connectors.vocabulary import Vocabulary

_FREE = f"{ACQUISITION}/open-access"
_AUDIENCE = ("schema.org/audience", "schema.org/typicalAgeRange")
_NO_SUBJECTS = ("librarysimplified.org/terms/fiction", "schema.org/Rating")
Link = Mapping[str, Any]


def draft(payload: Payload, catalogue: str) -> Draft:
    """`catalogue` is the address of all. Raises BadItem for a publication without a title."""
    said, links = Vocabulary(), payload["links"]
    title = plain(str(payload.get("title", "")))
    if not title:
        raise BadItem(f"publication {payload['id']} has no title")
    subtitle = plain(str(payload.get("subtitle", "")))
    cost, currency = _cost(said, links)
    rights = [o["rights"] for o in links if o.get("rights")] or [payload.get("rights", "")]
    return Draft(
        title=" ".join(": ".join(filter(None, (title, subtitle))).split()),
        url=_url(payload, catalogue),
        kind=said.kind(payload.get("kind"), Kind.BOOK),
        summary=plain(str(payload.get("summary", ""))),
        language=said.language(payload.get("language")),
        provider=str(payload.get("publisher", "")),
        authors=tuple(dict.fromkeys(payload.get("authors", ()))),
        published=said.moment(payload.get("issued"), "published"),
        updated=said.moment(payload.get("updated"), "updated"),
        duration=said.seconds(payload.get("duration")),
        licence=said.licence(rights[0]),
        cost=cost,
        currency=currency,
        image=next(_images(links), ""),
        subjects=tuple(dict.fromkeys(_subjects(payload))),
        audience=", ".join(dict.fromkeys(filter(None, map(_words, _audiences(payload))))),
        unmapped=said.unmapped,
    )


def available(payload: Payload) -> bool:
    """Whether a reader can get the publication now. One that says nothing can be had."""
    states = [o.get("state") for o in payload["links"] if _is_offer(o)]
    return not states or any(state != "unavailable" for state in states)


def _is_offer(one: Link) -> bool:
    return any(rel.startswith(ACQUISITION) and "sample" not in rel for rel in one["rel"])


def _cost(said: Vocabulary, links: list[Link]) -> tuple[float | None, str]:
    if any(_FREE in one["rel"] for one in links):
        return 0, ""
    prices = (one for one in links if one.get("price") not in (None, ""))
    priced = next(prices, {})
    return said.money(priced.get("price"), priced.get("currency", ""))


def _url(payload: Payload, catalogue: str) -> str:
    """Where a person reads about the publication; else where it is to be had, or its catalogue."""
    links = [one for one in payload["links"] if _on_the_web(one["href"])]
    pages = [one for one in links if one["type"].startswith("text/html")]
    wanted = (
        [one for one in pages if {"alternate", "related"} & set(one["rel"])],
        [one for one in pages if _is_offer(one)],
        [one for one in links if _FREE in one["rel"]],
        [one for one in links if _is_offer(one)],
        [one for one in links if {"alternate", "self"} & set(one["rel"])],
    )
    found = next((group[0]["href"] for group in wanted if group), "")
    return found or f"{catalogue.partition('?')[0]}#{quote(payload['id'], safe='')}"


def _on_the_web(href: str) -> bool:
    return href.startswith(("http://", "https://"))


def _images(links: list[Link]) -> Iterator[str]:
    """The cover, else its thumbnail."""
    for end in ("image", "image/thumbnail", "cover"):
        for one in links:
            if any(rel.endswith(end) for rel in one["rel"]) and _on_the_web(one["href"]):
                yield one["href"]


def named(payload: Payload, headings: Mapping[str, str]) -> Payload:
    """The publication with words for the subjects that come as bare codes."""
    if not headings or "subjects" not in payload:
        return payload
    subjects = [
        subject if subject["name"] else {**subject, "name": headings.get(_code(subject), "")}
        for subject in payload["subjects"]
    ]
    return {**payload, "subjects": subjects}


def _code(subject: Mapping[str, str]) -> str:
    """The code alone, where it is an address; Feedbooks puts FB before BISAC's codes."""
    return unquote(subject["code"].rstrip("/").rpartition("/")[2]).removeprefix("FB")


def _subjects(payload: Payload) -> Iterator[str]:
    for subject in payload.get("subjects", ()):
        if not any(part in subject["scheme"] for part in (*_AUDIENCE, *_NO_SUBJECTS)):
            words = _words(subject) or bisac(_code(subject)) or _code(subject)
            if words:
                yield words


def _audiences(payload: Payload) -> Iterator[Mapping[str, str]]:
    for subject in payload.get("subjects", ()):
        if any(part in subject["scheme"] for part in _AUDIENCE):
            yield subject if subject["name"] else {**subject, "name": subject["code"]}


def _words(subject: Mapping[str, str]) -> str:
    return " ".join(plain(subject["name"]).split())
