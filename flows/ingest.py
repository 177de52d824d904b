"""Pull a source, enrich what changed, publish it: the composition every way of running shares.

The command line calls it as it is; `flows.scheduled` runs the same steps as Prefect tasks.
"""

from collections.abc import Callable
from typing import TypeVar

from catalogue.model import Counters, Run
from catalogue.records import Source
from config.settings import Settings
from config.sources import SourceSpec
from flows.duplicates import find_duplicates
from flows.enrich import enrich, waiting
from flows.progress import Progress, silent
from flows.publish import publish
from flows.record import Recorded, recorded
from flows.sync import judge_of, sync
from flows.workshop import Workshop

T = TypeVar("T")
Step = Callable[[str, Callable[[], T]], T]

# Items a step enriches before it hands over: a retry repeats at most this many.
ITEMS_A_STEP = 256


def plainly(name: str, work: Callable[[], T]) -> T:
    """Run a step as what it is: a call."""
    return work()


def ingest(
    shop: Workshop, name: str, progress: Progress = silent, step: Step[None] = plainly
) -> Run:
    """One whole run of one source. Raises Busy where another process runs it, and unknown errors.

    An expected failure of the source is the run's outcome, not an exception.
    """
    spec = shop.spec(name)
    shop.catalogue.sources.register(source_row(spec, shop.settings))
    with shop.catalogue.sources.lock(name), recorded(shop.catalogue, name) as run:
        step("filter", lambda: _filter(shop, spec, run, progress))
        step("sync", lambda: _sync(shop, spec, run, progress))
        step("enrich", lambda: _enrich(shop, spec, run, progress))
        step("duplicates", lambda: _find_duplicates(shop, progress))
        step("publish", lambda: _publish(shop, progress))
    return shop.catalogue.runs.get(run.id)


def source_row(spec: SourceSpec, settings: Settings) -> Source:
    """What the catalogue keeps of a source's description."""
    return Source(
        name=spec.name,
        connector=spec.connector,
        owner=spec.owner,
        fingerprint=spec.fingerprint,
        publish=spec.publish == "at once",
        threshold=settings.tag_threshold if spec.threshold is None else spec.threshold,
        visibility=spec.visibility,
        language=spec.language,
        provider=spec.provider,
    )


def _filter(shop: Workshop, spec: SourceSpec, run: Recorded, progress: Progress) -> None:
    """Apply the filters as they are now to what is stored, even if the source then fails."""
    judged = judge_stored(shop, spec, run)
    if judged != Counters():
        publish(shop, progress)


def judge_stored(shop: Workshop, spec: SourceSpec, run: Recorded) -> Counters:
    verdict = judge_of(spec, shop.catalogue)
    judged = shop.catalogue.intake.judge_again(spec.name, run.id, verdict)
    run.add(judged)
    return judged


def _sync(shop: Workshop, spec: SourceSpec, run: Recorded, progress: Progress) -> None:
    try:
        for counters in sync(spec, shop.connector(spec), shop.catalogue, run.id):
            run.add(counters)
            progress(spec.name, "read", run.counters.found, None)
    finally:
        run.held = shop.catalogue.sources.held(spec.name) is not None


def _find_duplicates(shop: Workshop, progress: Progress) -> None:
    """Of every source: what this run brought may be the same as what another has."""
    done = 0
    for looked, _ in find_duplicates(shop.catalogue):
        done += looked
        progress("works", "compare", done, None)


def _publish(shop: Workshop, progress: Progress) -> None:
    publish(shop, progress)


def _enrich(shop: Workshop, spec: SourceSpec, run: Recorded, progress: Progress) -> None:
    """Afterwards the language of items that named none is known, so the filters are asked again."""
    name = spec.name
    total = waiting(shop.catalogue, shop.enricher.version, name)
    if total:
        shop.enricher.linker.prepare(lambda done, of: progress("skills", "encode", done, of))
    done = 0
    for counters in enrich(shop.catalogue, shop.enricher, name):
        run.add(counters)
        done += counters.tagged + counters.failed
        progress(name, "tag", done, total)
    if run.counters.tagged:
        judge_stored(shop, spec, run)
