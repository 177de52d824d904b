"""Try failed items again from what was kept of them, without asking their sources."""

from dataclasses import dataclass

from catalogue.model import Failure, Payload, Stage
from catalogue.store.intake import Arrival, Batch, ItemFailure
from flows.enrich import enrich
from flows.progress import Progress, silent
from flows.publish import publish
from flows.sync import item_failure, with_defaults
from flows.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Retried:
    """`unfetched` items have nothing kept: only their source can give them."""

    repaired: int = 0
    failing: int = 0
    unfetched: int = 0


def retry(shop: Workshop, source: str | None = None, progress: Progress = silent) -> Retried:
    """Read every kept payload again, enrich what waits, publish."""
    before = shop.catalogue.failures.list(source)
    for name in sorted({failure.item.source for failure in before}):
        mine = [failure for failure in before if failure.item.source == name]
        with shop.catalogue.sources.lock(name):
            _read_again(shop, name, mine)
            for _ in enrich(shop.catalogue, shop.enricher, name):
                progress(name, "tag", 1, None)
    publish(shop, progress)
    after = {failure.item for failure in shop.catalogue.failures.list(source)}
    unfetched = sum(f.stage is Stage.FETCH for f in before if f.item in after)
    return Retried(
        repaired=sum(f.item not in after for f in before),
        failing=sum(f.item in after for f in before) - unfetched,
        unfetched=unfetched,
    )


def _read_again(shop: Workshop, source: str, failures: list[Failure]) -> None:
    spec = shop.spec(source)
    connector = shop.connector(spec)
    found, failed = list[Arrival](), list[ItemFailure]()
    for failure in failures:
        payload: Payload | None = shop.catalogue.failures.payload(failure.item)
        if failure.stage is not Stage.READ or payload is None:
            continue
        try:
            draft = connector.normalise(payload)
        except Exception as error:  # an item may be broken in any way; the rest goes on
            failed.append(item_failure(failure.item.key, Stage.READ, error, payload))
        else:
            found.append(Arrival(failure.item.key, payload, with_defaults(draft, spec)))
    if found or failed:
        batch = Batch(tuple(found), tuple(failed), frozenset(), None)
        shop.catalogue.intake.commit(source, None, batch, shop.catalogue.sources.cursor(source))
