"""Say of every item that waits which skills it teaches and where, and encode its passages."""

from collections.abc import Iterator, Sequence

from catalogue.model import Counters, Enrichment, Item, Stage
from catalogue.records import Enriched
from catalogue.store import Catalogue
from enrichment.enrich import Enricher
from flows.sync import item_failure

# Items enriched between two writes: enough to fill the encoder's batches, few enough that a
# killed process repeats seconds of work, not minutes.
BATCH = 32


def waiting(catalogue: Catalogue, version: str, source: str | None = None) -> int:
    """How many items wait to be enriched by `version`."""
    return catalogue.items.count_to_enrich(version, source)


def enrich(
    catalogue: Catalogue, enricher: Enricher, source: str | None = None, batch: int = BATCH
) -> Iterator[Counters]:
    """Enrich every item that waits, oldest first; yield what each write did.

    An item that cannot be enriched is recorded as a failure and passed over; the next call tries
    it again.
    """
    after = 0
    while items := catalogue.items.to_enrich(enricher.version, batch, source, after_id=after):
        after = items[-1].id
        encoded = enricher.encoded
        results = list(enricher.enrich((item.draft for item in items), catalogue.embeddings))
        failed = _store(catalogue, items, results)
        yield Counters(
            tagged=len(items) - failed, failed=failed, encoded=enricher.encoded - encoded
        )


def _store(
    catalogue: Catalogue, items: Sequence[Item], results: Sequence[Enrichment | Exception]
) -> int:
    """Write each result beside its item; the number of failures."""
    done, failed = list[Enriched](), 0
    for item, result in zip(items, results, strict=True):
        if isinstance(result, Enrichment):
            done.append(Enriched(item.id, item.model_hash, result))
        else:
            failed += 1
            failure = item_failure(item.key.key, Stage.ENRICH, result)
            catalogue.failures.record(item.key.source, [failure])
    catalogue.items.enriched_all(done)
    return failed
