"""The measured process of an ingest: `python -m bench.ingesting [SOURCE…]`; answers in JSON."""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict

from bench.watched import WatchedWorkshop
from config.settings import load_settings
from flows.ingest import ingest


class Steps:
    """Seconds spent in each step of an ingest."""

    def __init__(self) -> None:
        self.seconds = defaultdict[str, float](float)

    def __call__(self, name: str, work: Callable[[], None]) -> None:
        began = time.perf_counter()
        work()
        self.seconds[name] += time.perf_counter() - began


def main() -> None:
    steps = Steps()
    with WatchedWorkshop(load_settings()) as shop:
        names = sys.argv[1:] or list(shop.specs)
        runs = [ingest(shop, name, step=steps) for name in names]
        timed = shop.timed
        answer = {
            "steps": steps.seconds,
            "encoding_s": timed.seconds,
            "calls": timed.calls,
            "texts": timed.texts,
            "runs": {run.source: {"outcome": run.outcome, **asdict(run.counters)} for run in runs},
        }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
