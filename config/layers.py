"""Where a setting comes from: the environment, a file, or nowhere."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.errors import BadConfig
from config.nearest import nearest
from config.secrets import PREFIX, SOURCE_PREFIX, holds_password, read_secret, says_secret


@dataclass(frozen=True, slots=True)
class Given:
    """A setting's value as somebody gave it, and the place to name when it is wrong."""

    value: Any
    place: str


def from_environment(
    known: frozenset[str], secrets: frozenset[str], environ: Mapping[str, str]
) -> dict[str, Given]:
    """The settings among the variables; an empty variable counts as unset."""
    variables = {PREFIX + name.upper(): name for name in known}
    files = {f"{PREFIX}{name.upper()}_FILE": name for name in secrets}
    for variable in environ:
        ours = variable.startswith(PREFIX) and not variable.startswith(SOURCE_PREFIX)
        if ours and variable not in variables and variable not in files:
            hint = nearest(variable.removeprefix(PREFIX), known)
            raise BadConfig(f"environment variable {variable}: no such setting; {hint}")
    given = {
        name: Given(environ[variable], f"environment variable {variable}")
        for variable, name in variables.items()
        if environ.get(variable)
    }
    for file, name in files.items():
        variable = file.removesuffix("_FILE")
        if (value := read_secret(variable, environ)) is not None:
            given[name] = Given(value.get_secret_value(), f"environment variable {variable}")
    return given


def from_file(known: frozenset[str], path: Path) -> dict[str, Given]:
    """The settings in a TOML file; none where there is no file."""
    if not path.exists():
        return {}
    text = _text(path)
    given = {}
    for name, value in _parsed(text, path).items():
        place = f"{path}, line {_line(name, text)}, field {name}"
        if name not in known:
            raise BadConfig(f"{place}: no such setting; {nearest(name, known)}")
        if says_secret(name) or (isinstance(value, str) and holds_password(value)):
            raise BadConfig(
                f"{place}: a secret has no place in this file; set the environment variable "
                f"{PREFIX}{name.upper()}"
            )
        given[name] = Given(value, place)
    return given


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise BadConfig(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise BadConfig(f"{path}: not UTF-8; save the file in UTF-8") from None


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        place = f"{path}, line {line[1]}" if line else f"{path}, at its end"
        raise BadConfig(
            f"{place}: not TOML; allowed are lines such as `port = 8800` and "
            '`encoder = "all-MiniLM-L6-v2"`'
        ) from None


def _line(name: str, text: str) -> int:
    match = re.search(rf"^[ \t]*\[*[\"']?{re.escape(name)}\b", text, re.MULTILINE)
    return text.count("\n", 0, match.start()) + 1 if match else 1
