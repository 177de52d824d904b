"""Texts with the skills that people gave them, from files."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.errors import BadConfig
from config.taxonomy import SkillId, Taxonomy, folded

NO_LABELS = frozenset({"underspecified", "label not present", ""})
LARGEST_CELL = 10_000_000
ITEM_FIELDS = ("title", "text", "skills")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`gold` is empty where no label is one of the taxonomy; `unknown` are those that are not."""

    text: str
    gold: frozenset[SkillId]
    unknown: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Labelled:
    """An item with gold skills. `unknown` are the names it has that the taxonomy lacks."""

    title: str
    text: str
    gold: frozenset[SkillId]
    unknown: frozenset[str] = frozenset()


class Names:
    """What a gold label means: a skill's id, its label, or an alternative of one skill alone."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._labels = {folded(skill.label): skill.id for skill in taxonomy}

    def meant(self, name: str) -> SkillId | None:
        if name in self._taxonomy.skills:
            return name
        preferred = self._labels.get(folded(name))
        named = self._taxonomy.labelled(name)
        return preferred or (named[0] if len(named) == 1 else None)

    def sorted(self, names: Iterable[str]) -> tuple[frozenset[SkillId], frozenset[str]]:
        """The skills that names mean, and the names that mean none."""
        meant = {name: self.meant(name) for name in names}
        known = frozenset(skill for skill in meant.values() if skill)
        return known, frozenset(name for name, skill in meant.items() if not skill)


def read_sentences(path: Path, names: Names) -> list[Sentence]:
    """Each sentence once, with all its labels. Raises BadConfig naming what is wrong."""
    labels = dict[str, dict[str, None]]()
    for row in _table(path, ("sentence", "label")):
        found = labels.setdefault(row["sentence"], {})
        if folded(row["label"]) not in NO_LABELS:
            found[row["label"].strip()] = None
    return [Sentence(text, *names.sorted(given)) for text, given in labels.items() if text.strip()]


def read_items(path: Path, names: Names, columns: Mapping[str, str]) -> list[Labelled]:
    """`columns` says which column or field is an item's title, text and skills.

    The table's are separated by commas, semicolons or tabs; skills by bars or semicolons.
    """
    lines = path.suffix in (".jsonl", ".ndjson", ".json")
    rows = _objects(path) if lines else _table(path, [columns[field] for field in ITEM_FIELDS])
    found = []
    for row in rows:
        title, text, skills = (str(row.get(columns[field]) or "") for field in ITEM_FIELDS)
        named = (name.strip() for name in re.split(r"[|;]", skills))
        found.append(Labelled(title, text, *names.sorted(name for name in named if name)))
    return found


def _objects(path: Path) -> Iterator[Mapping[str, str]]:
    for number, line in enumerate(_read(path).splitlines(), 1):
        if line.strip():
            try:
                yield dict(json.loads(line))
            except (ValueError, TypeError) as error:
                raise BadConfig(f"{path}, line {number}: not a JSON object") from error


def _table(path: Path, needed: Iterable[str]) -> Iterator[Mapping[str, str]]:
    csv.field_size_limit(LARGEST_CELL)
    text = _read(path)
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    rows = csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter)
    missing = [name for name in needed if name not in (rows.fieldnames or ())]
    if missing:
        raise BadConfig(
            f"{path}, line 1: column {missing[0]} is missing; there is {header.strip()}"
        )
    yield from rows


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig(f"{path} cannot be read as UTF-8: {error}") from error
