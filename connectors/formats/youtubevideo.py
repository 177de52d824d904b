"""A video or a playlist of YouTube: the same payload from feed and API, and what it means."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from catalogue.errors import BadItem
from catalogue.model import Delivery, Draft, Json, Kind, Locator, Part, Payload, Place, Session
from connectors.extract.document import line, tidy, words
from connectors.formats.captioncues import from_json
from connectors.formats.captionparts import Chapter, at_second, spoken
from connectors.formats.captionxml import seconds
from connectors.formats.youtubeplace import SITE
from connectors.vocabulary import Vocabulary

_SIZES = ("maxres", "standard", "high", "medium", "default")
_CHAPTER = re.compile(r"^[\s(\[–-]*((?:\d{1,2}:)?\d{1,2}:\d\d)[\s)\]:–-]+(\S.*)$", re.MULTILINE)
_FEWEST = 3  # chapters: with fewer YouTube shows none (its help on video chapters)


def of_feed(entry: Payload) -> dict[str, Any]:
    names = ("title", "summary", "published", "updated", "image", "language", "authors")
    return {"id": entry["video"], **{name: entry[name] for name in names if entry.get(name)}}


def of_api(video: Json) -> dict[str, Any]:
    snippet, details, status = (_dict(video, n) for n in ("snippet", "contentDetails", "status"))
    live = _dict(video, "liveStreamingDetails")
    told = {
        "title": snippet.get("title"),
        "summary": snippet.get("description"),
        "published": snippet.get("publishedAt"),
        "image": _image(snippet),
        "language": snippet.get("defaultAudioLanguage") or snippet.get("defaultLanguage"),
        "authors": [snippet["channelTitle"]] if snippet.get("channelTitle") else [],
        "subjects": snippet.get("tags"),
        "duration": details.get("duration"),
        "adults": _dict(details, "contentRating").get("ytRating") == "ytAgeRestricted",
        "licence": status.get("license") if status.get("license") != "youtube" else "",
        "upcoming": live.get("scheduledStartTime")
        if snippet.get("liveBroadcastContent") == "upcoming"
        else "",
    }
    return {"id": video["id"], **{name: value for name, value in told.items() if value}}


def unit(video: str, snippet: Json) -> dict[str, str]:
    """A playlist's entry."""
    return {"id": video, "title": str(snippet.get("title") or "")}


def of_playlist(playlist: Json, units: list[dict[str, str]]) -> dict[str, Any]:
    snippet = _dict(playlist, "snippet")
    return {
        "playlist": playlist["id"],
        "title": snippet.get("title", ""),
        "summary": snippet.get("description", ""),
        "published": snippet.get("publishedAt", ""),
        "image": _image(snippet),
        "language": snippet.get("defaultLanguage") or "",
        "authors": [snippet["channelTitle"]] if snippet.get("channelTitle") else [],
        "units": units,
    }


def draft(payload: Payload) -> Draft:
    """Raises BadItem for one without a title."""
    said = Vocabulary()
    title = line(payload.get("title", ""))
    if not title:
        raise BadItem("YouTube gives it no title; it may be private by now")
    common = {
        "title": title,
        "summary": tidy(payload.get("summary", "")),
        "language": said.language(payload.get("language") or payload.get("spoken_in")),
        "authors": words(payload.get("authors", ())),
        "published": said.moment(payload.get("published")),
        "updated": said.moment(payload.get("updated")),
        "image": payload.get("image", ""),
    }
    own = _path(payload) if "playlist" in payload else _video(payload, said)
    return Draft(**common, **own, unmapped=said.unmapped)


def _video(payload: Payload, said: Vocabulary) -> dict[str, Any]:
    url = _watch(payload["id"])
    cues = from_json(payload.get("captions", {})).cues
    starts = said.moment(payload.get("upcoming"))
    return {
        "url": url,
        "kind": Kind.SESSION if starts else Kind.VIDEO,
        "delivery": Delivery.VIRTUAL if starts else None,
        "sessions": (Session(starts),) if starts else (),
        "duration": said.seconds(payload.get("duration")),
        "licence": said.licence(payload.get("licence")),
        "subjects": words(payload.get("subjects", ())),
        "audience": "adults" if payload.get("adults") else "",
        "parts": spoken(cues, partial(at_second, url), chapters(payload.get("summary", ""))),
    }


def chapters(description: str) -> tuple[Chapter, ...]:
    """Chapters as YouTube finds them in a description: three or more, the first at 0:00."""
    found = [Chapter(seconds(m[1]) or 0, line(m[2])) for m in _CHAPTER.finditer(description)]
    return tuple(found) if len(found) >= _FEWEST and found[0].start == 0 else ()


def _path(payload: Payload) -> dict[str, Any]:
    playlist = payload["playlist"]
    units = [one for one in payload["units"] if line(one["title"])]
    return {
        "url": f"{SITE}/playlist?{urlencode({'list': playlist})}",
        "kind": Kind.PATH,
        "parts": tuple(_unit(one, playlist) for one in units),
    }


def _unit(video: Mapping[str, str], playlist: str) -> Part:
    title, key = line(video["title"]), video["id"]
    return Part(title, Locator(Place.UNIT, key, _watch(key, list=playlist)), title)


def _watch(video: str, **more: str) -> str:
    return f"{SITE}/watch?{urlencode({'v': video, **more})}"


def _image(snippet: Json) -> str:
    sizes = _dict(snippet, "thumbnails")
    return next((sizes[size]["url"] for size in _SIZES if _dict(sizes, size).get("url")), "")


def _dict(thing: Json, name: str) -> Json:
    value = thing.get(name)
    return value if isinstance(value, Mapping) else {}
