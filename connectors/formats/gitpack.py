"""How much a pack says it will unpack to, before anything of it is kept.

Format: git's gitformat-pack. A few kilobytes can stand for gigabytes, as a stream or as a delta.
"""

import zlib
from collections.abc import Iterator

from catalogue.errors import BadItem

_HEADER, _TRAILER, _HASH = 12, 20, 20
_OFFSET_DELTA, _NAMED_DELTA = 6, 7
_STEP = 64 * 1024


def check_sizes(pack: bytes, largest: int, total: int) -> None:
    """Raises BadItem for a pack that holds more than `total` bytes or an object over `largest`."""
    held = 0
    for size in _sizes(memoryview(pack)):
        held += size
        if size > largest:
            raise BadItem(f"is {size:,} bytes; `max_bytes` is {largest:,}")
        if held > total:
            raise BadItem(f"more than {total:,} bytes unpacked")


def _sizes(pack: memoryview) -> Iterator[int]:
    """The size each object is to have, a delta's counted with the file that it makes."""
    at, end = _HEADER, len(pack) - _TRAILER
    try:
        for _ in range(int.from_bytes(pack[8:_HEADER], "big")):
            kind = pack[at] >> 4 & 7
            size, at = _number(pack, at, first_bits=4)
            if kind == _NAMED_DELTA:
                at += _HASH
            elif kind == _OFFSET_DELTA:
                _, at = _number(pack, at)
            yield size
            start, at = _skipped(pack[:end], at, size)
            if kind in (_OFFSET_DELTA, _NAMED_DELTA):
                _, after_base = _number(memoryview(start), 0)
                yield _number(memoryview(start), after_base)[0]
    except (IndexError, zlib.error):
        raise BadItem("no whole pack") from None


def _number(data: memoryview, at: int, first_bits: int = 7) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and where it ends."""
    value, shift = data[at] & ((1 << first_bits) - 1), first_bits
    while data[at] & 0x80:
        at += 1
        value |= (data[at] & 0x7F) << shift
        shift += 7
    return value, at + 1


def _skipped(pack: memoryview, at: int, size: int) -> tuple[bytes, int]:
    """The first bytes of a stream, and where it ends. It may hold no more than it says."""
    stream, start, held = zlib.decompressobj(), b"", 0
    data: bytes | memoryview = b""
    while not stream.eof:
        if not data:
            data, at = pack[at : at + _STEP], at + _STEP
            if not data:
                raise zlib.error("cut short")
        out = stream.decompress(data, _STEP)
        data, start, held = stream.unconsumed_tail, start or out[:32], held + len(out)
        if held > size:
            raise zlib.error("longer than it says")
    return start, min(at, len(pack)) - len(stream.unused_data)
