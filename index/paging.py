"""Cursors: where an answer goes on. Opaque to callers, checked when they come back. Pure."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass

from catalogue.errors import BadRequest
from catalogue.hashing import content_hash
from index.values import SearchRequest

_MARK = 4  # bytes by which a shown item is remembered: 1 in 4 million to hide one of 1,000 others
_SEAL = 8


@dataclass(frozen=True, slots=True)
class Below:
    """Of items by recency: those whose `order` is lower."""

    order: int


@dataclass(frozen=True, slots=True)
class Seen:
    """Of ranked items: those not shown yet, whatever the ranking has become since."""

    marks: frozenset[bytes]

    def has(self, of: str) -> bool:
        return mark(of) in self.marks


def mark(of: str) -> bytes:
    return bytes.fromhex(of)[:_MARK]


def sealed(position: Below | Seen, request: SearchRequest) -> str:
    body = _packed(position)
    return base64.urlsafe_b64encode(_seal(body, request) + body).decode().rstrip("=")


def opened(cursor: str, request: SearchRequest) -> Below | Seen:
    """Raises BadRequest for a cursor that is damaged or belongs to another question.

    The seal keeps honest callers from mixing answers up. It protects no secret: what a caller may
    see is decided by the filter of each question, never by its cursor.
    """
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    seal, body = raw[:_SEAL], raw[_SEAL:]
    if not body or not hmac.compare_digest(seal, _seal(body, request)):
        raise BadRequest(
            "this cursor is damaged or belongs to another search; "
            "repeat the search it came from, with the same text and filters"
        )
    return _unpacked(body)


def continued(seen: Seen, shown: Collection[str]) -> Seen:
    return Seen(seen.marks | {mark(of) for of in shown})


def _packed(position: Below | Seen) -> bytes:
    if isinstance(position, Below):
        return b"b" + position.order.to_bytes(8)
    return b"s" + b"".join(sorted(position.marks))


def _unpacked(body: bytes) -> Below | Seen:
    kind, rest = body[:1], body[1:]
    if kind == b"b":
        return Below(int.from_bytes(rest))
    return Seen(frozenset(rest[at : at + _MARK] for at in range(0, len(rest), _MARK)))


def _seal(body: bytes, request: SearchRequest) -> bytes:
    groups = None if request.groups is None else sorted(request.groups)
    asked = content_hash([request.text, request.filters, groups])
    return hashlib.blake2b(body, digest_size=_SEAL, key=asked.encode()[:64]).digest()
