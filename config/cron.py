"""Checking cron expressions of five fields before the scheduler meets them."""

import re

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_FIELDS: tuple[tuple[str, int, int, list[str]], ...] = (
    ("minute", 0, 59, []),
    ("hour", 0, 23, []),
    ("day of the month", 1, 31, []),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 7, _DAYS),
)
_PART = re.compile(r"(?:\*|(\w+)(?:-(\w+))?)(?:/(\d+))?")


def parse_cron(text: str) -> str:
    """The expression with single spaces. Raises ValueError naming the wrong field."""
    fields = text.split()
    if len(fields) != len(_FIELDS):
        raise ValueError(
            "allowed are five fields (minute, hour, day of the month, month, day of the week), "
            'e.g. "0 6 * * *"'
        )
    for field, (name, least, most, names) in zip(fields, _FIELDS, strict=True):
        if not all(_allowed(part.casefold(), least, most, names) for part in field.split(",")):
            spelled = f" or {names[0]} to {names[-1]}" if names else ""
            raise ValueError(
                f'"{field}" is no {name}; allowed are *, {least} to {most}{spelled}, ranges (a-b), '
                "steps (*/n) and lists (a,b)"
            )
    return " ".join(fields)


def _allowed(part: str, least: int, most: int, names: list[str]) -> bool:
    match = _PART.fullmatch(part)
    if match is None:
        return False
    low, high, step = match.groups()
    if step and not (1 <= int(step) <= most and (high or not low)):
        return False
    ends = [_number(end, least, names) for end in (low, high) if end]
    inside = [end for end in ends if end is not None and least <= end <= most]
    return len(inside) == len(ends) and inside == sorted(inside)


def _number(text: str, least: int, names: list[str]) -> int | None:
    if text in names:
        return names.index(text) + least
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= 2 else None
