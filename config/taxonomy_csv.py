"""Taxonomies as CSV: ESCO's official file of skills, and a company's own."""

import csv
import io
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.errors import BadConfig
from config.nearest import nearest
from config.taxonomy import Skill, folded

OWN = ("id", "label", "alternatives", "description", "group")
_LABEL = {True: "preferredLabel", False: "label"}
_ESCO_NEEDED = ("conceptUri", "preferredLabel", "altLabels")
_ID = {True: "conceptUri", False: "id"}
_ESCO_TYPE = "KnowledgeSkillCompetence"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Row:
    """One record and the line of the file it begins on."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "").strip()


def read_csv(content: bytes, path: Path) -> tuple[list[Skill], dict[str, str]]:
    """The skills and the groups' labels. Raises BadConfig naming file, line and column.

    Rows without a label are left out, and said so once: such a skill could be neither found in a
    text nor shown, and one of them should not cost the thousands beside it.
    """
    text = decoded(content, path)
    records = _records(text, path)
    header = [cell.strip() for cell in next(records, (1, []))[1]]
    official = "conceptUri" in header
    _check_header(header, text, official, path)
    rows = [_row(line, cells, header, path) for line, cells in records]
    labelled = [row for row in rows if row[_LABEL[official]]]
    skills = _skills(labelled, official, path)
    nameless = [row.line for row in rows if not row[_LABEL[official]]]
    if nameless:
        told = (path, len(nameless), _LABEL[official], nameless[0])
        log.warning("%s: %d rows without a %s are left out, the first in line %d", *told)
    if not skills:
        raise BadConfig(f"{path}: holds no skill; each line below the first is one")
    groups = {code: code for skill in skills.values() for code in skill.groups}
    return list(skills.values()), groups


def _skills(rows: Iterable[_Row], official: bool, path: Path) -> dict[str, Skill]:
    to_skill = _official if official else _own
    skills: dict[str, Skill] = {}
    lines: dict[str, int] = {}
    for row in rows:
        skill = to_skill(row, path)
        if skill is None:
            continue
        if skill.id in skills:
            raise _wrong(path, row.line, _ID[official], f"the id of line {lines[skill.id]} again")
        skills[skill.id], lines[skill.id] = skill, row.line
    return skills


def distinct(label: str, alternatives: list[str]) -> tuple[str, ...]:
    """The alternatives that say something else than the label and each other."""
    seen = {folded(label), ""}
    kept = []
    for text in (alternative.strip() for alternative in alternatives):
        if folded(text) not in seen:
            seen.add(folded(text))
            kept.append(text)
    return tuple(kept)


def decoded(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadConfig(
            f'{path}, line {line}: not UTF-8; save the file in UTF-8 (in Excel: "CSV UTF-8")'
        ) from error


def _check_header(header: list[str], text: str, official: bool, path: Path) -> None:
    needed = _ESCO_NEEDED if official else OWN[:2]
    missing = [column for column in needed if column not in header]
    if missing and len(header) < 2:
        for delimiter, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if delimiter in text.partition("\n")[0]:
                raise BadConfig(
                    f"{path}, line 1: columns are separated by {name}; save it with commas"
                )
    if missing:
        raise BadConfig(
            f"{path}, line 1: column {missing[0]} is missing. ESCO's own file has the columns "
            f"{', '.join(_ESCO_NEEDED)} among others; a taxonomy of your own has "
            f"{', '.join(OWN)}, of which the first two are needed."
        )
    unknown = [column for column in header if column not in OWN]
    if unknown and not official:
        raise _wrong(path, 1, unknown[0], f"no such column; {nearest(unknown[0], OWN)}")
    twice = [column for column in header if header.count(column) > 1]
    if twice:
        raise _wrong(path, 1, twice[0], "the column is there twice")


def _records(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """The records that are not blank, each with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadConfig(
            f"{path}, line {line}: not CSV ({error}); a double quote inside a text is written twice"
        ) from error


def _row(line: int, cells: list[str], header: list[str], path: Path) -> _Row:
    if len(cells) != len(header):
        raise BadConfig(
            f"{path}, line {line}: {len(cells)} columns where the first line has "
            f"{len(header)}; put a text with a comma in it into double quotes"
        )
    return _Row(line, dict(zip(header, cells, strict=True)))


def _official(row: _Row, path: Path) -> Skill | None:
    if (concept := row["conceptType"] or _ESCO_TYPE) != _ESCO_TYPE:
        raise _wrong(
            path, row.line, "conceptType", f'this is the file of "{concept}"; give that of skills'
        )
    if row["status"] == "obsolete":
        return None
    kind = "knowledge" if row["skillType"] == "knowledge" else "skill"
    if row["reuseLevel"] == "transversal":
        kind = "transversal"
    label = row["preferredLabel"]
    alternatives = (row["altLabels"] + "\n" + row["hiddenLabels"]).split("\n")
    return Skill(
        _filled(row, "conceptUri", path),
        label,
        distinct(label, alternatives),
        row["description"],
        kind=kind,
    )


def _own(row: _Row, path: Path) -> Skill:
    label = row["label"]
    alternatives = distinct(label, row["alternatives"].split("|"))
    groups = (row["group"],) if row["group"] else ()
    return Skill(_filled(row, "id", path), label, alternatives, row["description"], groups)


def _filled(row: _Row, column: str, path: Path) -> str:
    if not row[column]:
        raise _wrong(path, row.line, column, "is empty; every skill needs one")
    return row[column]


def _wrong(path: Path, line: int, column: str, reason: str) -> BadConfig:
    return BadConfig(f"{path}, line {line}, column {column}: {reason}")
