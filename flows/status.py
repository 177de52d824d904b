"""What the catalogue holds, what waits, and how far the index follows it."""

from dataclasses import dataclass
from datetime import datetime

from catalogue.decide import searchable
from catalogue.model import Outcome
from flows.workshop import Workshop
from index.lock import publisher


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """`items` are those that can be found, `filtered` those that the source's filter leaves out.

    `to_enrich` wait for the model.
    """

    source: str
    items: int
    filtered: int
    failures: int
    to_enrich: int
    held: int
    outcome: Outcome | None
    last_run: datetime | None


@dataclass(frozen=True, slots=True)
class Status:
    sources: tuple[SourceStatus, ...]
    changes: int  # the number of the catalogue's latest change
    generations: tuple[str, ...]
    served_at: str | None


def status(shop: Workshop) -> Status:
    """One row a source, in the order of sources.yaml."""
    return Status(
        sources=tuple(_of(shop, name) for name in shop.specs),
        changes=shop.catalogue.changes.head(),
        generations=tuple(shop.depot.ready()),
        served_at=publisher(shop.settings.index_path),
    )


def _of(shop: Workshop, source: str) -> SourceStatus:
    stored = shop.catalogue
    counts = stored.items.counts().get(source, {})
    last = next(iter(stored.runs.list(source, limit=1)), None)
    hold = stored.sources.held(source)
    return SourceStatus(
        source=source,
        items=sum(count for state, count in counts.items() if searchable(state)),
        filtered=stored.items.left_out().get(source, 0),
        failures=stored.failures.count(source),
        to_enrich=stored.items.count_to_enrich(shop.enricher.version, source),
        held=len(hold.keys) if hold else 0,
        outcome=last.outcome if last else None,
        last_run=last.started if last else None,
    )
