"""A Slack export: lists of channels and users, and a file of messages for each channel and day.

`channels.json` has the public channels, `groups.json` the private ones; messages between people
(`dms.json`, `mpims.json`) are never read.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from catalogue.errors import BadItem, NeedsPerson
from catalogue.model import Json
from connectors.base import Failed
from connectors.formats.archives import Archive, open_archive
from connectors.formats.conversations import Channel
from connectors.formats.ledger import Heard
from connectors.formats.slackmessage import Place, channel_of, names_of, thread_of, threads
from connectors.formats.slacktext import Names

LISTS = {"channels.json": False, "groups.json": True}


def exported(
    path: Path, workspace: str, channels: Sequence[str], *, keep_names: bool
) -> Iterator[Heard]:
    """What was said in these channels. Raises NeedsPerson for what is no export with them."""
    try:
        with open_archive(path) as archive:
            export = Export(archive, workspace)
            names = export.names() if keep_names else None
            for channel in export.channels(channels):
                yield from export.heard(channel, names)
    except (BadItem, NeedsPerson) as error:
        raise NeedsPerson(f"{path} {error}") from None


class Export:
    """An export in an archive or folder; it may lie in a folder inside."""

    def __init__(self, archive: Archive, workspace: str) -> None:
        self._archive, self._workspace = archive, workspace.rstrip("/")
        lists = [name for name in archive.sizes if name.rpartition("/")[2] in LISTS]
        if not lists:
            raise NeedsPerson("holds no channels.json; give Slack's export as it was downloaded")
        self._top = min(lists, key=len).rpartition("/")[0]

    def channels(self, wanted: Sequence[str]) -> list[Channel]:
        """Raises NeedsPerson for a name or id that the export does not have."""
        known: dict[str, Channel] = {}
        for name, closed in LISTS.items():
            for one in self._list(name):
                channel = channel_of(one, closed)
                known |= {channel.id: channel, channel.name: channel}
        missing = [name for name in wanted if name.lstrip("#") not in known]
        if missing:
            raise NeedsPerson(
                f"has no channel {', '.join(missing)}; it has "
                f"{', '.join(sorted({one.name for one in known.values()}))[:500]}"
            )
        return list(dict.fromkeys(known[name.lstrip("#")] for name in wanted))

    def names(self) -> Names:
        return names_of(self._list("users.json"))

    def heard(self, channel: Channel, names: Names) -> Iterator[Heard]:
        """The channel's threads in the order in which they began."""
        place = Place(self._workspace, channel, names)
        begun: dict[str, list[Json]] = {}
        for day in self._days(channel):
            try:
                said = self._read(day)
            except BadItem as error:
                yield Failed(day, error)
                continue
            for raw in said:
                begun.setdefault(thread_of(raw), []).append(raw)
        yield from chain.from_iterable(threads(raws, place) for raws in begun.values())

    def _days(self, channel: Channel) -> list[str]:
        """Slack names the folder after the channel, and after its id where that name is taken."""
        folders = [f"{self._path(name)}/" for name in (channel.name, channel.id)]
        names = (n for n in self._archive.sizes if n.endswith(".json"))
        return sorted(n for n in names if n.rpartition("/")[0] + "/" in folders)

    def _path(self, name: str) -> str:
        return f"{self._top}/{name}" if self._top else name

    def _list(self, name: str) -> list[dict[str, Any]]:
        path = self._path(name)
        return self._read(path) if path in self._archive.sizes else []

    def _read(self, path: str) -> list[dict[str, Any]]:
        try:
            value = json.loads(self._archive.read(path))
        except (ValueError, RecursionError) as error:
            raise BadItem(f"{path} is not JSON ({str(error)[:80]})") from None
        if not isinstance(value, list):
            raise BadItem(f"{path} is no list of messages")
        return [one for one in value if isinstance(one, dict)]
