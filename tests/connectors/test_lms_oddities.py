"""Learning systems whose answers hold what they should not: the source fails, or nothing does."""

import copy
import random
from collections.abc import Callable
from typing import Any

import pytest
from requests import PreparedRequest

from catalogue.errors import SkillshelfError
from connectors.base import Checkpoint, Connector, Event, Failed, Found
from connectors.canvas import Canvas
from connectors.formats.records import records
from connectors.moodle import Moodle
from connectors.openedx import Openedx
from connectors.testing import CANARY, Answer, served
from tests.connectors.sites import canvas, moodle, openedx

BASE = "https://learn.example/site"
ODD: list[Any] = [None, 3, -1, "x", [], {}, [None], {"a": 1}, 1e308, True, "9" * 30, ["a", {}]]
Server = Callable[[PreparedRequest], Answer]


def spoilt(value: Any, chance: random.Random) -> Any:
    """The value with one in 250 of its values, at any depth, replaced or left out."""
    if chance.random() < 0.004:
        return copy.deepcopy(chance.choice(ODD))
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if chance.random() > 0.004}
        return {name: spoilt(inner, chance) for name, inner in kept.items()}
    return [spoilt(inner, chance) for inner in value] if isinstance(value, list) else value


def spoiling(server: Server, seed: int) -> Server:
    chance = random.Random(seed)

    def answer(request: PreparedRequest) -> Answer:
        given = server(request)
        return Answer(spoilt(given.body, chance), given.status, given.headers)

    return answer


@pytest.mark.parametrize("seed", range(15))
@pytest.mark.parametrize(
    ("connector", "settings", "server"),
    [
        (Canvas, {**canvas.settings(BASE), "token": CANARY, "files": False}, canvas.answers),
        (Moodle, {**moodle.settings(BASE), "token": CANARY, "files": False}, moodle.answers),
        (Openedx, {**openedx.settings(BASE), "client_secret": CANARY}, openedx.answers),
        (Openedx, {**openedx.lms_settings(BASE), "client_secret": CANARY}, openedx.answers),
    ],
)
def test_odd_values_never_break_a_pull(
    connector: type[Connector[Any]],
    settings: dict[str, Any],
    server: Callable[[str], Server],
    seed: int,
) -> None:
    with served(spoiling(server(BASE), seed))() as scene:
        made = connector(connector.Config.model_validate(settings), scene.http)
        events: list[Event] = []
        try:
            events.extend(made.pull({}))
        except SkillshelfError as error:
            assert str(error)
        else:
            assert isinstance(events[-1], Checkpoint)
        assert all(e.key for e in events if isinstance(e, Found | Failed))


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ([{"id": 1}, None, 3, {"id": {"a": 1}, "x": [1]}], [{"id": 1}, {"x": [1]}]),
        ({"id": 1}, []),
        (None, []),
    ],
)
def test_records(value: Any, left: list[dict[str, Any]]) -> None:
    assert records(value, ("id",)) == left
