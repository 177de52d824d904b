"""Every rule of the conformance suite fails for a connector that breaks it."""

import logging
import random
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import Field

from catalogue.errors import SkillshelfError
from catalogue.model import Cursor, Draft, Payload
from connectors import base
from connectors.base import Checkpoint, Event, Failed, Found, Gone, Unchanged
from connectors.testing import CANARY, Case, Conformance
from tests.connectors.listing import URL, Listing, listing_case
from tests.connectors.listing import Config as ListingConfig


class TestListing(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        return listing_case()


class Mute(Listing):
    """Settings without a description."""

    class Config(base.Config):
        url: str
        token: str = ""


class TakesAnything(Listing):
    """Settings that swallow a misspelt name."""

    class Config(ListingConfig):
        model_config = {"extra": "ignore"}


class PlainToken(Listing):
    """A secret that prints itself."""

    class Config(base.Config):
        url: str = Field(description="Address")
        token: str = Field(description="Token")


class ConnectsOnConstruction(Listing):
    def __init__(self, config: Any, http: Any) -> None:
        super().__init__(config, http)
        with suppress(SkillshelfError):
            http.get(URL, params={"page": 1})


class NoLastCheckpoint(Listing):
    def pull(self, cursor: Cursor) -> Iterator[Event]:
        events = list(super().pull(cursor))
        yield from events[:-1]


class TwiceTheKey(Listing):
    def pull(self, cursor: Cursor) -> Iterator[Event]:
        for event in super().pull(cursor):
            yield event
            if isinstance(event, Found):
                yield event


class Changing(Listing):
    """Base of doubles that spoil what was found."""

    def spoil(self, event: Found) -> Event | None:
        raise NotImplementedError

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        for event in super().pull(cursor):
            spoilt = self.spoil(event) if isinstance(event, Found) else event
            if spoilt:
                yield spoilt


class NotJson(Changing):
    def spoil(self, event: Found) -> Event:
        return Found(event.key, {**event.payload, "read": datetime(2026, 1, 1, tzinfo=UTC)})


class FetchesWhileReading(Listing):
    def normalise(self, payload: Payload) -> Draft:
        with suppress(SkillshelfError):
            self.http.get(URL)
        return super().normalise(payload)


class EatsItsPayload(Listing):
    def normalise(self, payload: Payload) -> Draft:
        draft = super().normalise(payload)
        assert isinstance(payload, dict)
        payload.pop("title")
        return draft


class Markup(Listing):
    def normalise(self, payload: Payload) -> Draft:
        return replace(super().normalise(payload), summary="<p>Hello</p>")


class RelativeAddress(Listing):
    def normalise(self, payload: Payload) -> Draft:
        return replace(super().normalise(payload), url="/knots")


class FreshKeys(Changing):
    def spoil(self, event: Found) -> Event:
        return Found(f"{event.key}-{random.random()}", event.payload)


class CursorFirst(Listing):
    """Its cursor runs ahead of what it has shown."""

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        resumed = bool(cursor)
        for courses, following in self.pages(cursor):
            yield Checkpoint({"page": following} if following else {"page": 3})
            yield from (Found(course["id"], course) for course in courses)
        yield Checkpoint({}, complete=not resumed)


class FalselyComplete(Listing):
    def pull(self, cursor: Cursor) -> Iterator[Event]:
        for event in super().pull(cursor):
            whole = isinstance(event, Checkpoint) and not event.cursor
            yield Checkpoint({}, complete=True) if whole else event


class NeverComplete(Listing):
    def pull(self, cursor: Cursor) -> Iterator[Event]:
        for event in super().pull(cursor):
            yield Checkpoint(event.cursor) if isinstance(event, Checkpoint) else event


class CallsTheLivingGone(Listing):
    def pull(self, cursor: Cursor) -> Iterator[Event]:
        yield Gone("knots")
        yield from super().pull(cursor)


class NothingNew(Changing):
    """Says "unchanged" of items nobody has stored."""

    def spoil(self, event: Found) -> Event:
        return Unchanged(event.key) if event.key == "knots" else event


class Fragile(Listing):
    """One bad item stops the source."""

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        for event in super().pull(cursor):
            if isinstance(event, Found):
                self.normalise(event.payload)
            yield event


class SkipsSilently(Changing):
    def spoil(self, event: Found) -> Event | None:
        return event if event.payload["title"] else None


class TakesBadForGone(Changing):
    def spoil(self, event: Found) -> Event:
        return event if event.payload["title"] else Gone(event.key)


class SwallowsOutage(Listing):
    def pull(self, cursor: Cursor) -> Iterator[Event]:
        try:
            yield from super().pull(cursor)
        except SkillshelfError:
            yield Checkpoint({}, complete=True)


class ForgetsWhereItBroke(Listing):
    """After an outage it goes on behind the page it never saw."""

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        page = cursor.get("page") or 1
        try:
            for event in super().pull(cursor):
                page += isinstance(event, Checkpoint)
                yield event
        except SkillshelfError:
            yield Checkpoint({"page": page + 1})
            raise


class TellsItsSecret(Changing):
    def spoil(self, event: Found) -> Event:
        secret = self.config.token.get_secret_value()
        return Found(event.key, {**event.payload, "with": secret})


class FailsWithItsSecret(Changing):
    def spoil(self, event: Found) -> Event:
        error = ValueError(f"no luck with {self.config.token.get_secret_value()}")
        return Failed(event.key, error) if event.key == "knots" else event


class LogsItsSecret(Listing):
    def pull(self, cursor: Cursor) -> Iterator[Event]:
        logging.getLogger("double").debug("using %s", self.config.token.get_secret_value())
        yield from super().pull(cursor)


class OwnWay(Listing):
    """Reads its source without the polite door."""

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        for name in ("knots", "splices", "whipping"):
            yield Found(name, {"id": name, "title": name})
        yield Checkpoint({}, complete=True)


class AsksTooMuch(Listing):
    def pull(self, cursor: Cursor) -> Iterator[Event]:
        for _ in range(20):
            yield from (e for e in super().pull({}) if False)
        yield from super().pull(cursor)


BREAKS: Mapping[type[Listing], str] = {
    Mute: "settings_explain_themselves",
    TakesAnything: "settings_explain_themselves",
    PlainToken: "secrets_are_declared",
    ConnectsOnConstruction: "construction_does_no_io",
    NoLastCheckpoint: "a_run_ends_with_a_checkpoint",
    TwiceTheKey: "keys_are_unique_and_plain",
    NotJson: "payloads_and_cursors_are_json",
    FetchesWhileReading: "normalise_is_pure",
    EatsItsPayload: "normalise_is_pure",
    Markup: "drafts_are_sound",
    RelativeAddress: "drafts_are_sound",
    FreshKeys: "the_same_world_gives_the_same_answer",
    CursorFirst: "every_checkpoint_resumes_to_the_same_whole",
    FalselyComplete: "completeness_is_never_claimed_falsely",
    NeverComplete: "a_vanished_item_is_noticed",
    CallsTheLivingGone: "a_vanished_item_is_noticed",
    NothingNew: "unchanged_means_found_before",
    Fragile: "one_bad_item_costs_exactly_one",
    SkipsSilently: "one_bad_item_costs_exactly_one",
    TakesBadForGone: "a_bad_item_is_not_taken_for_vanished",
    SwallowsOutage: "an_outage_is_raised_and_claims_nothing",
    ForgetsWhereItBroke: "an_outage_midway_loses_nothing",
    TellsItsSecret: "secrets_appear_nowhere",
    FailsWithItsSecret: "secrets_appear_nowhere",
    LogsItsSecret: "secrets_appear_nowhere",
    OwnWay: "requests_are_polite",
    AsksTooMuch: "requests_are_polite",
}


@pytest.mark.parametrize("double", BREAKS, ids=lambda double: double.__name__)
def test_the_suite_catches(double: type[Listing]) -> None:
    rule = getattr(Conformance(), f"test_{BREAKS[double]}")
    with pytest.raises((AssertionError, pytest.fail.Exception, SkillshelfError, TypeError)):
        rule(listing_case(double))


def test_every_rule_has_a_double() -> None:
    rules = {name for name in dir(Conformance) if name.startswith("test_")}
    assert rules == {f"test_{rule}" for rule in BREAKS.values()}


def test_a_window_that_claims_to_be_complete_is_caught() -> None:
    with pytest.raises(AssertionError, match="window"):
        Conformance().test_a_vanished_item_is_noticed(replace(listing_case(), window=True))


def test_a_case_without_a_canary_is_refused() -> None:
    settings = {"url": URL, "token": "another"}
    with pytest.raises(AssertionError, match="CANARY"):
        Conformance().test_secrets_are_declared(replace(listing_case(), settings=settings))


def test_the_canary_is_what_the_listing_wants() -> None:
    assert listing_case().settings["token"] == CANARY
