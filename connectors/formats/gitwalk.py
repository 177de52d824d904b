"""From one commit of a repository to the next, file by file."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from catalogue.errors import BadItem, TryLater
from catalogue.model import Cursor
from connectors.base import Checkpoint, Event, Failed, Found, Gone, Unchanged
from connectors.extract import Reader
from connectors.extract.frontmatter import front_matter, withheld
from connectors.extract.text import decode
from connectors.formats.gitchanges import Changes, Contents, Files, Names, changes
from connectors.formats.gitpages import link_payload, page_url
from connectors.formats.gitplace import Repository
from connectors.formats.linklist import Link, links
from connectors.walk import matches

BATCH = 200  # files fetched at once, in three requests, and read between two checkpoints
LONGEST_LIST = 5 * 2**20  # bytes; the longest of free-programming-books has 0.3 MB
_PAGES = (".md", ".markdown", ".rst", ".adoc", ".asciidoc")
_KEPT_ELSEWHERE = b"version https://git-lfs.github.com/spec/"


class Choice(Protocol):
    """What of a repository is wanted."""

    @property
    def include(self) -> tuple[str, ...]: ...
    @property
    def exclude(self) -> tuple[str, ...]: ...
    @property
    def read(self) -> str: ...
    @property
    def root(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Step:
    """One commit to the next. `after` is the last path done of it in an earlier run."""

    old: str
    new: str
    after: str
    names: Names


@dataclass(frozen=True, slots=True)
class Taken:
    """What a step is about: files before and after, and the names they have then."""

    old: Files
    new: Files
    made: Changes
    names: Names


class Walk:
    """`mark` changes when the settings do; then everything is read anew, under the same names."""

    def __init__(
        self, place: Repository, choice: Choice, base: str, reader: Reader, mark: str
    ) -> None:
        self._place, self._choice, self._base = place, choice, base
        self._reader, self._mark = reader, mark

    def events(self, cursor: Cursor, tip: str) -> Iterator[Event]:
        """What has changed up to the commit `tip`, ending with a checkpoint."""
        step = self._resumed(cursor, tip)
        if step.old == step.new:
            yield Checkpoint(cursor)
        while step.old != step.new:
            names = yield from self._taken(step)
            step = self._towards(tip, step.new, names)

    def _resumed(self, cursor: Cursor, tip: str) -> Step:
        names, same = Names(cursor.get("moved", {})), cursor.get("reading") == self._mark
        old, target = (str(cursor.get(n, "")) if same else "" for n in ("commit", "target"))
        if target and self._place.trees(old, target):
            return Step(old, target, str(cursor.get("after", "")), names)
        return self._towards(tip, old, names)

    def _towards(self, tip: str, old: str, names: Names) -> Step:
        if old == tip or (old and self._place.trees(old, tip)):
            return Step(old, tip, "", names)
        if not self._place.trees(tip):
            raise TryLater(f"commit {tip[:10]} cannot be read; it may just have been replaced")
        return Step("", tip, "", names)  # the old one is no more: all that is there is listed

    def _taken(self, step: Step) -> Generator[Event, None, Names]:
        old, new = self._wanted(step.old), self._wanted(step.new)
        made = changes(old, new, self._place.contents)
        known = step.names if step.old else step.names.of(new)
        taken = Taken(old, new, made, known.after(made, step.new))
        failed = False
        for event in self._written(step, taken):
            failed = failed or isinstance(event, Failed)
            yield event
        yield from self._removed(taken, known)
        # Of a list that cannot be read, nobody knows which links are in it.
        complete = not step.old and not (failed and self._choice.read == "links")
        state = {"reading": self._mark, "commit": step.new, "moved": taken.names.moved}
        yield Checkpoint(state, complete)
        return taken.names

    def _wanted(self, commit: str) -> dict[str, str]:
        choice = self._choice
        return {
            path: sha
            for path, sha in self._place.files(commit).items()
            if matches(path, choice.include) and not matches(path, choice.exclude)
        }

    def _written(self, step: Step, taken: Taken) -> Iterator[Event]:
        paths = list(taken.made.written)
        left = [p for p in paths if p > step.after]
        if not step.old:
            yield from (Unchanged(taken.names.key(p)) for p in paths if p <= step.after)
        for start in range(0, len(left), BATCH):
            batch = left[start : start + BATCH]
            yield from self._batch(batch, taken)
            if self._choice.read == "pages" and batch[-1] != left[-1]:
                doing = {"commit": step.old, "target": step.new, "after": batch[-1]}
                yield Checkpoint({"reading": self._mark, **doing, "moved": step.names.moved})

    def _batch(self, paths: list[str], taken: Taken) -> Iterator[Event]:
        listed, before = self._choice.read == "links", taken.made.written
        hashes = {taken.new[p] for p in paths}
        hashes |= {taken.old[before[p]] for p in paths if listed and before[p]}
        contents = self._place.contents(hashes)
        for path in paths:
            key = taken.names.key(path)
            try:
                data = _whole(contents, taken.new[path])
                if listed:
                    was = before[path] and contents[taken.old[before[path]]]
                    yield from _links(key, path, data, was if path == before[path] else b"", was)
                elif path.lower().endswith(_PAGES) and withheld(front_matter(decode(data))[0]):
                    if taken.old:  # a full listing says the same by leaving it out
                        yield Gone(key)
                else:
                    yield Found(key, self._page(path, data))
            except BadItem as error:
                said = str(error)
                yield Failed(key, BadItem(said if path in said else f"{path} {said}"))

    def _page(self, path: str, data: bytes) -> dict[str, Any]:
        url = page_url(self._base, self._choice.root, path)
        return {"path": path, "url": url, "document": self._reader.document(path, data)}

    def _removed(self, taken: Taken, known: Names) -> Iterator[Event]:
        """What went with the files that went."""
        paths = taken.made.removed
        if self._choice.read == "pages":
            yield from (Gone(known.key(path)) for path in paths)
            return
        contents = self._place.contents({taken.old[path] for path in paths})
        for path in paths:
            yield from (
                Gone(f"{known.key(path)} {url}") for url in _read(contents[taken.old[path]])
            )


def _links(key: str, path: str, data: bytes, same: Any, was: Any) -> Iterator[Event]:
    """Events of a list: `was` is what stood in it, and `same` that unless the list has moved."""
    if len(data) > LONGEST_LIST:
        raise BadItem(f"is {len(data):,} bytes; a list has {LONGEST_LIST:,} at most")
    now, unchanged = _read(data), _read(same)
    for url, link in now.items():
        if unchanged.get(url) != link:
            yield Found(f"{key} {url}", link_payload(path, link))
    yield from (Gone(f"{key} {url}") for url in _read(was) if url not in now)


def _read(data: Any) -> dict[str, Link]:
    """The links of a list; none of one that never could be read."""
    return links(data) if isinstance(data, bytes) and 0 < len(data) <= LONGEST_LIST else {}


def _whole(contents: Contents, sha: str) -> bytes:
    data = contents[sha]
    if isinstance(data, BadItem):
        raise data
    if data.startswith(_KEPT_ELSEWHERE):
        raise BadItem("is kept in Git LFS; only a note of it is in the repository")
    return data
