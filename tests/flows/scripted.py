"""A source that does what a test tells it to."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from catalogue.errors import BadItem
from catalogue.model import Cursor, Draft, Kind, Part, Payload
from connectors import base
from connectors.base import Checkpoint, Event, Found

Script = Callable[[Cursor], Iterator[Event]]


class Scripted(base.Connector[base.Config]):
    """Yields the events of a script. A payload without a title is a bad item."""

    def __init__(self, script: Script) -> None:
        self.script = script

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        return self.script(cursor)

    def normalise(self, payload: Payload) -> Draft:
        if "title" not in payload:
            raise BadItem("no title")
        return draft(payload)


def draft(payload: Mapping[str, Any]) -> Draft:
    text = str(payload.get("text", payload["title"]))
    return Draft(
        title=str(payload["title"]),
        url=f"https://learn.example/{payload['title']}",
        kind=Kind.ARTICLE,
        parts=(Part(text),),
    )


def listing(*keys: str, bad: str = "", complete: bool = True) -> Script:
    """A whole listing of these keys, the item `bad` without a title."""

    def script(cursor: Cursor) -> Iterator[Event]:
        for key in keys:
            yield Found(key, {} if key == bad else {"title": f"On {key}"})
        yield Checkpoint({"at": len(keys)}, complete=complete)

    return script
