"""A message of a Teams channel: from Graph, or from the admin export with its PascalCase keys."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import quote, urlsplit

from catalogue.errors import BadItem
from catalogue.model import Json
from connectors.base import Failed, Gone
from connectors.extract import plain
from connectors.extract.document import line, tidy, utc
from connectors.formats.conversations import Channel, Message, Thread, opaque
from connectors.formats.ledger import Heard
from connectors.formats.sharedlinks import Link, shareable

SAID = "message"  # else it is an event: a member came, a channel was renamed
_MENTION = re.compile(r"<at\b[^<>]*>(.{0,200}?)</at>", re.IGNORECASE | re.DOTALL)
_EVENT = "<systemEventMessage"
_OWN = re.compile(r"(^|\.)(teams\.(microsoft|cloud\.microsoft)|teams\.live)\.(com|us)$")
_SOMEONE = "@someone"


@dataclass(frozen=True, slots=True)
class Place:
    """A channel of a team, by the ids that its messages' addresses are made of."""

    channel: Channel
    team: str
    tenant: str = ""
    keep_names: bool = False


def camel(value: Any) -> Any:
    """The value with keys as Graph writes them: `displayName` for `DisplayName`, at every depth."""
    if isinstance(value, dict):
        return {name[:1].lower() + name[1:]: camel(inner) for name, inner in value.items()}
    return [camel(inner) for inner in value] if isinstance(value, list) else value


def channel_of(team: Json, channel: Json) -> Channel:
    """A channel by Graph's words for it. What not everyone may read has a group.

    That is the team's for a standard channel of a private team, and the channel's own for private
    and shared ones. A team that does not say that it is public counts as private.
    """
    name = f"{team.get('displayName')}/{channel.get('displayName')}"
    group = ""
    if str(team.get("visibility")).lower() != "public":
        group = f"teams:{team.get('displayName')}"
    if channel.get("membershipType") not in (None, "standard"):
        group = f"teams:{name}"
    return Channel(str(channel["id"]), name, group)


def thread(first: Json, replies: Iterable[Json], place: Place) -> Iterator[Heard]:
    """A message with its replies, if somebody said it; gone if it was deleted."""
    key = f"{place.channel.id}/{first.get('id')}"
    if first.get("deletedDateTime"):
        yield Gone(key)
    elif _is_said(first):
        try:
            told = [_message(reply, place, first) for reply in replies if _is_said(reply)]
            begun = _message(first, place, first)
        except BadItem as error:
            yield Failed(key, error)
            return
        yield Thread(place.channel, begun, tuple(sorted(told, key=lambda m: (m.at, m.id))))


def _is_said(raw: Json) -> bool:
    event = _EVENT in str((raw.get("body") or {}).get("content"))[:100]
    return raw.get("messageType") == SAID and not event and not raw.get("deletedDateTime")


def _message(raw: Json, place: Place, first: Json) -> Message:
    number, at = str(raw.get("id") or ""), _moment(raw.get("createdDateTime"))
    if not number or at is None:
        raise BadItem(f"a message in {place.channel.name} has no id or no date")
    body = raw.get("body") or {}
    content = str(body.get("content") or "")
    is_html = str(body.get("contentType")).lower() == "html"
    text = _text(content if is_html else escape(content), place.keep_names)
    who, name = _sender(raw.get("from"))
    return Message(
        id=number,
        at=at,
        who=opaque(who),
        text="\n".join(filter(None, (line(str(raw.get("subject") or "")), text))),
        url=_address(raw, place, first),
        name=name if place.keep_names else "",
        links=tuple(_links(content)) if is_html else (),
    )


def _moment(value: Any) -> datetime | None:
    try:
        return utc(datetime.fromisoformat(str(value)))
    except (ValueError, OverflowError):
        return None


def _text(markup: str, keep_names: bool) -> str:
    named = _MENTION.sub(lambda found: f"@{found[1]}" if keep_names else _SOMEONE, markup)
    return tidy(plain(named))


def _sender(value: Any) -> tuple[str, str]:
    """Id and name of who sent it, a person or an app; empty where the source names nobody."""
    senders = value.values() if isinstance(value, dict) else ()
    known = next((one for one in senders if isinstance(one, dict) and one.get("id")), {})
    return str(known.get("id") or ""), str(known.get("displayName") or "")


def _address(raw: Json, place: Place, first: Json) -> str:
    if str(raw.get("webUrl") or "").startswith("https://"):
        return str(raw["webUrl"])
    ids = f"{quote(place.channel.id, safe='')}/{quote(str(raw.get('id')), safe='')}"
    known = {"groupId": place.team, "tenantId": place.tenant, "parentMessageId": first.get("id")}
    query = "&".join(
        f"{name}={quote(str(value), safe='')}" for name, value in known.items() if value
    )
    return f"https://teams.microsoft.com/l/message/{ids}?{query}"


def _links(markup: str) -> Iterator[Link]:
    """The links in a text once each, without those into Teams itself."""
    from lxml import etree, html

    if "<a" not in markup:
        return
    try:
        root = html.document_fromstring(markup, parser=html.HTMLParser(no_network=True))
    except (etree.LxmlError, ValueError):
        return
    found: dict[str, str] = {}
    for anchor in root.iter("a"):
        url = shareable(str(anchor.get("href") or ""))
        if url and not _OWN.search(urlsplit(url).hostname or ""):
            label = line(anchor.text_content())
            found.setdefault(url, "" if "://" in label else label)
    yield from (Link(url, title) for url, title in found.items())
