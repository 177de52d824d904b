"""How values lie in columns, the same on SQLite and PostgreSQL."""

import hashlib
import json
import zlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, LargeBinary, Text, TypeDecorator


def storable(text: str) -> str:
    """The text without what a database refuses: NUL (PostgreSQL) and lone surrogates (UTF-8)."""
    text = text.replace("\0", "\ufffd")
    return text.encode("utf-8", "replace").decode() if _lonely(text) else text


def as_json(value: Any) -> str:
    """Compact and readable JSON; in ASCII only where UTF-8 could not carry it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(value, separators=(",", ":")) if _lonely(text) else text


def _lonely(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


LONGEST_KEY = (
    1500  # bytes; an index entry of PostgreSQL holds 2,704, and the source's name is in it
)


def storable_key(key: str) -> str:
    """The key, or for a very long one its beginning and a digest of the whole."""
    key = storable(key)
    data = key.encode()
    if len(data) <= LONGEST_KEY:
        return key
    start = data[: LONGEST_KEY - 100].decode(errors="ignore")
    return f"{start}… {hashlib.sha256(data).hexdigest()}"


class Words(TypeDecorator[str]):
    """Text, and the values of our enumerations."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(str(value))


class Key(TypeDecorator[str]):
    """The key a source knows an item by."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable_key(value)


class Structure(TypeDecorator[Any]):
    """JSON as text. Nothing is asked of its inside, so that both databases keep it alike."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else as_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class Packed(TypeDecorator[Any]):
    """JSON under zlib: long texts, payloads."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else zlib.compress(as_json(value).encode(), level=1)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(zlib.decompress(value))


class Moment(TypeDecorator[datetime]):
    """An aware datetime, in UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
