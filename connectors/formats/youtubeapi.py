"""The YouTube Data API v3 by a key. Every call costs one unit of the key's quota a page of 50.

A used-up quota is a 403 that says `quotaExceeded`, which the door takes for "try later".
"""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import SecretStr

from catalogue.errors import NeedsPerson
from catalogue.model import Json
from connectors.formats.youtubeplace import Channel
from connectors.http import Http

ADDRESS = "https://www.googleapis.com/youtube/v3"
PAGE = 50  # the most that the API gives at once
_PAGES = 400  # the API shows 20,000 entries of a playlist at most
_VIDEO = "snippet,contentDetails,status,liveStreamingDetails"


class Api:
    """Calls by one key, which goes in a header, never in an address."""

    def __init__(self, http: Http, key: SecretStr, address: str) -> None:
        self._http, self._key, self._address = http, key, address.rstrip("/")

    def channel(self, place: Channel) -> dict[str, Any]:
        """The channel's `id` and `contentDetails`. Raises NeedsPerson where there is none."""
        by = {"channel": "id", "user": "forUsername", "handle": "forHandle"}[place.kind]
        found = self._get("channels", part="id,contentDetails", **{by: place.name})
        if not found.get("items"):
            raise NeedsPerson(f"there is no channel {place.name} on YouTube; correct `url`")
        return dict(found["items"][0])

    def playlists(self, **by: str) -> Iterator[dict[str, Any]]:
        """Playlists of a channel (`channelId`), or one by its `id`."""
        for page in self._pages("playlists", part="snippet,status,contentDetails", **by):
            yield from page

    def entries(self, playlist: str) -> Iterator[list[dict[str, Any]]]:
        """Pages of a playlist's entries, private and deleted videos among them."""
        return self._pages(
            "playlistItems", part="snippet,contentDetails,status", playlistId=playlist
        )

    def videos(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Those of at most 50 videos that everybody may see, by id."""
        found = self._get("videos", part=_VIDEO, id=",".join(ids)) if ids else {}
        return {video["id"]: video for video in found.get("items", ())}

    def _pages(self, method: str, **params: str) -> Iterator[list[dict[str, Any]]]:
        token: dict[str, str] = {}
        for _ in range(_PAGES):
            page = self._get(method, maxResults=PAGE, **params, **token)
            yield list(page.get("items", ()))
            if not page.get("nextPageToken"):
                return
            token = {"pageToken": page["nextPageToken"]}
        raise NeedsPerson(
            f"YouTube's {method} has more than {_PAGES} pages; name smaller playlists"
        )

    def _get(self, method: str, **params: str | int) -> Json:
        headers = {"X-Goog-Api-Key": self._key.get_secret_value()}
        # An interface we hold a key for is no crawling, so robots.txt does not apply.
        try:
            answer = self._http.get(
                f"{self._address}/{method}", params=params, headers=headers, robots=False
            ).json()
        except NeedsPerson as error:
            hint = "check that `key` is valid and may use the YouTube Data API"
            raise NeedsPerson(f"{error}; {hint}") from error
        if not isinstance(answer, dict):
            raise NeedsPerson(f"{self._address}/{method} answered with something else than the API")
        return answer
