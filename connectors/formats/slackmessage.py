"""A message as Slack's API and its exports give it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from catalogue.errors import BadItem
from catalogue.model import Json
from connectors.base import Failed, Gone
from connectors.formats.conversations import Channel, Message, Thread, opaque
from connectors.formats.ledger import Heard
from connectors.formats.sharedlinks import Link, shareable
from connectors.formats.slacktext import Names, links, plain

_SAID = frozenset({"", "thread_broadcast", "file_share", "me_message", "bot_message"})
DELETED = "tombstone"  # stands where a deleted message has replies
_TS = re.compile(r"\d{1,11}\.\d{1,6}")
_OWN = re.compile(r"(^|\.)slack(-files|-gov)?\.com$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where messages are read: the workspace's address, the channel, and people's names if kept."""

    workspace: str
    channel: Channel
    names: Names = None


def is_said(raw: Json) -> bool:
    """Whether somebody said it; else the system tells who joined, or what was renamed."""
    return raw.get("type", "message") == "message" and (raw.get("subtype") or "") in _SAID


def thread_of(raw: Json) -> str:
    """The `ts` of the message that its thread began with: its own, where it began one."""
    return str(raw.get("thread_ts") or raw.get("ts") or "")


def channel_of(raw: Json, closed: bool) -> Channel:
    """A channel as Slack describes it. A private one is for those whom a key grants its group."""
    name = str(raw.get("name") or raw.get("id"))
    return Channel(str(raw.get("id") or name), name, f"slack:{name}" if closed else "")


def threads(raws: Sequence[Json], place: Place) -> Iterator[Heard]:
    """The messages of one thread. Without its beginning, each of them stands for itself."""
    top = thread_of(raws[0])
    key = f"{place.channel.id}/{top}"
    first = next((raw for raw in raws if str(raw.get("ts")) == top), {"subtype": "unknown"})
    if first.get("subtype") == DELETED:
        yield Gone(key)
        return
    try:
        said = {m.id: m for m in (message(raw, place) for raw in raws if is_said(raw))}
    except BadItem as error:
        yield Failed(key if top else place.channel.name, error)
        return
    begun = said.pop(top, None) if is_said(first) else None
    replies = sorted(said.values(), key=lambda one: one.id)
    if begun:
        yield Thread(place.channel, begun, tuple(replies))
    else:
        yield from (Thread(place.channel, one) for one in replies)


def message(raw: Json, place: Place) -> Message:
    """Raises BadItem for one that Slack gave no usable `ts`, by which messages are known."""
    ts = str(raw.get("ts") or "")
    if not _TS.fullmatch(ts):
        raise BadItem(f"a message in {place.channel.name} has no `ts` but {ts[:40]!r}")
    markup = str(raw.get("text") or "")
    who = str(raw.get("user") or raw.get("bot_id") or "")
    return Message(
        id=ts,
        at=datetime.fromtimestamp(float(ts), UTC),
        who=opaque(who),
        text=plain(markup, place.names),
        url=_permalink(ts, thread_of(raw), place),
        name="" if place.names is None else place.names.get(who) or _own_name(raw),
        links=tuple(_links(markup, raw)),
    )


def _permalink(ts: str, thread: str, place: Place) -> str:
    channel = place.channel.id
    reply = f"?thread_ts={thread}&cid={channel}" if thread != ts else ""
    return f"{place.workspace}/archives/{channel}/p{ts.replace('.', '')}{reply}"


def _own_name(raw: Json) -> str:
    profile = raw.get("user_profile") or {}
    return str(profile.get("real_name") or raw.get("username") or "")


def _links(markup: str, raw: Json) -> Iterator[Link]:
    """Each link of a message once, with Slack's preview of it, without those into Slack itself."""
    previews = {link.url: link for link in _previews(_objects(raw.get("attachments")))}
    found = {link.url: link for link in reversed(list(links(markup)))}
    for link in reversed(found.values()):
        if not _OWN.search(urlsplit(link.url).hostname or ""):
            seen = previews.get(link.url, link)
            yield Link(link.url, seen.title or link.title, seen.about)


def _previews(attachments: Iterable[Json]) -> Iterator[Link]:
    for one in attachments:
        url = shareable(str(one.get("original_url") or one.get("from_url") or ""))
        if url:
            title, about = (plain(str(one.get(name) or ""), None) for name in ("title", "text"))
            yield Link(url, title, about)


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def names_of(users: Iterable[Json]) -> Mapping[str, str]:
    """Users' names as others see them, by id."""
    return {
        str(user["id"]): str(profile.get("display_name") or profile.get("real_name") or name)
        for user in users
        if user.get("id")
        for profile, name in [(user.get("profile") or {}, user.get("name") or "")]
    }
