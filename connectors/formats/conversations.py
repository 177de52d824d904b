"""What people say to each other in channels: which of it teaches something, and how it reads.

A thread that begins with a question and has an answer is a discussion. A link is a candidate of its
own, counted over all the messages that share it. Everything else is talk and is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from catalogue.errors import BadItem
from catalogue.model import Delivery, Draft, Json, Kind, Locator, Part, Payload, Place
from connectors.extract.document import line, tidy
from connectors.formats.sharedlinks import Link, Share, link_draft

TITLE, SUMMARY = 120, 600  # characters
_SENTENCE = re.compile(r"(?<=[.!?…？؟])\s+|\n+")
_ASKED = re.compile(r"[?？؟]\W*$")
_ASKS = re.compile(
    r"(how|why|what|where|when|which|who|is there|are there|has any(one|body)|does any(one|body)"
    r"|wie|warum|wieso|weshalb|wo|wann|welche[nmrs]?|was|gibt es|kennt jemand|wei(ß|ss) jemand"
    r"|comment|pourquoi|où|quand|quel(le)?s?|est-ce que|cómo|por qué|dónde|cuándo|cuál)\b",
    re.IGNORECASE,
)
_HELLO = re.compile(
    r"((hi|hello|hey|dear|hallo|moin|servus|guten (tag|morgen)|bonjour|salut|hola)\b[\s,!.]*)?"
    r"(@\S+[\s,:!]*){0,20}",
    re.IGNORECASE,
)
_GREETING = 3  # words: "Anyone here?", "Quick question?" only announce what is asked next
_CLEAR = 5  # words: "Is that so?" does not say what it asks about
_ANSWER = 2  # words: "Thanks!" and "+1" answer nothing


@dataclass(frozen=True, slots=True)
class Channel:
    """`group` names those who may read it where not everyone may; it is empty otherwise."""

    id: str
    name: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """`at` is aware and in UTC; `who` tells senders apart, and is empty where none is named.

    `name` is the sender's name, only where names are kept; `text` is plain.
    """

    id: str
    at: datetime
    who: str
    text: str
    url: str
    name: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Thread:
    """`unchanged` says that it is as it was when last read; then only its links are filled in."""

    channel: Channel
    first: Message
    replies: tuple[Message, ...] = ()
    unchanged: bool = False

    @property
    def key(self) -> str:
        return f"{self.channel.id}/{self.first.id}"

    def shares(self) -> Iterator[Share]:
        """Links with what the thread began with: that is what they are about."""
        for message in (self.first, *self.replies):
            for link in message.links:
                yield Share(
                    *(link, message.who, message.at.isoformat()),
                    *(self.first.text, self.channel.name, self.channel.group),
                )


def opaque(sender: str) -> str:
    """What tells a sender from others without saying who it is; empty for nobody."""
    return sha256(sender.encode()).hexdigest()[:12] if sender else ""


def discussion(thread: Thread) -> Payload | None:
    """The thread as a payload, if it is a question with an answer by somebody else."""
    asked = thread.first
    answers = [reply for reply in thread.replies if reply.text]
    if not question(asked.text) or not any(_answers(reply, asked) for reply in answers):
        return None
    return {
        "channel": thread.channel.name,
        "group": thread.channel.group,
        "messages": [_told(message) for message in (asked, *answers)],
    }


def _answers(reply: Message, asked: Message) -> bool:
    by_another = not reply.who or reply.who != asked.who
    return by_another and len(reply.text.split()) >= _ANSWER


def _told(message: Message) -> Json:
    name = {"name": message.name} if message.name else {}
    at = message.at.isoformat()
    return {"id": message.id, "at": at, "url": message.url, "text": message.text, **name}


def question(text: str) -> str:
    """The sentence that asks; empty where none does."""
    sentences = _sentences(text)
    asked = [s for s in sentences if _ASKED.search(s) and "://" not in s.split()[-1]]
    long = [s for s in asked if len(s.split()) >= _GREETING]
    begun = [s for s in sentences if _ASKS.match(s) and len(s.split()) >= _GREETING]
    return next(iter([*long, *begun]), "") or (sentences[-1] if asked else "")


def called(text: str) -> str:
    """What to call a discussion: its question, after what it is about where it is a short one."""
    asked = question(text)
    about = next(iter(_sentences(text)), "")
    if not asked or asked == about or len(asked.split()) >= _CLEAR:
        return asked or about
    return f"{about}{' ' if about[-1] in '.!?…:' else ': '}{asked}"


def _sentences(text: str) -> list[str]:
    """The sentences and lines of a text, without whom they greet."""
    spoken = (_HELLO.sub("", one.strip(), count=1) for one in _SENTENCE.split(text))
    return [one for one in spoken if one]


def draft(payload: Payload) -> Draft:
    """A discussion, or a link that was shared. Raises BadItem for what is neither."""
    if "link" in payload:
        return link_draft(payload)
    messages = payload.get("messages") or ()
    if not messages:
        raise BadItem("a thread without messages")
    first, *answers = messages
    text = tidy(first["text"])
    return Draft(
        title=shortened(line(called(text)) or line(text), TITLE),
        url=first["url"],
        kind=Kind.DISCUSSION,
        summary=shortened(text, SUMMARY),
        authors=tuple(dict.fromkeys(m["name"] for m in messages if m.get("name"))),
        published=_moment(first),
        updated=max(_moment(message) for message in messages),
        delivery=Delivery.INFORMAL,
        subjects=(payload["channel"],),
        visibility=(payload["group"],) if payload.get("group") else (),
        parts=(_part(first, "Question"), *(_part(answer, "Answer") for answer in answers)),
    )


def _part(message: Any, heading: str) -> Part:
    place = Locator(Place.UNIT, message["id"], message["url"])
    return Part(tidy(message["text"]), place, message.get("name") or heading)


def _moment(message: Any) -> datetime:
    return datetime.fromisoformat(message["at"])


def shortened(text: str, longest: int) -> str:
    """Cut after a word."""
    return text if len(text) <= longest else text[:longest].rsplit(None, 1)[0] + " …"
