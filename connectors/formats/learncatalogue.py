"""The answer of Microsoft Learn's catalogue API, and its items read.

Lists of items by type, beside them the vocabularies their `products`, `roles` and `subjects` come
from. A module names its units and a path its modules by `uid`, in their order.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from catalogue.errors import BadItem
from catalogue.model import Delivery, Draft, Json, Kind, Locator, Part, Payload, Place
from connectors.extract import plain
from connectors.vocabulary import Vocabulary

KINDS = {
    "module": Kind.COURSE,
    "learningPath": Kind.PATH,
    "appliedSkill": Kind.COURSE,
    "certification": Kind.PATH,
    "mergedCertification": Kind.PATH,
    "course": Kind.COURSE,
}
_DELIVERY = {
    "module": Delivery.SELF_PACED,
    "learningPath": Delivery.SELF_PACED,
    "course": Delivery.INSTRUCTOR_LED,
}
_WORDS = ("products", "roles", "subjects")
# Ratings and popularity move daily and are left out.
_KEPT = (
    "uid",
    "type",
    "title",
    "subtitle",
    "summary",
    "locale",
    "url",
    "firstUnitUrl",
    "icon_url",
    "last_modified",
    "duration_in_minutes",
    "duration_in_hours",
    "levels",
    "skills",
)


class Catalogue:
    """One whole answer."""

    def __init__(self, answer: Json) -> None:
        self._answer = answer
        self._names = {word: dict(_names(_dicts(answer.get(word)))) for word in _WORDS}
        listed = ("units", "modules", "learningPaths", "courses")
        self._by_uid = {
            item["uid"]: item
            for name in listed
            for item in _dicts(answer.get(name))
            if isinstance(item.get("uid"), str)
        }

    def items(self, name: str) -> list[dict[str, Any]]:
        return _dicts(self._answer.get(name))

    def payload(self, item: Json) -> Payload:
        """The item with the names of what it refers to. Raises BadItem for one without a `uid`."""
        if not isinstance(item.get("uid"), str) or not item["uid"].strip():
            raise BadItem(f"an item has no uid; its title is {str(item.get('title'))[:80]!r}")
        words = {word: self._named(word, item.get(word)) for word in _WORDS}
        inner = [*_texts(item.get("units")), *_texts(item.get("modules")), *_guide(item)]
        parts = [self._inner(uid) for uid in inner if uid in self._by_uid]
        return {**_picked(item, _KEPT), **words, "parts": parts}

    def _named(self, word: str, ids: Any) -> list[str]:
        return [self._names[word].get(one, one) for one in _texts(ids)]

    def _inner(self, uid: str) -> Json:
        return _picked(self._by_uid[uid], ("uid", "title", "summary", "url", "type"))


def draft(payload: Payload, base: str) -> Draft:
    """Raises BadItem for an item without a title or an address."""
    said, kind = Vocabulary(), str(payload.get("type", ""))
    title = " ".join(plain(str(payload.get("title") or "")).split())
    if not title or not payload.get("url"):
        raise BadItem(f"{payload['uid']} has no {'url' if title else 'title'}")
    url = address(base, payload["url"])
    minutes = said.seconds(payload.get("duration_in_minutes"), 60)
    return Draft(
        title=title,
        url=url,
        kind=KINDS.get(kind, Kind.COURSE),
        summary=plain(str(payload.get("summary") or payload.get("subtitle") or "")),
        language=said.language(payload.get("locale")),
        provider="Microsoft Learn",
        updated=said.moment(payload.get("last_modified"), "updated"),
        duration=minutes or said.seconds(payload.get("duration_in_hours"), 3600),
        level=said.level(payload.get("levels")),
        delivery=_DELIVERY.get(kind),
        image=address(base, payload["icon_url"]) if payload.get("icon_url") else "",
        subjects=tuple(dict.fromkeys([*payload["products"], *payload["subjects"]])),
        skills=tuple(_texts(payload.get("skills"))),
        audience=", ".join(payload["roles"]),
        parts=tuple(_parts(payload, base, url)),
        unmapped=said.unmapped,
    )


def _parts(payload: Payload, base: str, url: str) -> Iterator[Part]:
    """A unit's own address is known of the first one only: of 465 units in the public sources, 23
    have another name in their address than in their uid.
    """
    first = payload.get("firstUnitUrl")
    for number, inner in enumerate(payload["parts"]):
        heading = " ".join(plain(str(inner.get("title") or "")).split())
        own = inner.get("url") or (first if not number else None)
        place = Locator(Place.UNIT, inner["uid"], address(base, own) if own else url)
        text = plain(str(inner.get("summary") or ""))
        yield Part(text or heading, place, heading)


def address(base: str, url: str) -> str:
    """The whole address, without the parameter that counts who follows links from the API."""
    parts = urlsplit(urljoin(base, str(url)))
    query = [(n, v) for n, v in parse_qsl(parts.query) if n.lower() != "wt.mc_id"]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _guide(item: Json) -> list[str]:
    """What a certification says to learn with."""
    return [str(one["uid"]) for one in _dicts(item.get("study_guide")) if "uid" in one]


def _names(terms: Iterable[Json]) -> Iterator[tuple[str, str]]:
    for term in terms:
        if term.get("id") and term.get("name"):
            yield str(term["id"]), str(term["name"])
        yield from _names(_dicts(term.get("children")))


def _picked(item: Json, names: Iterable[str]) -> dict[str, Any]:
    return {name: item[name] for name in names if item.get(name) not in (None, "", [])}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []
