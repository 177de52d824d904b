"""Bring one source up to date in the catalogue.

A broken item costs one item, a broken source one run. What was committed at a checkpoint stays;
the cursor moves in the same transaction as the data it stands for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from catalogue.errors import SkillshelfError
from catalogue.model import Counters, Cursor, Outcome, Payload, Run, Stage
from catalogue.store import Catalogue
from catalogue.store.intake import Arrival, Batch, ItemFailure
from config.sources import SourceSpec
from connectors.base import Checkpoint, Connector, Event, Failed, Found, Gone, Unchanged
from flows.progress import Progress, silent

# Items held in memory between two writes. A source may checkpoint rarely; its items are then
# written ahead of its cursor, which is harmless: they will be shown again and found unchanged.
MOST_PENDING = 200


@dataclass
class _Pending:
    """What the next transaction will write."""

    found: list[Arrival] = field(default_factory=list)
    failures: list[ItemFailure] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.found) + len(self.failures) + len(self.gone)

    def batch(self, seen: frozenset[str] | None = None) -> Batch:
        return Batch(tuple(self.found), tuple(self.failures), frozenset(self.gone), seen)


def sync(
    spec: SourceSpec,
    connector: Connector[object],
    catalogue: Catalogue,
    progress: Progress = silent,
) -> Run:
    """Store what `connector` reports since the source's cursor. Raises Busy, and unknown errors."""
    with catalogue.sources.lock(spec.name), recorded(catalogue, spec.name) as run:
        run.counters = _pull(spec, connector, catalogue, run.id, progress)
        held = catalogue.sources.held(spec.name)
        run.outcome = outcome(run.counters, held=held is not None)
    return catalogue.runs.get(run.id)


def outcome(counters: Counters, *, held: bool) -> Outcome:
    if held:
        return Outcome.HELD
    return Outcome.COMPLETED_WITH_ERRORS if counters.failed else Outcome.COMPLETED


@dataclass
class Recorded:
    """A run under way; what stands here at its end is what is recorded of it."""

    id: int
    outcome: Outcome = Outcome.FAILED
    counters: Counters | None = None
    message: str = ""


@contextmanager
def recorded(catalogue: Catalogue, source: str) -> Iterator[Recorded]:
    """A run that ends with an outcome on every path but a killed process.

    An expected error becomes the outcome; an unknown one is recorded and raised.
    """
    run = Recorded(catalogue.runs.start(source).id)
    try:
        yield run
    except SkillshelfError as error:
        run.outcome, run.message = Outcome.FAILED, str(error)
    except (KeyboardInterrupt, GeneratorExit):
        run.outcome, run.message = Outcome.CANCELLED, "interrupted"
        raise
    except BaseException as error:
        run.outcome = Outcome.FAILED
        run.message = f"unexpected {type(error).__name__}; this is a defect, please report it"
        raise
    finally:
        catalogue.runs.finish(run.id, run.outcome, run.counters, run.message)


def _pull(
    spec: SourceSpec,
    connector: Connector[object],
    catalogue: Catalogue,
    run: int,
    progress: Progress,
) -> Counters:
    stored: Cursor = catalogue.sources.cursor(spec.name)
    pending, seen, total = _Pending(), set[str](), Counters()
    for event in connector.pull(stored):
        complete = _take(event, connector, spec, pending, seen)
        if isinstance(event, Checkpoint):
            stored = event.cursor
        if isinstance(event, Checkpoint) or len(pending) >= MOST_PENDING:
            batch = pending.batch(frozenset(seen) if complete else None)
            total = _sum(total, catalogue.intake.commit(spec.name, run, batch, stored))
            pending = _Pending()
            progress(spec.name, "read", len(seen), None)
    return total


def _take(
    event: Event,
    connector: Connector[object],
    spec: SourceSpec,
    pending: _Pending,
    seen: set[str],
) -> bool:
    """File one event; true where it claims a complete listing."""
    match event:
        case Found(key, payload):
            seen.add(key)
            _read(connector, spec, key, payload, pending)
        case Unchanged(key):
            seen.add(key)
        case Failed(key, error):
            seen.add(key)
            pending.failures.append(item_failure(key, Stage.FETCH, error))
        case Gone(key):
            pending.gone.add(key)
        case Checkpoint(_, complete):
            return complete
    return False


def _read(
    connector: Connector[object], spec: SourceSpec, key: str, payload: Payload, pending: _Pending
) -> None:
    try:
        draft = connector.normalise(payload)
    except Exception as error:  # an item may be broken in any way; the run goes on
        pending.failures.append(item_failure(key, Stage.READ, error, payload))
        return
    draft = replace(
        draft,
        provider=draft.provider or spec.provider,
        language=draft.language or spec.language,
    )
    pending.found.append(Arrival(key, payload, draft))


def item_failure(
    key: str, stage: Stage, error: Exception, payload: Payload | None = None
) -> ItemFailure:
    """What the work queue keeps of an item's error; only our own errors' texts are fit to show."""
    said = str(error) if isinstance(error, SkillshelfError) else f"unreadable: {error}"
    return ItemFailure(key, stage, type(error).__name__, said[:2000], payload)


def _sum(one: Counters, two: Counters) -> Counters:
    names = Counters.__dataclass_fields__
    return Counters(**{name: getattr(one, name) + getattr(two, name) for name in names})
