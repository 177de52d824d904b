"""Try failed items again from what was kept of them, without asking their sources."""

from dataclasses import dataclass

from catalogue.model import Failure, ItemKey, Stage
from catalogue.records import Arrival, Batch, ItemFailure
from flows.enrich import enrich
from flows.progress import Progress, silent
from flows.publish import publish
from flows.record import recorded
from flows.sync import item_failure, judge_of, with_defaults
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
        with shop.catalogue.sources.lock(name), recorded(shop.catalogue, name) as run:
            batch = _read_again(shop, name, mine)
            cursor = shop.catalogue.sources.cursor(name)
            verdict = judge_of(shop.spec(name), shop.catalogue)
            run.add(shop.catalogue.intake.commit(name, run.id, batch, cursor, verdict))
            for counters in enrich(shop.catalogue, shop.enricher, name):
                run.add(counters)
                progress(name, "tag", run.counters.tagged, None)
            run.add(shop.catalogue.intake.judge_again(name, run.id, verdict))
    publish(shop, progress)
    return _result(before, {failure.item for failure in shop.catalogue.failures.list(source)})


def _result(before: list[Failure], failing: set[ItemKey]) -> Retried:
    still = [failure for failure in before if failure.item in failing]
    unfetched = sum(failure.stage is Stage.FETCH for failure in still)
    return Retried(len(before) - len(still), len(still) - unfetched, unfetched)


def _read_again(shop: Workshop, source: str, failures: list[Failure]) -> Batch:
    spec = shop.spec(source)
    connector = shop.connector(spec)
    found, failed = list[Arrival](), list[ItemFailure]()
    for failure in failures:
        if failure.stage is not Stage.READ:
            continue
        payload = shop.catalogue.failures.payload(failure.item)
        try:
            draft = connector.normalise(payload)
        except Exception as error:  # an item may be broken in any way; the rest goes on
            failed.append(item_failure(failure.item.key, Stage.READ, error, payload))
        else:
            found.append(Arrival(failure.item.key, payload, with_defaults(draft, spec)))
    return Batch(tuple(found), tuple(failed))
