"""All videos and playlists that a key shows of some channels."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from catalogue.errors import BadItem, NeedsPerson
from catalogue.model import Cursor
from connectors.base import Event, Failed, Found, Gone
from connectors.formats.marks import Marks
from connectors.formats.youtubeapi import Api
from connectors.formats.youtubecaptions import Captions
from connectors.formats.youtubeplace import Channel
from connectors.formats.youtubevideo import of_api, of_playlist, unit

Resource = dict[str, Any]  # of the API
_HIDDEN = frozenset({"private", "privacyStatusUnspecified"})  # the latter of deleted videos


def listed(
    api: Api,
    places: Sequence[Channel],
    captions: Captions,
    playlists: bool,
    cursor: Cursor,
    reading: str,
) -> Iterator[Event]:
    """Everything, each time: a page of 50 videos costs two units of 10,000 a day.

    Of several places one that is not there costs one failure; a used-up quota ends the run.
    """
    listing = _Listing(api, captions, Marks(cursor, reading))
    for place in places:
        try:
            yield from listing.events(place, playlists)
        except NeedsPerson as error:
            if len(listing.marks.faults) + 1 == len(places):
                raise
            yield listing.marks.fault(error, place.name)
    yield from listing.marks.ending({}, complete=True)


class _Listing:
    def __init__(self, api: Api, captions: Captions, marks: Marks) -> None:
        self.api, self.captions, self.marks = api, captions, marks
        self.told = set[str]()

    def events(self, place: Channel, playlists: bool) -> Iterator[Event]:
        if place.kind == "playlist":
            yield from self._playlist(place.name)
            return
        channel = self.api.channel(place)
        uploads = channel["contentDetails"]["relatedPlaylists"]["uploads"]
        yield from self._videos(self.api.entries(uploads))
        for playlist in self.api.playlists(channelId=channel["id"]) if playlists else ():
            yield from self._path(playlist, self.api.entries(playlist["id"]))

    def _playlist(self, name: str) -> Iterator[Event]:
        """The videos of a playlist that a person named, and itself as a path."""
        pages = list(self.api.entries(name))
        yield from self._videos(pages)
        for playlist in self.api.playlists(id=name):
            yield from self._path(playlist, pages)

    def _videos(self, pages: Iterable[list[Resource]]) -> Iterator[Event]:
        for page in pages:
            shown = [_video(entry) for entry in page if _is_shown(entry)]
            hidden = [_video(entry) for entry in page if not _is_shown(entry)]
            yield from (Gone(video) for video in hidden if video in self.marks.old)
            fresh = [video for video in dict.fromkeys(shown) if video not in self.told]
            self.told.update(fresh)
            found = self.api.videos(fresh)
            for video in fresh:
                yield self._told(video, found.get(video))
            yield self.marks.midway()

    def _told(self, key: str, video: Resource | None) -> Event:
        if video is None:
            return Failed(key, BadItem(f"video {key} is listed, but YouTube does not show it"))
        event = self.marks.told(key, {**of_api(video), **self.captions.mark(key)})
        if not isinstance(event, Found):
            return event
        try:
            return Found(key, {**event.payload, **self.captions.of(key)})
        except BadItem as error:
            del self.marks.new[key]
            return Failed(key, error)

    def _path(self, playlist: Resource, pages: Iterable[list[Resource]]) -> Iterator[Event]:
        units = [unit(_video(e), e["snippet"]) for page in pages for e in page if _is_shown(e)]
        if units and playlist["id"] not in self.told:
            self.told.add(playlist["id"])
            yield self.marks.told(playlist["id"], of_playlist(playlist, units))


def _video(entry: Resource) -> str:
    return str(entry["contentDetails"]["videoId"])


def _is_shown(entry: Resource) -> bool:
    return entry.get("status", {}).get("privacyStatus", "public") not in _HIDDEN
