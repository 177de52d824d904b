"""What happened between two commits, and which item each file is. Nothing here reads or fetches."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from catalogue.errors import BadItem

Files = Mapping[str, str]  # path → hash of content
Contents = Mapping[str, bytes | BadItem]  # by hash of content
ALIKE = 0.5  # of two files' bytes in equal lines; git calls the same a rename
MOST_COMPARED = 200  # files a side; what else was moved and rewritten at once becomes a new item


@dataclass(frozen=True, slots=True)
class Changes:
    """`written` maps paths to the path each had before, "" for new ones. `removed` are gone."""

    written: Mapping[str, str]
    removed: tuple[str, ...]


def changes(old: Files, new: Files, contents: Callable[[set[str]], Contents]) -> Changes:
    """`contents` is asked for what may have been moved and rewritten at once, and only then."""
    added, removed = sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys())
    moved = _moved_as_they_are(old, new, added, removed)
    left = [p for p in added if p not in moved]
    lost = sorted(set(removed) - set(moved.values()))
    if left and lost and max(len(left), len(lost)) <= MOST_COMPARED:
        known = contents({new[p] for p in left} | {old[p] for p in lost})
        moved |= _moved_and_rewritten(old, new, left, lost, known)
    changed = {p: p for p in new.keys() & old.keys() if new[p] != old[p]}
    written = {**dict.fromkeys(added, ""), **moved, **changed}
    return Changes(dict(sorted(written.items())), tuple(sorted(set(removed) - set(moved.values()))))


def _moved_as_they_are(old: Files, new: Files, added: list[str], gone: list[str]) -> dict[str, str]:
    """New paths to old ones of the same content; of several the one of the same name first."""
    places: dict[str, list[str]] = {}
    for path in gone:
        places.setdefault(old[path], []).append(path)
    moved = dict[str, str]()
    for path in added:
        if same := places.get(new[path]):
            same.sort(key=lambda p: (_name(p) != _name(path), p))
            moved[path] = same.pop(0)
    return moved


def _moved_and_rewritten(
    old: Files, new: Files, added: list[str], lost: list[str], known: Contents
) -> dict[str, str]:
    lines = {sha: Counter(c.splitlines(True)) for sha, c in known.items() if isinstance(c, bytes)}
    none = Counter[bytes]()
    pairs = [
        (_alike(lines.get(old[a], none), lines.get(new[b], none)), a, b)
        for a in lost
        for b in added
    ]
    moved = dict[str, str]()
    for score, before, after in sorted(pairs, key=lambda p: (-p[0], p[1], p[2])):
        if score >= ALIKE and after not in moved and before not in moved.values():
            moved[after] = before
    return moved


def _alike(one: Counter[bytes], other: Counter[bytes]) -> float:
    shared = sum(len(text) * times for text, times in (one & other).items())
    return shared / max(_size(one), _size(other), 1)


def _size(lines: Counter[bytes]) -> int:
    return sum(len(text) * times for text, times in lines.items())


def _name(path: str) -> str:
    return path.rpartition("/")[2]


class Names:
    """Which item a file is: its first path, also when it moves.

    `moved` maps paths to keys where these differ; it is all that has to be kept.
    """

    def __init__(self, moved: Mapping[str, str]) -> None:
        self.moved = dict(moved)

    def key(self, path: str) -> str:
        return self.moved.get(path, path)

    def of(self, files: Files) -> "Names":
        """The names of those files alone."""
        return Names({path: key for path, key in self.moved.items() if path in files})

    def after(self, made: Changes, commit: str) -> "Names":
        """The names once the changes are made. A new file at the first path of one that has moved
        on is named after its commit as well."""
        stale = {*made.removed, *filter(None, made.written.values())}
        kept = {path: key for path, key in self.moved.items() if path not in stale}
        for path, before in made.written.items():
            if before and self.key(before) != path:
                kept[path] = self.key(before)
        taken = set(kept.values())
        for path, before in made.written.items():
            if not before and path in taken and path not in kept:
                kept[path] = f"{path}@{commit[:10]}"
        return Names(kept)
