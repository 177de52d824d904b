"""What came back from a server, and what its status means for the caller."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.errors import BadItem, NeedsPerson, SkillshelfError, TryLater
from connectors.http.addresses import shown

Fault = type[SkillshelfError]
_BUSY = frozenset({408, 425, 429})
_GONE = frozenset({404, 410})
# Canvas, GitHub and Google refuse with 403 who asks too much, and say so in the body.
_TOO_MUCH = re.compile(rb"rate.?limit|quota.?exceeded", re.IGNORECASE)
_REMEDY = {
    401: "check the credentials of this source",
    403: "check that this source's account may read it",
    404: "check the address of this source",
    407: "a proxy wants credentials, which is not supported",
    410: "it was removed for good",
    451: "it is withheld for legal reasons",
}


class Missing(BadItem):
    """The server says that there is no such item (404), or no longer (410)."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask "has it changed?" with. Kept in a cursor as JSON."""

    etag: str = ""
    modified: str = ""

    @classmethod
    def from_json(cls, kept: Any) -> "Validators":
        """Of what `as_json` gave; anything else counts as nothing known."""
        known = kept if isinstance(kept, Mapping) else {}
        return cls(str(known.get("etag") or ""), str(known.get("modified") or ""))

    def as_json(self) -> dict[str, str]:
        pairs = {"etag": self.etag, "modified": self.modified}
        return {name: value for name, value in pairs.items() if value}

    def headers(self) -> dict[str, str]:
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in pairs.items() if value}


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """A whole answer, decoded and bounded. `url` is where the last redirect led.

    `fault` is the error that an unreadable body is.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fault: Fault = NeedsPerson

    def __repr__(self) -> str:
        return f"Reply({self.status} from {shown(self.url)}, {len(self.body)} bytes)"

    @property
    def not_modified(self) -> bool:
        """Nothing new since the validators that were sent; the body is empty."""
        return self.status == 304

    @property
    def content_type(self) -> str:
        """Media type in lower case without parameters: what the server claims, not what came."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def validators(self) -> Validators:
        return Validators(self.headers.get("etag", ""), self.headers.get("last-modified", ""))

    @property
    def text(self) -> str:
        """The body by its declared charset, else UTF-8; what cannot be decoded is replaced."""
        charset = self.headers.get("content-type", "").lower().partition("charset=")[2]
        try:
            return self.body.decode(charset.partition(";")[0].strip(" \"'") or "utf-8", "replace")
        except (LookupError, ValueError):
            return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body read as JSON, whatever type it claims. Raises `fault` for anything else."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise self.fault(f"{shown(self.url)}: expected JSON, got {self.glimpse()}") from None

    @property
    def meaning(self) -> int:
        """The status, or 429 for another that refuses for want of patience."""
        too_much = self.status == 403 and _TOO_MUCH.search(self.body[:2000])
        return 429 if too_much else self.status

    def glimpse(self) -> str:
        """Type and first words of the body, for a message about what came instead."""
        words = " ".join(self.text[:300].split())[:60]
        return f"{self.content_type or 'no type'} beginning {words!r}" if words else "nothing"


def judge(status: int, url: str, fault: Fault, retry_after: float | None) -> None:
    """Raise what the status means; return for an answer that can be read."""
    if status < 300 or status == 304:
        return
    place = f"{shown(url)} answered {status}"
    if status in _BUSY or status >= 500:
        raise TryLater(f"{place}; it is down or busy", retry_after)
    remedy = _REMEDY.get(status, "the address or its settings are not what this server expects")
    if fault is BadItem and status in _GONE:
        raise Missing(f"{place}: {remedy}")
    raise (NeedsPerson if status in (401, 407) else fault)(f"{place}: {remedy}")
