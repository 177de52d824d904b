"""`python -m bench [NAME…]`: measures speed and prints it beside its targets.

`python -m bench retrieval`, `linking` and `tagging` measure quality, `speed` how what each stage
costs grows with the catalogue: with options of their own.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from bench import (
    duplicates,
    encoding,
    ingest,
    linking,
    orchestration,
    parsing,
    retrieval,
    search,
    tagging,
)
from bench.figures import Figure, as_table, number, write_json
from bench.room import Room, prepare
from bench.speed import report
from catalogue.errors import SkillshelfError
from verbs.output import Exit

BENCHES: Mapping[str, Callable[[Room], Iterable[Figure]]] = {
    "ingest": ingest.measure,
    "parsing": parsing.measure,
    "encoding": encoding.measure,
    "search": search.measure,
    "orchestration": orchestration.measure,
    "duplicates": duplicates.measure,
}
# Each reads what follows its name.
WITH_OPTIONS: Mapping[str, Callable[[Sequence[str]], None]] = {
    "retrieval": retrieval.main,
    "linking": linking.main,
    "tagging": tagging.main,
    "speed": report.main,
}


def main() -> None:
    try:
        match sys.argv[1:]:
            case [name, *rest] if name in WITH_OPTIONS:
                WITH_OPTIONS[name](rest)
            case rest:
                beside_targets(rest)
    except SkillshelfError as error:
        Console(stderr=True).print(str(error), markup=False)
        sys.exit(Exit.NEEDS_PERSON)


def beside_targets(asked_for: Sequence[str]) -> None:
    asked = arguments().parse_args(asked_for)
    names = asked.names or list(BENCHES)
    unknown = sorted(set(names) - set(BENCHES))
    if unknown:
        known = ", ".join((*BENCHES, *WITH_OPTIONS))
        arguments().error(f"no bench {', '.join(unknown)}; there is {known}")
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
