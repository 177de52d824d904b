"""Title and length of Matroska and WebM files (RFC 8794, RFC 9559).

Not by ebmlite, the kept library for it: it installs a package named `tests` beside ours.
"""

import struct
from collections.abc import Iterator
from typing import Any

_SEGMENT, _INFO = 0x18538067, 0x1549A966
_SCALE, _DURATION, _TITLE = 0x2AD7B1, 0x4489, 0x7BA9
_MILLISECOND = 1_000_000  # nanoseconds, the scale of a file that names none
_LONGEST = 1_000_000  # seconds


def read(head: bytes) -> dict[str, Any]:
    """`title` and `duration` in seconds, as far as the head of the file tells them.

    Raises ValueError for what is damaged.
    """
    for segment in _named(head, _SEGMENT):
        for info in _named(segment, _INFO):
            return _told(dict(_elements(info)))
    return {}


def _told(info: dict[int, bytes]) -> dict[str, Any]:
    """The duration is a float in units of the scale (RFC 9559, 5.1.2)."""
    length, scale = info.get(_DURATION, b""), int.from_bytes(info.get(_SCALE, b""), "big")
    form = {4: ">f", 8: ">d"}.get(len(length))
    units = struct.unpack(form, length)[0] if form else 0
    seconds = units * (scale or _MILLISECOND) / 1e9
    title = info.get(_TITLE, b"").rstrip(b"\0").decode("utf-8", "replace").strip()
    found = {"title": title, "duration": round(seconds) if 0 < seconds < _LONGEST else 0}
    return {name: value for name, value in found.items() if value}


def _named(data: bytes, name: int) -> Iterator[bytes]:
    return (content for number, content in _elements(data) if number == name)


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Names and contents of the elements; the last one may be cut off by the end of the data."""
    at = 0
    while at < len(data):
        name, at = _number(data, at, marked=True)
        size, at = _number(data, at, marked=False)
        yield name, data[at : at + size]
        at += size


def _number(data: bytes, at: int, marked: bool) -> tuple[int, int]:
    """A number of variable length and where it ends. Names keep the bit that marks the length."""
    if at >= len(data) or not data[at]:
        raise ValueError("an element has no name or size")
    length = 9 - data[at].bit_length()
    number = int.from_bytes(data[at : at + length], "big")
    rest = (1 << 7 * length) - 1
    if marked:
        return number, at + length
    # All ones: of a size that was not known when the file was written, to its end.
    return len(data) if number & rest == rest else number & rest, at + length
