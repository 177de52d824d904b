"""Teams as administrators export it with PowerShell: a list of teams, and two files for each.

`teamsList.json`, `channels_TEAM.json` and `messages_TEAM.json`, where TEAM is the team's id, have
Graph's objects with PascalCase keys; replies stand among the messages.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from catalogue.errors import BadItem, NeedsPerson
from catalogue.model import Json
from connectors.base import Failed
from connectors.formats.archives import Archive, open_archive
from connectors.formats.graph import objects
from connectors.formats.ledger import Heard
from connectors.formats.teamsmessage import Place, camel, channel_of, thread

TEAMS = "teamsList.json"


def exported(path: Path, channels: Sequence[str], *, keep_names: bool) -> Iterator[Heard]:
    """What was said in these channels. Raises NeedsPerson for what is no export with them."""
    try:
        with open_archive(path) as archive:
            export = Export(archive)
            for place in [export.place(name, keep_names=keep_names) for name in channels]:
                yield from export.heard(place)
    except (BadItem, NeedsPerson) as error:
        raise NeedsPerson(f"{path} {error}") from None


class Export:
    """An export in an archive or folder; its files may lie in folders of their own."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._files = {name.rpartition("/")[2]: name for name in sorted(archive.sizes)}
        if TEAMS not in self._files:
            raise NeedsPerson(f"holds no {TEAMS}; give the export as it was made")
        listed = self._list(TEAMS)
        self._teams = {str(one.get("groupsId") or one.get("groupId")): one for one in listed}

    def place(self, wanted: str, *, keep_names: bool) -> Place:
        """Where `TEAM/CHANNEL` is, both by name or by id. Raises NeedsPerson."""
        team_name, _, name = wanted.partition("/")
        number, team = self._team(team_name)
        channels = self._list(f"channels_{number}.json")
        for one in channels:
            if name in (one.get("id"), one.get("displayName")):
                tenant = str(one.get("tenantId") or "")
                return Place(channel_of(team, one), number, tenant, keep_names)
        known = ", ".join(sorted(str(one.get("displayName")) for one in channels))
        raise NeedsPerson(f"has no channel {name} in {team_name}; it has {known[:500]}")

    def _team(self, name: str) -> tuple[str, Json]:
        for number, one in self._teams.items():
            if name in (number, one.get("name")):
                about = {"displayName": one.get("name"), "visibility": one.get("privacy")}
                return number, about
        known = ", ".join(sorted(str(one.get("name")) for one in self._teams.values()))
        raise NeedsPerson(f"has no team {name}; it has {known[:500]}")

    def heard(self, place: Place) -> Iterator[Heard]:
        """The channel's threads in the order of the file."""
        file = f"messages_{place.team}.json"
        try:
            raws = self._list(file)
        except BadItem as error:
            yield Failed(file, error)
            return
        own = [raw for raw in raws if _channel(raw) in ("", place.channel.id)]
        replies: dict[str, list[Json]] = {}
        for raw in own:
            replies.setdefault(str(raw.get("replyToId") or ""), []).append(raw)
        for first in replies.get("", ()):
            yield from thread(first, replies.get(str(first.get("id")), ()), place)

    def _list(self, file: str) -> list[dict[str, Any]]:
        try:
            value = camel(json.loads(self._archive.read(self._files.get(file, file))))
        except (ValueError, RecursionError) as error:
            raise BadItem(f"holds {file}, which is not JSON ({str(error)[:80]})") from None
        if not isinstance(value, list):
            raise BadItem(f"holds {file}, which is no list")
        return objects(value)


def _channel(raw: Json) -> str:
    return str((raw.get("channelIdentity") or {}).get("channelId") or "")
