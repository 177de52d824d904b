"""Channels of Teams through Microsoft Graph.

A channel is listed whole each time, 50 threads a request with their replies. Graph's own list of
changes (`messages/delta`) leaves out the replies and what is older than eight months, so that
neither a new answer nor a count of links could rest on it.
"""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from catalogue.errors import BadItem, NeedsPerson
from catalogue.model import Json
from connectors.base import Failed
from connectors.formats.graph import Graph, objects
from connectors.formats.ledger import Heard
from connectors.formats.teamsmessage import Place, channel_of, thread

PAGE = 50  # the most that Graph gives
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def place(graph: Graph, wanted: str, *, keep_names: bool) -> Place:
    """Where `TEAM/CHANNEL` is, both by name or by id. Raises NeedsPerson for what is not there."""
    team_name, _, name = wanted.partition("/")
    team = _team(graph, team_name)
    channels = list(graph.listed(f"teams/{team['id']}/channels"))
    for channel in channels:
        if name in (channel.get("id"), channel.get("displayName")):
            where = channel_of(team, channel), str(team["id"]), str(channel.get("tenantId") or "")
            return Place(*where, keep_names=keep_names)
    known = ", ".join(sorted(str(channel.get("displayName")) for channel in channels))
    raise NeedsPerson(f"the team {team_name} has no channel {name}; it has {known[:500]}")


def _team(graph: Graph, name: str) -> Json:
    if _ID.fullmatch(name):
        return graph.get(f"teams/{name}")
    quoted = name.replace("'", "''")
    found = list(graph.listed("teams", filter=f"displayName eq '{quoted}'", select="id"))
    if len(found) != 1:
        raise NeedsPerson(f"{len(found)} teams are called {name}; correct the name, or give its id")
    return graph.get(f"teams/{found[0]['id']}")  # the list leaves the visibility out


def heard(graph: Graph, where: Place) -> Iterator[Heard]:
    """The channel's threads, latest change first."""
    path = f"teams/{where.team}/channels/{where.channel.id}/messages"
    for first in graph.listed(path, top=PAGE, expand="replies"):
        try:
            replies = list(_replies(graph, first))
        except BadItem as error:
            yield Failed(f"{where.channel.id}/{first.get('id')}", error)
            continue
        yield from thread(first, replies, where)


def _replies(graph: Graph, first: Json) -> Iterator[dict[str, Any]]:
    more = first.get("replies@odata.nextLink")
    rest = graph.listed(str(more), item=True) if more else ()
    return chain(objects(first.get("replies")), rest)
