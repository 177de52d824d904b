"""Visiting a world with a connector, and reading what it said there."""

import json
import logging
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from requests import PreparedRequest

from catalogue.errors import SkillshelfError
from catalogue.hashing import content_hash
from catalogue.model import Cursor, Draft, Payload
from connectors.base import Checkpoint, Connector, Event, Failed, Found, Unchanged
from connectors.testing.worlds import Answer, Scene, World, down, served


@dataclass(frozen=True)
class Case:
    """A connector, its settings, and the states of a source it must cope with.

    A world may add settings of its own (a folder's path). `window` says that the source shows its
    latest items only, as a feed does, so that absence never means anything.
    """

    connector: type[Connector[Any]]
    settings: Mapping[str, Any]
    whole: World  # three or more good items
    shrunk: World  # the same without one of them
    dented: World  # the same, one of them unreadable
    outage: World = field(default_factory=lambda: served(down))
    window: bool = False
    max_requests: int = 20

    @contextmanager
    def visit(self, world: World) -> Iterator[tuple[Connector[Any], Scene]]:
        with world() as scene:
            settings = {**self.settings, **scene.settings}
            yield self.connector(self.connector.Config(**settings), scene.http), scene

    def run(self, world: World, cursor: Cursor | None = None) -> list[Event]:
        """All events of one pull. The cursor passes through JSON, as it does between runs."""
        with self.visit(world) as (connector, _):
            return list(connector.pull(json.loads(json.dumps(dict(cursor or {})))))

    def over_http(self) -> bool:
        return self.count_requests() > 0

    def count_requests(self) -> int:
        """How many requests reading the whole world takes."""
        with self.visit(self.whole) as (connector, scene):
            list(connector.pull({}))
            return len(scene.wire.requests)

    def cut_short(self, after: int) -> tuple[list[Event], bool]:
        """What a pull of the whole world yields if the server fails after so many requests.

        The flag says whether the connector noticed.
        """
        with self.visit(self.whole) as (connector, scene):
            scene.wire.server = _failing(scene, after)
            return until_failure(connector)


def _failing(scene: Scene, after: int) -> Any:
    healthy = scene.wire.server

    def server(request: PreparedRequest) -> Answer:
        return healthy(request) if len(scene.wire.requests) <= after else down(request)

    return server


def until_failure(connector: Connector[Any]) -> tuple[list[Event], bool]:
    events: list[Event] = []
    try:
        events.extend(connector.pull({}))
    except SkillshelfError:
        return events, True
    return events, False


def payloads(events: list[Event]) -> dict[str, Payload]:
    return {e.key: e.payload for e in events if isinstance(e, Found)}


def present(events: list[Event]) -> set[str]:
    """Keys of items that are there and could be read."""
    return {e.key for e in events if isinstance(e, Found | Unchanged)}


def seen(events: list[Event]) -> set[str]:
    """Keys that count as seen: a failed item exists too."""
    return present(events) | {e.key for e in events if isinstance(e, Failed)}


def checkpoints(events: list[Event]) -> list[Checkpoint]:
    return [e for e in events if isinstance(e, Checkpoint)]


def claims_all(events: list[Event]) -> bool:
    return any(checkpoint.complete for checkpoint in checkpoints(events))


def stored(events: list[Event]) -> tuple[list[Event], Cursor]:
    """What the catalogue keeps of a run that broke: all up to its last checkpoint."""
    last = max((i for i, e in enumerate(events) if isinstance(e, Checkpoint)), default=-1)
    kept = events[: last + 1]
    return kept, (checkpoints(kept)[-1].cursor if kept else {})


@dataclass(frozen=True, slots=True)
class Reading:
    """Drafts by key, and one error for each item that could not be fetched or read."""

    drafts: Mapping[str, Draft]
    errors: tuple[Exception, ...]

    def hashes(self) -> dict[str, str]:
        return {key: content_hash(draft) for key, draft in self.drafts.items()}


def read(connector: Connector[Any], events: list[Event]) -> Reading:
    drafts: dict[str, Draft] = {}
    errors = [event.error for event in events if isinstance(event, Failed)]
    for key, payload in payloads(events).items():
        try:
            drafts[key] = connector.normalise(payload)
        except Exception as error:
            errors.append(error)
    return Reading(drafts, tuple(errors))


def everything_said(connector: Connector[Any]) -> str:
    """Everything that a log or a database could learn from one run, tracebacks included."""
    said: list[str] = []
    try:
        for event in connector.pull({}):
            said.append(_told(event))
            if isinstance(event, Found):
                said.append(_read_aloud(connector, event))
    except SkillshelfError as error:
        said.append("".join(traceback.format_exception(error)))
    return "\n".join(said)


def _read_aloud(connector: Connector[Any], event: Found) -> str:
    try:
        return repr(connector.normalise(event.payload))
    except Exception as error:
        return "".join(traceback.format_exception(error))


@contextmanager
def logged() -> Iterator[list[str]]:
    """The messages that anybody logs meanwhile, at any level."""
    lines: list[str] = []
    handler = logging.Handler(logging.DEBUG)
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def _told(event: Event) -> str:
    trace = "".join(traceback.format_exception(event.error)) if isinstance(event, Failed) else ""
    return repr(event) + trace
