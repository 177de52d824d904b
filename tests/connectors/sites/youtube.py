"""YouTube's Data API and feeds for one channel of a cookery school: 8 videos, 6 of them public."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from requests import PreparedRequest

from connectors.testing import CANARY, Answer

SECRETS = ("key",)
CHANNEL = "UCcookeryschool000000001"
UPLOADS = "UUcookeryschool000000001"
PATH = "PLknifeskills001"
PAGE = 3  # the real one gives up to 50

_VIDEOS = {
    "knife000001": ("Holding a chef's knife", "PT4M10S", "Pinch the blade, curl your fingertips."),
    "knife000002": ("Dicing an onion", "PT3M5S", "Halve it, slice towards the root, then across."),
    "stock000001": (
        "Brown stock from bones",
        "PT1H2M",
        "Roast, simmer, skim.\n\n0:00 Roasting the bones\n10:30 Deglazing\n15:00 Simmering",
    ),
    "sauce000001": ("Mayonnaise that holds", "PT6M", "Egg yolk, mustard, and patience."),
    "bread000001": ("Brotteig kneten", "PT9M30S", "Der Teig ist fertig, wenn er sich löst."),
    "live0000001": ("Live: cook with us on Friday", "P0D", "Ask the chef."),
}
HIDDEN = {"priv0000001": "private", "dele0000001": "privacyStatusUnspecified"}


def settings(base: str) -> dict[str, object]:
    return {"url": f"{base}/channel/{CHANNEL}", "api_address": f"{base}/youtube/v3"}


def answers(base: str, world: str = "whole") -> Callable[[PreparedRequest], Answer]:
    """`shrunk` lacks the mayonnaise; in `dented` it is listed, but not shown."""
    names = [name for name in _VIDEOS if not (world == "shrunk" and name == "sauce000001")]
    shown = [name for name in names if not (world == "dented" and name == "sauce000001")]

    def answer(request: PreparedRequest) -> Answer:
        parts = urlsplit(str(request.url))
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        path = parts.path.removeprefix(urlsplit(base).path)
        if path == "/feeds/videos.xml":
            return Answer(feed(shown), headers={"Content-Type": "text/xml; charset=UTF-8"})
        if request.headers.get("X-Goog-Api-Key") != CANARY:
            return refused(400, "badRequest", "API key not valid. Please pass a valid API key.")
        return _api(path.rpartition("/")[2], query, names, shown)

    return answer


def refused(status: int, reason: str, message: str) -> Answer:
    """An error in the API's own shape."""
    told = {"message": message, "domain": "youtube", "reason": reason}
    return Answer({"error": {"code": status, "message": message, "errors": [told]}}, status)


def _api(method: str, query: dict[str, str], names: Sequence[str], shown: Sequence[str]) -> Answer:
    if method == "channels":
        asked = {query.get("id"), query.get("forHandle"), query.get("forUsername")}
        known = asked & {CHANNEL, "@cookery", "cookery"}
        return Answer({"items": [_channel()] if known else []})
    if method == "playlists":
        mine = query.get("channelId") == CHANNEL or query.get("id") == PATH
        return Answer({"items": [_playlist()] if mine else []})
    if method == "playlistItems":
        return _entries(query, names)
    if method == "videos":
        asked_for = query["id"].split(",")
        return Answer({"items": [video(name) for name in asked_for if name in shown]})
    return refused(404, "notFound", "Not found.")


def _entries(query: dict[str, str], names: Sequence[str]) -> Answer:
    lists = {UPLOADS: [*names, *HIDDEN], PATH: ["knife000001", "knife000002", "priv0000001"]}
    if query["playlistId"] not in lists:
        return refused(404, "playlistNotFound", "The playlist cannot be found.")
    listed, start = lists[query["playlistId"]], int(query.get("pageToken", "0"))
    page = {"items": [_entry(name) for name in listed[start : start + PAGE]]}
    more = {"nextPageToken": str(start + PAGE)} if start + PAGE < len(listed) else {}
    return Answer({**page, **more})


def _channel() -> dict[str, Any]:
    return {
        "id": CHANNEL,
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": UPLOADS}},
    }


def _playlist() -> dict[str, Any]:
    snippet = {
        "title": "Knife skills",
        "description": "From the first cut to a julienne.",
        "publishedAt": "2025-02-01T10:00:00Z",
        "channelTitle": "Cookery School",
        "thumbnails": {"default": {"url": "https://i.ytimg.com/vi/knife000001/default.jpg"}},
    }
    return {"id": PATH, "snippet": snippet, "status": {"privacyStatus": "public"}}


def _entry(name: str) -> dict[str, Any]:
    titles = {"private": "Private video", "privacyStatusUnspecified": "Deleted video"}
    status = HIDDEN.get(name, "public")
    title = titles.get(status) or _VIDEOS[name][0]
    return {
        "id": f"entry-{name}",
        "snippet": {"title": title, "resourceId": {"kind": "youtube#video", "videoId": name}},
        "contentDetails": {"videoId": name},
        "status": {"privacyStatus": status},
    }


def video(name: str) -> dict[str, Any]:
    title, duration, description = _VIDEOS[name]
    live = name.startswith("live")
    return {
        "id": name,
        "snippet": {
            "title": title,
            "description": description,
            "publishedAt": "2025-03-04T08:30:00Z",
            "channelId": CHANNEL,
            "channelTitle": "Cookery School",
            "tags": ["cooking", "kitchen"],
            "defaultAudioLanguage": "de" if name.startswith("bread") else "en-GB",
            "liveBroadcastContent": "upcoming" if live else "none",
            "thumbnails": {"high": {"url": f"https://i.ytimg.com/vi/{name}/hqdefault.jpg"}},
        },
        "contentDetails": {"duration": duration, "caption": "false", "contentRating": {}},
        "status": {
            "privacyStatus": "public",
            "license": "creativeCommon" if name.startswith("stock") else "youtube",
        },
        **(
            {"liveStreamingDetails": {"scheduledStartTime": "2026-02-06T17:00:00Z"}} if live else {}
        ),
    }


def feed(names: Sequence[str]) -> str:
    spaces = (
        'xmlns:yt="http://www.youtube.com/xml/schemas/2015" '
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom"'
    )
    return f"<feed {spaces}><title>Cookery School</title>{''.join(map(_feed_entry, names))}</feed>"


def _feed_entry(name: str) -> str:
    title, _, description = _VIDEOS[name]
    return f"""<entry><id>yt:video:{name}</id><yt:videoId>{name}</yt:videoId>
    <title>{escape(title)}</title><author><name>Cookery School</name></author>
    <link rel="alternate" href="https://www.youtube.com/watch?v={name}"/>
    <published>2025-03-04T08:30:00+00:00</published><updated>2025-03-05T08:30:00+00:00</updated>
    <media:group><media:title>{escape(title)}</media:title>
    <media:thumbnail url="https://i4.ytimg.com/vi/{name}/hqdefault.jpg" width="480" height="360"/>
    <media:description>{escape(description)}</media:description></media:group></entry>"""
