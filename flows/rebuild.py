"""Build the next generation of the index beside the current one, without one model call.

It happens in a process of its own, since the embedded engine stops all threads while it
optimises; a serving process notices the finished generation and switches over.
"""

import subprocess
import sys

from catalogue.errors import NeedsPerson
from config.environment import child_environment
from config.settings import Settings, load_settings
from flows.progress import Progress, silent
from flows.workshop import Workshop
from index.generations import build


def rebuild(shop: Workshop, progress: Progress = silent) -> str:
    """Build here and now; returns the new generation's name. Raises Busy."""
    stored = shop.catalogue
    head = stored.changes.head()

    def applied(sequence: int) -> None:
        progress("index", "rebuild", min(sequence, head), head)

    return build(stored.changes, stored.embeddings, shop.depot, shop.identity, applied)


def rebuild_apart(settings: Settings) -> None:
    """Build in a process of its own and wait for it. Raises NeedsPerson with its last words."""
    done = subprocess.run(
        [sys.executable, "-m", "flows.rebuild"],
        env=child_environment(settings),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise NeedsPerson((done.stderr.strip().splitlines() or ["the rebuild ended"])[-1])


def main() -> None:
    with Workshop(load_settings()) as shop:
        rebuild(shop)


if __name__ == "__main__":
    main()
