"""Build the next generation of the index beside the current one, without one model call.

It happens in a process of its own, since the embedded engine stops all threads while it
optimises; a serving process notices the finished generation and switches over.
"""

from catalogue.errors import NeedsPerson
from config.settings import Settings, load_settings
from flows.processes import child, log_file, step_back
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
    """Build in a process of its own, which ends with this one, and wait. Raises NeedsPerson."""
    with child(["-m", "flows.rebuild"], settings, "rebuild") as process:
        if process.wait():
            raise NeedsPerson(f"rebuilding failed; see {log_file(settings, 'rebuild')}")


def main() -> None:
    step_back()
    with Workshop(load_settings()) as shop:
        rebuild(shop)


if __name__ == "__main__":
    main()
