"""`python -m bench [NAME…]`: measures speed and prints it beside its targets."""

import argparse
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from bench import encoding, ingest, orchestration, parsing, search
from bench.figures import Figure, as_table, number, write_json
from bench.room import Room, prepare

BENCHES: Mapping[str, Callable[[Room], Iterable[Figure]]] = {
    "ingest": ingest.measure,
    "parsing": parsing.measure,
    "encoding": encoding.measure,
    "search": search.measure,
    "orchestration": orchestration.measure,
}


def main() -> None:
    asked = arguments().parse_args()
    names = asked.names or list(BENCHES)
    unknown = sorted(set(names) - set(BENCHES))
    if unknown:
        arguments().error(f"no bench {', '.join(unknown)}; there is {', '.join(BENCHES)}")
    with room(asked.cache, quick=asked.quick) as place:
        figures = list(measured(names, place))
    Console(width=None if Console().is_terminal else 160).print(as_table(figures))
    if asked.json:
        write_json(asked.json, figures)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(BENCHES)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--quick", action="store_true", help="small sizes: only whether it works")
    parser.add_argument("--cache", type=Path, metavar="FOLDER", help="keep the prepared model here")
    return parser


@contextmanager
def room(cache: Path | None, *, quick: bool) -> Iterator[Room]:
    """A temporary folder with the model prepared, which is not part of any figure."""
    with tempfile.TemporaryDirectory(prefix="skillshelf-bench-") as name:
        folder = Path(name)
        kept = (cache or folder / "cache").absolute()
        kept.mkdir(parents=True, exist_ok=True)
        prepare(kept)
        yield Room(folder, kept, quick)


def measured(names: Iterable[str], place: Room) -> Iterator[Figure]:
    """The figures, told as they come."""
    said = Console(stderr=True, highlight=False)
    for name in names:
        for figure in BENCHES[name](place):
            line = f"{figure.bench}: {figure.name}: {number(figure.value)} {figure.unit}"
            said.print(line, markup=False)
            yield figure


if __name__ == "__main__":
    main()
