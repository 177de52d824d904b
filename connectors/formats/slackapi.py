"""Slack's Web API. The token goes in a header; an error comes with status 200 as `{"ok": false}`.

Slack tells of no change but new messages: each run lists a channel's history anew, and fetches the
replies of those threads whose number or latest reply has changed.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from catalogue.errors import BadItem, NeedsPerson, SkillshelfError, TryLater
from catalogue.hashing import content_hash
from catalogue.model import Json
from connectors.base import Failed
from connectors.formats.conversations import Channel, Message, Thread
from connectors.formats.ledger import Heard, Ledger, Partial
from connectors.formats.sharedlinks import Link
from connectors.formats.slackmessage import Place, channel_of, names_of, thread_of, threads
from connectors.formats.slacktext import Names
from connectors.http import Http

PAGE = 200  # what Slack recommends; the most is 999
_WORK = {"public_channel": False, "private_channel": True}
_NEW_TOKEN = "make a new token and set it for this source"  # noqa: S105
_FOR_A_PERSON = {
    **dict.fromkeys(("not_authed", "invalid_auth", "account_inactive"), _NEW_TOKEN),
    **dict.fromkeys(("token_revoked", "token_expired", "no_permission"), _NEW_TOKEN),
    "missing_scope": "add the scope to the app, and install it again",
    "not_in_channel": "invite the app to the channel",
    "not_allowed_token_type": "use a user's token (xoxp-…)",
    "access_denied": "ask the workspace's administrators",
    "ekm_access_denied": "ask the workspace's administrators",
}
_LATER = frozenset(
    {"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)


class Workspace:
    """A workspace as one token sees it."""

    def __init__(self, api: str, token: SecretStr, http: Http) -> None:
        self._api, self._token, self._http = api.rstrip("/"), token, http

    def address(self) -> str:
        """Such as https://acme.slack.com. Raises NeedsPerson for a token that is not valid."""
        return str(self._call("auth.test").get("url") or "").rstrip("/")

    def channels(self, wanted: Sequence[str]) -> list[Channel]:
        """Private ones are asked for only if a public one is missing: they need another scope."""
        known: dict[str, Channel] = {}
        names = [name.lstrip("#") for name in wanted]
        for kind, closed in _WORK.items():
            if set(names) <= known.keys():
                break
            for page in self._pages("conversations.list", types=kind):
                for raw in _objects(page, "channels"):
                    channel = channel_of(raw, closed)
                    known |= {channel.id: channel, channel.name: channel}
        if missing := [name for name in names if name not in known]:
            raise NeedsPerson(
                f"{self._api} shows no channel {', '.join(missing)}; invite the app, or correct "
                "`channels`"
            )
        return list(dict.fromkeys(known[name] for name in names))

    def names(self) -> Names:
        return names_of(
            raw for page in self._pages("users.list") for raw in _objects(page, "members")
        )

    def heard(self, place: Place, ledger: Ledger) -> Iterator[Heard]:
        """The channel's threads, latest first. `ledger` remembers what was said in each."""
        for page in self._pages("conversations.history", channel=place.channel.id):
            if page.get("is_limited"):  # plans without payment show the latest 90 days
                yield Partial()
            for raw in _objects(page, "messages"):
                if thread_of(raw) == str(raw.get("ts") or ""):
                    yield from self._thread(raw, place, ledger)

    def _thread(self, raw: Json, place: Place, ledger: Ledger) -> Iterator[Heard]:
        key = f"{place.channel.id}/{thread_of(raw)}"
        if not raw.get("reply_count"):
            yield from threads([raw], place)
            return
        mark = content_hash(
            [raw.get(n) for n in ("text", "subtype", "reply_count", "latest_reply")]
        )
        note = ledger.noted.get(key)
        if note and note["mark"] == mark[-16:]:
            ledger.notes[key] = note
            for one in threads([raw], place):
                yield _recalled(one, note) if isinstance(one, Thread) else one
            return
        try:
            heard = list(threads([raw, *self._replies(place.channel.id, raw["ts"])], place))
        except BadItem as error:
            yield Failed(key, error)
            return
        ledger.notes[key] = {"mark": mark[-16:], "links": _links(heard)}
        yield from heard

    def _replies(self, channel: str, ts: str) -> list[dict[str, Any]]:
        pages = self._pages("conversations.replies", BadItem, channel=channel, ts=ts)
        return [raw for page in pages for raw in _objects(page, "messages") if raw.get("ts") != ts]

    def _pages(
        self, method: str, fault: type[SkillshelfError] = NeedsPerson, **about: str
    ) -> Iterator[Json]:
        cursor, seen = "", set[str]()
        while cursor not in seen:
            seen.add(cursor)
            page = self._call(method, fault, **about, limit=PAGE, **_if(cursor=cursor))
            yield page
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return
        raise TryLater(f"{self._api}/{method} repeats its pages")

    def _call(
        self, method: str, fault: type[SkillshelfError] = NeedsPerson, **about: str | int
    ) -> Json:
        url = f"{self._api}/{method}"
        headers = {"Authorization": f"Bearer {self._token.get_secret_value()}"}
        reply = self._http.get(
            url, params=about, headers=headers, robots=False, item=fault is BadItem
        )
        answer = reply.json()
        if not isinstance(answer, dict) or "ok" not in answer:
            raise fault(f"{url} answered {str(answer)[:60]!r}; is this Slack's API?")
        if not answer["ok"]:
            raise self._error(url, answer, fault)
        return answer

    def _error(self, url: str, answer: Json, fault: type[SkillshelfError]) -> SkillshelfError:
        code = str(answer.get("error") or "unknown")
        needed = f" {answer['needed']}" if answer.get("needed") else ""
        text = f"{url}: {code}{needed}".replace(self._token.get_secret_value(), "***")
        if code in _LATER:
            return TryLater(text)
        if code in _FOR_A_PERSON:
            return NeedsPerson(f"{text}; {_FOR_A_PERSON[code]}")
        return fault(text)


def _links(heard: list[Heard]) -> list[Any]:
    """The links of a thread's replies, to count them again without fetching it."""
    replies = [reply for one in heard if isinstance(one, Thread) for reply in one.replies]
    return [
        [reply.who, reply.at.isoformat(), link.url, link.title, link.about]
        for reply in replies
        for link in reply.links
    ]


def _recalled(thread: Thread, note: Json) -> Thread:
    replies = (
        Message("", datetime.fromisoformat(at), who, "", "", links=(Link(url, title, about),))
        for who, at, url, title, about in note["links"]
    )
    return Thread(thread.channel, thread.first, tuple(replies), unchanged=True)


def _if(**given: str) -> dict[str, str]:
    return {name: value for name, value in given.items() if value}


def _objects(page: Json, name: str) -> list[dict[str, Any]]:
    value = page.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
