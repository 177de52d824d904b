"""AICC: a course in `.crs`, its units in `.au` and `.des`, their order in `.cst`."""

import csv
import io
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from catalogue.errors import BadItem
from connectors.extract.text import decode
from connectors.formats.packages.pages import Pages
from connectors.formats.packages.tree import Package, Unit

_SECTION = re.compile(r"^\s*\[([^\]]+)\]\s*$")
_DEEPEST = 20
SUFFIXES = (".crs", ".au", ".des", ".cst")
Row = Mapping[str, str]


def read(pages: Pages, name: str) -> Package:
    files = _files(pages, str(PurePosixPath(name).with_suffix("")))
    missing = [suffix for suffix in (".crs", ".au", ".cst") if suffix not in files]
    if missing:
        raise BadItem(f"is an AICC course without its {', '.join(missing)}")
    course, described = _sections(files[".crs"])
    names = {row["system_id"].lower(): row for row in _rows(files.get(".des", ""), "system_id")}
    launched = {row["system_id"].lower(): row for row in _rows(files[".au"], "system_id")}
    members = {
        row["block"].lower(): [cell for cell in row.values() if cell][1:]
        for row in _rows(files[".cst"], "block")
    }
    tree = _Tree(pages, names, launched, members)
    units = tree.below("root", 0) or tuple(tree.unit(known, 0) for known in launched)
    return Package(
        form="AICC",
        title=course.get("course_title", ""),
        id=course.get("course_id", ""),
        about={"description": described} if described else {},
        units=units,
        unread=tuple(pages.unread),
    )


def _files(pages: Pages, stem: str) -> dict[str, str]:
    """The text of the course's files by suffix; those of its own name before others."""
    texts: dict[str, str] = {}
    for name in sorted(pages.archive.sizes, key=lambda n: not n.lower().startswith(stem.lower())):
        path = PurePosixPath(name.lower())
        beside = path.parent == PurePosixPath(stem.lower()).parent
        if beside and path.suffix in SUFFIXES and path.suffix not in texts:
            texts[path.suffix] = decode(pages.archive.read(name))
    return texts


def _sections(text: str) -> tuple[dict[str, str], str]:
    """The fields of the course, and its description, which is free text."""
    section, fields, described = "", dict[str, str](), list[str]()
    for line in text.splitlines():
        heading = _SECTION.match(line)
        if heading:
            section = heading[1].strip().lower()
        elif section == "course_description":
            described.append(line.strip())
        elif "=" in line:
            field, _, value = line.partition("=")
            fields[field.strip().lower()] = value.strip().strip('"')
    return fields, "\n".join(described).strip()


def _rows(text: str, needed: str) -> list[dict[str, str]]:
    """Rows by the names in the first line, without regard to case.

    Further columns of a structure row repeat the last name, which AICC writes once.
    """
    lines = [row for row in csv.reader(io.StringIO(text), skipinitialspace=True) if any(row)]
    names = [cell.strip().lower() for cell in lines[0]] if lines else []
    if needed not in names:
        return []
    filled = [[cell.strip() for cell in row] for row in lines[1:]]
    return [
        {names[n] if n < len(names) else f"{names[-1]} {n}": c for n, c in enumerate(row)}
        for row in filled
        if len(row) > names.index(needed)
    ]


class _Tree:
    def __init__(
        self,
        pages: Pages,
        names: Mapping[str, Row],
        launched: Mapping[str, Row],
        members: Mapping[str, list[str]],
    ) -> None:
        self._pages, self._names = pages, names
        self._launched, self._members = launched, members
        self._placed: set[str] = set()

    def below(self, block: str, depth: int) -> tuple[Unit, ...]:
        if depth > _DEEPEST:
            raise BadItem(f"is an AICC course of more than {_DEEPEST} levels")
        fresh = [m.lower() for m in self._members.get(block, ()) if m.lower() not in self._placed]
        self._placed.update(fresh)
        return tuple(self.unit(member, depth) for member in fresh)

    def unit(self, name: str, depth: int) -> Unit:
        about, launch = self._names.get(name, {}), self._launched.get(name, {})
        address = launch.get("file_name", "")
        return Unit(
            id=about.get("system_id") or launch.get("system_id") or name,
            title=about.get("title", ""),
            href=address,
            text=about.get("description", ""),
            documents=self._pages.documents([self._pages.find(address)]),
            units=self.below(name, depth + 1),
        )
