import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from catalogue import wire
from catalogue.hashing import model_hash, rest_hash
from catalogue.model import (
    Counters,
    Delivery,
    Draft,
    Evidence,
    Kind,
    Level,
    Locator,
    Part,
    Passage,
    Place,
    Session,
)

WHEN = datetime(2026, 3, 1, 12, 30, 0, 5, tzinfo=UTC)
FULL = Draft(
    title="Zwölf \0 \ud800 \u2028 Titel",
    url="https://example.org/?a=1&b=2",
    kind=Kind.PATH,
    summary="<b>no markup</b>",
    language="de-AT",
    provider="P",
    authors=("A", "B"),
    published=WHEN,
    updated=WHEN + timedelta(days=1),
    duration=0,
    level=Level.ADVANCED,
    delivery=Delivery.VIRTUAL,
    sessions=(Session(WHEN, WHEN, "Graz"), Session(WHEN)),
    licence="CC-BY-4.0",
    cost=0.0,
    currency="EUR",
    image="https://example.org/i.png",
    subjects=("s",),
    skills=("k",),
    prerequisites=("p",),
    audience="all",
    visibility=("staff",),
    parts=(Part("t", Locator(Place.SECOND, "12", "https://example.org/#t=12"), "h"), Part("u")),
    unmapped=(("level", "tier 3"), ("delivery", "zwölf \ud800")),
)


@pytest.mark.parametrize("draft", [FULL, Draft("T", "u")])
def test_a_draft_comes_back_as_it_was(draft: Draft) -> None:
    written = json.loads(json.dumps([wire.write_draft(draft), wire.write_parts(draft.parts)]))
    read = wire.read_draft(written[0], wire.read_parts(written[1]))
    assert read == draft
    assert (model_hash(read), rest_hash(read)) == (model_hash(draft), rest_hash(draft))


def test_fields_at_their_default_are_left_out() -> None:
    assert wire.write_draft(Draft("T", "u")) == {"title": "T", "url": "u"}


def test_a_moment_of_another_zone_stays_the_same_moment() -> None:
    east = WHEN.astimezone(timezone(timedelta(hours=5)))
    read = wire.read_draft(wire.write_draft(Draft("T", "u", published=east)))
    assert read.published == WHEN


@pytest.mark.parametrize(
    "data",
    [{"title": "T", "url": "u", "mood": "x"}, {"title": "T", "url": "u", "kind": "poem"}],
)
def test_what_another_version_wrote_is_refused(data: dict[str, str]) -> None:
    with pytest.raises((TypeError, ValueError)):
        wire.read_draft(data)


def test_passages_evidence_and_counters_come_back() -> None:
    passages = (Passage(0, "t", "T\nt", "h", Locator(Place.ANCHOR, "a"), "H"), Passage(1, *"uvw"))
    evidence = (Evidence(0, 1, 2), Evidence(1, 0, 9))
    counters = Counters(found=3, encoded=7)
    assert wire.read_passages(json.loads(json.dumps(wire.write_passages(passages)))) == passages
    assert wire.read_evidence(wire.write_evidence(evidence)) == evidence
    assert wire.read_counters(wire.write_counters(counters)) == counters
