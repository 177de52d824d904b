"""Addresses, durations and places: as programs read them, and as people do."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from catalogue.model import Locator, Place

# Whatever else an address may be (`javascript:`, `data:`), it is not for a person to follow.
FOLLOWED = frozenset({"http", "https", "file"})

_SINGLE = {Place.PAGE: "page", Place.SLIDE: "slide", Place.SHEET: "sheet"}


def followable(url: str) -> str | None:
    """`url` where it may stand behind a link, else None."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    whole = parts.netloc or (parts.scheme == "file" and parts.path)
    return url.strip() if parts.scheme in FOLLOWED and whole else None


def iso_duration(seconds: int | None) -> str | None:
    """ISO 8601, in hours, minutes and seconds: days are no longer than a day only in calendars."""
    if seconds is None:
        return None
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = [f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (left, "S")) if n]
    return "PT" + ("".join(parts) or "0S")


def spoken_duration(seconds: int | None) -> str:
    if not seconds:
        return ""
    if seconds < 60:
        return f"{seconds} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return " ".join(f"{n} {unit}" for n, unit in ((hours, "h"), (minutes, "min")) if n)


def clock(seconds: float) -> str:
    """As players show it: 3:07 or 1:02:03."""
    hours, rest = divmod(int(seconds), 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def spoken_place(locator: Locator | None, heading: str = "") -> str:
    """Such as "page 12" or "at 3:07"; the heading where the place has only a name of its own."""
    if locator is None:
        return heading
    if locator.place in _SINGLE:
        return f"{_SINGLE[locator.place]} {locator.value}"
    if locator.place is Place.SECOND:
        return f"at {clock(float(locator.value))}" if _is_number(locator.value) else heading
    return heading


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


Piece = tuple[str, bool]  # a stretch of text, and whether it is marked


def pieces(text: str, marked: Sequence[tuple[int, int]], width: int | None = None) -> list[Piece]:
    """`text` cut at the ranges in `marked`, which are in order; ranges outside it are ignored.

    With a `width`, about as many characters, from shortly before the first marked one.
    """
    start, end = _window(text, marked, width)
    found: list[Piece] = [("… ", False)] if start else []
    at = start
    for low, high in marked:
        low, high = max(low, at), min(high, end)
        if low < high:
            found += [(text[at:low], False), (text[low:high], True)]
            at = high
    found.append((text[at:end], False))
    if end < len(text):
        found.append((" …", False))
    return [piece for piece in found if piece[0]]


def _window(text: str, marked: Sequence[tuple[int, int]], width: int | None) -> tuple[int, int]:
    if width is None or len(text) <= width:
        return 0, len(text)
    first = marked[0][0] if marked else 0
    start = min(max(0, first - width // 4), len(text) - width)
    if start:
        start = _after_space(text, start, first)
    end = start + width
    if end >= len(text):
        return start, len(text)
    space = text.rfind(" ", start + width // 2, end)
    return start, end if space < 0 else space


def _after_space(text: str, start: int, latest: int) -> int:
    space = text.find(" ", start, latest)
    return start if space < 0 else space + 1
