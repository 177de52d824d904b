"""Answering an unknown name with what is known."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str:
    """A phrase: the known name nearest to `name`, or else all that there are."""
    names = sorted(known)
    match = get_close_matches(name.casefold(), names, n=1, cutoff=0.6)
    return f'did you mean "{match[0]}"?' if match else f"known are: {', '.join(names)}"
