"""Lists of objects as services give them, without what cannot be used as a name or a key."""

from collections.abc import Collection
from typing import Any


def records(value: Any, plain: Collection[str]) -> list[dict[str, Any]]:
    """The objects of a list; null has been seen among them, and no list at all.

    Of each, a field named in `plain` that holds a list or an object is left out.
    """
    entries = value if isinstance(value, list) else []
    return [_plain(entry, plain) for entry in entries if isinstance(entry, dict)]


def _plain(entry: dict[str, Any], plain: Collection[str]) -> dict[str, Any]:
    odd = [name for name in plain if isinstance(entry.get(name), list | dict)]
    return {name: v for name, v in entry.items() if name not in odd} if odd else entry
