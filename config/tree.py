"""YAML with the line of every field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from config.errors import BadConfig

Place = tuple[str | int, ...]  # ("sources", "handbook", "settings", "path")
_LARGEST = 1024 * 1024
_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Tree:
    """A file's content as plain values, and where each field stands."""

    file: Path
    value: Any
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """The line of the field, or of the nearest one around it."""
        return line_of(self.lines, place)


def line_of(lines: Mapping[Place, int], place: Place, otherwise: int = 1) -> int:
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, otherwise)


def read_tree(path: Path) -> Tree:
    """Read a YAML file. Raises BadConfig for what is not YAML or not plain: aliases, a field given
    twice, names that are not text."""
    text = _text(path)
    try:
        _refuse_bombs(text, path)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        lines: dict[Place, int] = {}
        value = None if node is None else _Reading(path, lines).plain(node, ())
    except yaml.YAMLError as error:
        raise _malformed(error, path) from None
    return Tree(path, value, lines)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise BadConfig(f"{path}: larger than {_LARGEST >> 20} MiB; split it up")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise BadConfig(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadConfig(f"{path}, line {line}: not UTF-8; save the file in UTF-8") from None


def _refuse_bombs(text: str, path: Path) -> None:
    """A few nested aliases unfold to gigabytes; 5,000 brackets take PyYAML half a minute."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise _wrong(path, event, f"nested too deeply; {_DEEPEST} levels are allowed")
        if isinstance(event, yaml.AliasEvent):
            raise _wrong(
                path,
                event,
                "aliases (*) are not read; write out the value, or put it into quotes where the "
                "asterisk belongs to it",
            )


def _malformed(error: yaml.YAMLError, path: Path) -> BadConfig:
    """The parser's complaint without the text around it, which may be a secret."""
    problem = getattr(error, "problem", None) or "unreadable characters"
    problem = re.sub(r"'([^']*)'", _shown, problem)
    mark = getattr(error, "problem_mark", None)
    place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return BadConfig(
        f"{path}{place}: not YAML: {problem}. Look at the indentation, and put texts with special "
        "characters into quotes."
    )


def _shown(quoted: re.Match[str]) -> str:
    """Single characters, '\\t' and the parser's own '<block end>'; all else may be a secret."""
    return quoted[0] if len(quoted[1]) < 2 or quoted[1][0] in "<\\" else "…"


def _wrong(path: Path, at: Any, reason: str) -> BadConfig:
    return BadConfig(f"{path}, line {at.start_mark.line + 1}: {reason}")


class _Reading:
    """One walk through a file's nodes."""

    def __init__(self, path: Path, lines: dict[Place, int]) -> None:
        self._path = path
        self._lines = lines
        self._scalars = yaml.SafeLoader("")

    def plain(self, node: yaml.Node, place: Place) -> Any:
        self._lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return {
                key.value: self.plain(value, (*place, key.value))
                for key, value in self._fields(node, place)
            }
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, (*place, at)) for at, item in enumerate(node.value)]
        try:
            return self._scalars.construct_object(node)
        except ValueError:  # 2026-02-31
            raise _wrong(self._path, node, "no such value; put a text into quotes") from None

    def _fields(
        self, node: yaml.MappingNode, place: Place
    ) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
                raise _wrong(self._path, key, "a field's name must be text; put it into quotes")
            if (earlier := self._lines.get((*place, key.value))) is not None:
                raise _wrong(
                    self._path, key, f'"{key.value}" is there twice, first on line {earlier}'
                )
            self._lines[(*place, key.value)] = key.start_mark.line + 1
        return list(node.value)
