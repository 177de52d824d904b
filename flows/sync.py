"""Bring one source up to date in the catalogue.

A broken item costs one item, a broken source one run. What was committed at a checkpoint stays;
the cursor moves in the same transaction as the data it stands for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from catalogue.check import checked
from catalogue.errors import SkillshelfError
from catalogue.filtering import Judge, judge
from catalogue.model import Counters, Cursor, Draft, Payload, Stage
from catalogue.records import Arrival, Batch, ItemFailure
from catalogue.store import Catalogue
from config.sources import SourceSpec
from connectors.base import Checkpoint, Connector, Event, Failed, Found, Gone, Unchanged

# Items held in memory between two writes. A source may checkpoint rarely; its items are then
# written ahead of its cursor, which is harmless: they will be shown again and found unchanged.
MOST_PENDING = 200


@dataclass
class _Pull:
    """One source's events being gathered into batches."""

    connector: Connector[Any]
    spec: SourceSpec
    found: list[Arrival] = field(default_factory=list)
    failures: list[ItemFailure] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    kept: int = 0

    def full(self) -> bool:
        return len(self.found) + len(self.failures) + len(self.gone) >= MOST_PENDING

    def batch(self, *, complete: bool) -> Batch:
        """What was gathered since the last call; with all keys seen where the list is complete."""
        seen = frozenset(self.seen) if complete else None
        batch = Batch(
            tuple(self.found), tuple(self.failures), frozenset(self.gone), seen, self.kept
        )
        self.found, self.failures, self.gone, self.kept = [], [], set(), 0
        return batch

    def take(self, event: Event) -> None:
        match event:
            case Found(key, payload):
                self.seen.add(key)
                self._read(key, payload)
            case Unchanged(key):
                self.seen.add(key)
                self.kept += 1
            case Failed(key, error):
                self.seen.add(key)
                self.failures.append(item_failure(key, Stage.FETCH, error))
            case Gone(key):
                self.gone.add(key)

    def _read(self, key: str, payload: Payload) -> None:
        try:
            draft = checked(self.connector.normalise(payload))
        except Exception as error:  # an item may be broken in any way; the run goes on
            self.failures.append(item_failure(key, Stage.READ, error, payload))
        else:
            self.found.append(Arrival(key, payload, with_defaults(draft, self.spec)))


def sync(
    spec: SourceSpec, connector: Connector[Any], catalogue: Catalogue, run: int
) -> Iterator[Counters]:
    """Store what `connector` reports since the source's cursor; yield what each write did.

    Raises what the source's failure raised, after the writes of its earlier checkpoints.
    """
    cursor: Cursor = catalogue.sources.cursor(spec.name)
    verdict = judge_of(spec, catalogue)
    pull = _Pull(connector, spec)
    for event in connector.pull(cursor):
        pull.take(event)
        at_checkpoint = isinstance(event, Checkpoint)
        if isinstance(event, Checkpoint):
            cursor = event.cursor
        if at_checkpoint or pull.full():
            batch = pull.batch(complete=isinstance(event, Checkpoint) and event.complete)
            yield catalogue.intake.commit(spec.name, run, batch, cursor, verdict)


def judge_of(spec: SourceSpec, catalogue: Catalogue) -> Judge:
    """What the source's filters make of an item now."""
    return judge(spec.allow, spec.deny, catalogue.database.clock())


def with_defaults(draft: Draft, spec: SourceSpec) -> Draft:
    """The draft with what its source's description says of all its items."""
    return replace(
        draft,
        provider=draft.provider or spec.provider,
        language=draft.language or spec.language,
    )


def item_failure(
    key: str, stage: Stage, error: Exception, payload: Payload | None = None
) -> ItemFailure:
    """What the work queue keeps of an item's error.

    The text of a foreign error may be about our code, so it is told apart from our own words.
    """
    said = str(error) if isinstance(error, SkillshelfError) else f"unreadable: {error}"
    return ItemFailure(key, stage, type(error).__name__, said[:2000], payload)
