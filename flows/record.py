"""Runs: an outcome on every path, and the one place that decides which."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from catalogue.errors import SkillshelfError
from catalogue.model import Counters, Outcome
from catalogue.store import Catalogue


@dataclass
class Recorded:
    """A run under way; what stands here at its end is what is recorded of it."""

    id: int
    counters: Counters = field(default_factory=Counters)
    held: bool = False
    outcome: Outcome = Outcome.FAILED
    message: str = ""
    error: SkillshelfError | None = None

    def add(self, counters: Counters) -> None:
        self.counters = added(self.counters, counters)


@contextmanager
def recorded(catalogue: Catalogue, source: str) -> Iterator[Recorded]:
    """A run of `source` that ends with an outcome on every path but a killed process.

    One of our own errors becomes the run's outcome and stays in `error`; any other is recorded
    and raised, since nobody knows what it means.
    """
    run = Recorded(catalogue.runs.start(source).id)
    try:
        yield run
        run.outcome = outcome(run.counters, held=run.held)
    except SkillshelfError as error:
        run.message, run.error = str(error), error
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        run.outcome, run.message = Outcome.CANCELLED, "interrupted"
        raise
    except BaseException as error:
        run.message = f"unexpected {type(error).__name__}: a defect of this product"
        raise
    finally:
        catalogue.runs.finish(run.id, run.outcome, run.counters, run.message)


def outcome(counters: Counters, *, held: bool) -> Outcome:
    """The outcome of a run that reached its end."""
    if held:
        return Outcome.HELD
    return Outcome.COMPLETED_WITH_ERRORS if counters.failed else Outcome.COMPLETED


def added(one: Counters, two: Counters) -> Counters:
    names = Counters.__dataclass_fields__
    return Counters(**{name: getattr(one, name) + getattr(two, name) for name in names})
