import subprocess
import sys

import pytest

from catalogue.errors import NotFound
from catalogue.model import Counters, Outcome
from catalogue.store import Catalogue
from tests.catalogue.making import batch, registered

CRASHING = """
import os, signal, sys
from catalogue.store import Catalogue
Catalogue.open(sys.argv[1]).runs.start("wiki")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_run_has_a_beginning_and_an_end(catalogue: Catalogue) -> None:
    run = catalogue.runs.start("wiki")
    assert (run.outcome, run.ended, run.counters) == (Outcome.RUNNING, None, Counters())
    counters = Counters(found=3, tagged=2)
    done = catalogue.runs.finish(run.id, Outcome.FAILED, counters, "the server answers 500")
    assert catalogue.runs.get(run.id) == done
    assert (done.outcome, done.counters, done.message) == (
        Outcome.FAILED,
        counters,
        "the server answers 500",
    )
    assert done.ended is not None
    assert done.ended >= run.started


def test_what_intake_counted_stands_unless_told_otherwise(catalogue: Catalogue) -> None:
    run = registered(catalogue)
    catalogue.intake.commit("wiki", run, batch("a"), {})
    assert catalogue.runs.finish(run, Outcome.COMPLETED).counters == Counters(found=1, added=1)


def test_runs_are_listed_latest_first(catalogue: Catalogue) -> None:
    ids = [catalogue.runs.start(name).id for name in ("wiki", "blog", "wiki")]
    assert [run.id for run in catalogue.runs.list()] == ids[::-1]
    assert [run.id for run in catalogue.runs.list("wiki")] == [ids[2], ids[0]]
    assert len(catalogue.runs.list(limit=2)) == 2


def test_an_unknown_run_is_named(catalogue: Catalogue) -> None:
    with pytest.raises(NotFound, match="no run 5"):
        catalogue.runs.get(5)
    with pytest.raises(NotFound, match="no run 5"):
        catalogue.runs.finish(5, Outcome.COMPLETED)


def test_only_runs_whose_process_is_gone_are_closed(url: str) -> None:
    with Catalogue.open(url) as catalogue:
        mine = catalogue.runs.start("wiki")
        subprocess.run([sys.executable, "-c", CRASHING, url], check=False)
        (crashed,) = catalogue.runs.close_crashed()
        assert crashed.outcome is Outcome.CRASHED
        assert crashed.ended is not None
        assert crashed.id != mine.id
        assert catalogue.runs.get(mine.id).outcome is Outcome.RUNNING
        assert list(catalogue.runs.close_crashed()) == []
