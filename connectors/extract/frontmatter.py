"""What pages say of themselves above their text: YAML between `---`, TOML between `+++`."""

import datetime as dates
import re
import tomllib
from collections.abc import Mapping
from typing import Any

_YAML = re.compile(r"---[ \t]*\r?\n(.{0,20000}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.S)
_TOML = re.compile(r"\+\+\+[ \t]*\r?\n(.{0,20000}?)\r?\n\+\+\+[ \t]*(?:\r?\n|$)", re.S)


def front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    """What is stated, and the text below it. Nothing where none can be read."""
    for pattern, read in ((_YAML, _yaml), (_TOML, _toml)):
        if match := pattern.match(text):
            stated = read(match[1])
            return (stated, text[match.end() :]) if isinstance(stated, dict) else ({}, text)
    return {}, text


def many(front: Mapping[str, Any], *names: str) -> list[str]:
    """Strings and dates under the first of `names` that has any; nothing nested deeper."""
    value: Any = next((front[name] for name in names if front.get(name)), [])
    values = value if isinstance(value, list) else [value]
    return [str(v) for v in values if isinstance(v, str | dates.date)]


def one(front: Mapping[str, Any], *names: str) -> str:
    return next(iter(many(front, *names)), "")


def withheld(front: Mapping[str, Any]) -> bool:
    """Whether the page is marked as not to be shown, as Hugo, Jekyll and MkDocs mark it."""
    return front.get("draft") is True or front.get("published") is False


def _yaml(text: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):  # a page may well begin with a rule
        return None


def _toml(text: str) -> Any:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None
