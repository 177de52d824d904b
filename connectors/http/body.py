"""Reading a body that may be too long, cut short, or not what its headers say."""

from typing import Any

from requests import Response

CHUNK = 64 * 1024


class TooLarge(Exception):
    """The decoded body passes its limit; `start` is what fitted, `status` the answer's."""

    def __init__(self, start: bytes = b"", status: int = 0) -> None:
        super().__init__("too large")
        self.start = start
        self.status = status


def read_body(response: Response, max_bytes: int) -> bytes:
    """The decoded body. Stops at the limit while streaming, so that a gzip bomb never unfolds.

    Raises TooLarge, or what the network and the decoder raise.
    """
    raw: Any = response.raw
    pieces: list[bytes] = []
    room = max_bytes
    while piece := raw.read1(CHUNK, decode_content=True):
        if len(piece) > room:
            raise TooLarge(b"".join(pieces) + piece[:room], response.status_code)
        pieces.append(piece)
        room -= len(piece)
    return b"".join(pieces)
