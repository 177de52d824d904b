"""Small values for the catalogue's tests."""

from datetime import UTC, datetime

from catalogue.model import (
    Draft,
    Enrichment,
    Evidence,
    Item,
    ItemKey,
    Locator,
    Method,
    Part,
    Passage,
    Place,
    Review,
    Tag,
    Verdict,
)
from catalogue.records import Arrival, Batch, Source
from catalogue.store import Catalogue

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOURCE = Source("wiki", "feed", owner="ada", fingerprint="one")


def draft(title: str = "Backups", text: str = "How to make a backup.", url: str = "") -> Draft:
    part = Part(text, Locator(Place.PAGE, "3"), "Why")
    return Draft(title, url or f"https://example.org/{title}", parts=(part,))


def arrival(key: str, title: str = "", text: str = "Some text.", url: str = "") -> Arrival:
    return Arrival(key, {"raw": title or key}, draft(title or key, text, url))


def batch(*keys: str, text: str = "Some text.", seen: frozenset[str] | None = None) -> Batch:
    return Batch(tuple(arrival(key, text=text) for key in keys), seen=seen)


def enrichment(*tags: tuple[str, float], version: str = "v1", text: str = "text") -> Enrichment:
    passage = Passage(0, text, f"Title\n{text}", "hash", Locator(Place.PAGE, "3"), "Why")
    given = tuple(Tag(skill, p, Method.LABEL, (Evidence(0, 0, 4),)) for skill, p in tags)
    return Enrichment(version, "en", None, 60, (passage,), given)


def review(key: str, skill: str, verdict: Verdict, who: str = "ada") -> Review:
    return Review(ItemKey("wiki", key), skill, verdict, who, "because", NOON)


def registered(catalogue: Catalogue, source: Source = SOURCE) -> int:
    """Registers the source and starts a run; the run's id."""
    catalogue.sources.register(source)
    return catalogue.runs.start(source.name).id


def enrich_all(catalogue: Catalogue, *tags: tuple[str, float], version: str = "v1") -> list[Item]:
    waiting = catalogue.items.to_enrich(version, 1000)
    for item in waiting:
        assert catalogue.items.enriched(
            item.id, item.model_hash, enrichment(*tags, version=version)
        )
    return waiting
