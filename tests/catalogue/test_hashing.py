import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest

from catalogue.hashing import VERSION, model_hash, rest_hash, text_hash
from catalogue.model import Delivery, Draft, Kind, Level, Part, Session

PLAIN = Draft("T", "https://example.org")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
READ_BY_THE_MODEL: dict[str, Any] = {
    "title": "U",
    "summary": "s",
    "language": "de",
    "subjects": ("s",),
    "skills": ("s",),
    "parts": (Part("t"),),
    "level": Level.BEGINNER,
    "duration": 5,
}
THE_REST: dict[str, Any] = {
    "url": "https://example.org/2",
    "kind": Kind.BOOK,
    "provider": "p",
    "authors": ("a",),
    "published": NOW,
    "updated": NOW,
    "delivery": Delivery.BLENDED,
    "sessions": (Session(NOW),),
    "licence": "MIT",
    "cost": 0.0,
    "currency": "EUR",
    "image": "i",
    "prerequisites": ("p",),
    "audience": "a",
    "visibility": ("staff",),
    "unmapped": (("level", "tier 3"),),
}


def test_every_field_is_in_one_hash_or_the_other() -> None:
    fields = {field.name for field in dataclasses.fields(Draft)}
    assert fields == READ_BY_THE_MODEL.keys() | THE_REST.keys()


@pytest.mark.parametrize("name", READ_BY_THE_MODEL)
def test_what_the_model_reads_changes_its_hash_alone(name: str) -> None:
    changed = dataclasses.replace(PLAIN, **{name: READ_BY_THE_MODEL[name]})
    assert model_hash(changed) != model_hash(PLAIN)
    assert rest_hash(changed) == rest_hash(PLAIN)


@pytest.mark.parametrize("name", THE_REST)
def test_the_rest_changes_the_other_hash_alone(name: str) -> None:
    changed = dataclasses.replace(PLAIN, **{name: THE_REST[name]})
    assert model_hash(changed) == model_hash(PLAIN)
    assert rest_hash(changed) != rest_hash(PLAIN)


def test_hashes_carry_their_version_and_do_not_move() -> None:
    assert model_hash(PLAIN).startswith(f"{VERSION}:")
    assert text_hash("a text") == "734194ede5b063e654d63cb95a682ca1"
    assert text_hash("a") != text_hash("b")
