"""The connector contract as checks.

Subclass `Conformance`, give it a fixture `case`, and every rule runs:

    class TestMine(Conformance):
        @pytest.fixture
        def case(self) -> Case:
            settings = {"url": "https://learn.example/list", "token": CANARY}
            return Case(Mine, settings, served(whole), served(shrunk), served(dented))

A connector that reads files uses `FolderPlace` instead of `served` and its `missing` as `outage`.
"""

import copy
import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic import BaseModel, ValidationError

from catalogue.model import Draft
from connectors.base import Checkpoint, Found, Gone, Unchanged
from connectors.http.door import PRODUCT
from connectors.testing.visits import (
    Case,
    checkpoints,
    claims_all,
    everything_said,
    logged,
    payloads,
    present,
    read,
    seen,
    stored,
    until_failure,
)
from connectors.testing.worlds import denied, served

CANARY = "canary-8f1c53e0"  # every secret of a case has this value
_SECRET_FIELD = re.compile(r"token|secret|password|api_?key|access_?key")
_MARKUP = re.compile(r"</?(p|br|div|span|a|b|i|em|strong|h\d|li|ul|script)\b[^>]*>", re.IGNORECASE)


class Conformance:
    """What every connector keeps to. `case` is the subclass's."""

    @pytest.fixture
    def case(self) -> Case:
        raise NotImplementedError("give a Case")

    def test_settings_explain_themselves(self, case: Case) -> None:
        assert case.connector.__doc__, "the connector has no docstring: it is its description"
        for model in _models(case.connector.Config):
            for name, setting in model.model_fields.items():
                assert setting.description, f"the setting {name} has no description"
        with case.whole() as scene, pytest.raises(ValidationError, match="no_such_setting"):
            case.connector.Config(**{**case.settings, **scene.settings, "no_such_setting": 1})

    def test_secrets_are_declared(self, case: Case) -> None:
        fields = [f for m in _models(case.connector.Config) for f in m.model_fields.items()]
        secret = {name for name, field in fields if "SecretStr" in str(field.annotation)}
        for name, _ in fields:
            assert name in secret or not _SECRET_FIELD.search(name), f"{name} is not a SecretStr"
        given = {name for name in secret if case.settings.get(name) == CANARY}
        assert given or not secret, f"the case gives none of {sorted(secret)} the value CANARY"

    def test_construction_does_no_io(self, case: Case) -> None:
        with case.visit(case.outage) as (_, scene):
            assert not scene.wire.requests, "constructing a connector sends requests"

    def test_a_run_ends_with_a_checkpoint(self, case: Case) -> None:
        for world in (case.whole, case.dented):
            events = case.run(world)
            assert isinstance(events[-1], Checkpoint), "what follows the last checkpoint is lost"

    def test_keys_are_unique_and_plain(self, case: Case) -> None:
        keys = [e.key for e in case.run(case.whole) if isinstance(e, Found)]
        assert len(keys) >= 3, "the whole world needs at least three items"
        assert len(set(keys)) == len(keys), "one key names two items"
        assert all(isinstance(key, str) and key.strip() == key != "" for key in keys)

    def test_payloads_and_cursors_are_json(self, case: Case) -> None:
        events = case.run(case.whole)
        for value in [*payloads(events).values(), *(c.cursor for c in checkpoints(events))]:
            assert json.loads(json.dumps(value, allow_nan=False)) == value

    def test_normalise_is_pure(self, case: Case) -> None:
        events = case.run(case.whole)
        with case.visit(case.outage) as (connector, scene):
            for payload in payloads(events).values():
                before = copy.deepcopy(payload)
                draft = connector.normalise(payload)
                assert payload == before, "normalise changed its payload"
                assert connector.normalise(json.loads(json.dumps(payload))) == draft
            assert not scene.wire.requests, "normalise sends requests"

    def test_drafts_are_sound(self, case: Case) -> None:
        with case.visit(case.whole) as (connector, _):
            for draft in read(connector, list(connector.pull({}))).drafts.values():
                _assert_sound(draft)

    def test_the_same_world_gives_the_same_answer(self, case: Case) -> None:
        answers = []
        for _ in range(2):
            with case.visit(case.whole) as (connector, _scene):
                answers.append(read(connector, list(connector.pull({}))).hashes())
        assert answers[0] == answers[1], "keys or drafts differ from run to run"

    def test_every_checkpoint_resumes_to_the_same_whole(self, case: Case) -> None:
        events = case.run(case.whole)
        for position, event in enumerate(events):
            if isinstance(event, Checkpoint):
                after = present(case.run(case.whole, event.cursor))
                lost = present(events) - present(events[:position]) - after
                assert not lost, f"resuming at {event.cursor} loses {sorted(lost)}"

    def test_completeness_is_never_claimed_falsely(self, case: Case) -> None:
        first = case.run(case.whole)
        everything = present(first)
        for checkpoint in checkpoints(first):
            resumed = case.run(case.whole, checkpoint.cursor)
            if claims_all(resumed):
                assert seen(resumed) >= everything, "claims to have listed all, but did not"

    def test_a_vanished_item_is_noticed(self, case: Case) -> None:
        before = case.run(case.whole)
        later = case.run(case.shrunk, checkpoints(before)[-1].cursor)
        left = present(case.run(case.shrunk))
        vanished = present(before) - left
        assert len(vanished) == 1, "the shrunk world lacks exactly one item of the whole one"
        gone = {event.key for event in later if isinstance(event, Gone)}
        assert not gone & left, "an item that is still there is called gone"
        if case.window:
            assert not claims_all(before + later), "a window on the latest items never lists all"
        else:
            listed = claims_all(later) and not vanished & seen(later)
            assert vanished <= gone or listed, "nothing tells that an item has vanished"

    def test_unchanged_means_found_before(self, case: Case) -> None:
        first = case.run(case.whole)
        assert not any(isinstance(event, Unchanged) for event in first)
        resumed = case.run(case.whole, checkpoints(first)[-1].cursor)
        assert {e.key for e in resumed if isinstance(e, Unchanged)} <= present(first)

    def test_one_bad_item_costs_exactly_one(self, case: Case) -> None:
        good = present(case.run(case.whole))
        with case.visit(case.dented) as (connector, _):
            reading = read(connector, list(connector.pull({})))
        assert len(good - set(reading.drafts)) == 1, "more or less than one item is missing"
        assert len(reading.errors) == 1, "the bad item shows up as exactly one failure"
        assert str(reading.errors[0]).strip(), "the failure gives no reason"

    def test_a_bad_item_is_not_taken_for_vanished(self, case: Case) -> None:
        good = present(case.run(case.whole))
        events = case.run(case.dented)
        assert not any(isinstance(event, Gone) for event in events)
        if claims_all(events):
            assert seen(events) >= good, "the bad item would count as vanished"

    def test_an_outage_is_raised_and_claims_nothing(self, case: Case) -> None:
        with case.visit(case.outage) as (connector, _):
            events, noticed = until_failure(connector)
        assert noticed, "an outage looks like a success"
        assert not claims_all(events)
        assert not any(isinstance(event, Gone) for event in events)

    def test_an_outage_midway_loses_nothing(self, case: Case) -> None:
        @cache  # many outages leave the cursor where it was
        def resumed(cursor: str) -> set[str]:
            return present(case.run(case.whole, json.loads(cursor)))

        everything = resumed("{}")
        for after in range(1, case.count_requests()):
            events, _ = case.cut_short(after)
            assert not claims_all(events) or seen(events) >= everything
            kept, cursor = stored(events)
            lost = everything - present(kept) - resumed(json.dumps(dict(cursor), sort_keys=True))
            assert not lost, f"an outage after {after} requests loses {sorted(lost)} for good"

    def test_secrets_appear_nowhere(self, case: Case) -> None:
        worlds = [case.whole, case.dented, case.outage]
        worlds += [served(denied)] if case.over_http() else []
        with logged() as log:
            for world in worlds:
                with case.visit(world) as (connector, _):
                    assert CANARY not in repr(connector.config), "the settings show a secret"
                    said = everything_said(connector)
                    assert CANARY not in said, "an event or an error carries a secret"
        assert CANARY not in "\n".join(log), "the log carries a secret"

    def test_requests_are_polite(self, case: Case) -> None:
        with case.visit(case.whole) as (connector, scene):
            list(connector.pull({}))
        asked = scene.wire.requests
        assert len(asked) <= case.max_requests, f"{len(asked)} requests"
        assert all(r.headers["User-Agent"].startswith(PRODUCT) for r in asked)
        assert asked or scene.settings, "items were found, but not through the polite door"


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        kinds: list[Any] = [field.annotation, *getattr(field.annotation, "__args__", ())]
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from _models(kind)


def _assert_sound(draft: Draft) -> None:
    assert draft.title.strip(), "a draft without a title"
    assert urlsplit(draft.url).scheme, f"{draft.url!r} is not an absolute address"
    for text in (draft.title, draft.summary, *(part.text for part in draft.parts)):
        assert not _MARKUP.search(text), f"markup in {text[:80]!r}"
    times: list[datetime | None] = [draft.published, draft.updated]
    times += [time for session in draft.sessions for time in (session.start, session.end)]
    assert all(t.utcoffset() is not None for t in times if t), "a time without its zone"
