"""API keys. Only their hashes are kept."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select, true

from catalogue.errors import BadConfig, NotFound
from catalogue.records import ApiKey
from catalogue.store.database import Database
from catalogue.store.schema import api_keys
from catalogue.store.upsert import insert_missing


@dataclass(frozen=True, slots=True)
class Keys:
    database: Database

    def add(self, name: str, groups: tuple[str, ...]) -> str:
        """Makes a key and returns it; it cannot be shown again. Raises BadConfig if named twice."""
        plain = f"skillshelf_{secrets.token_urlsafe(32)}"
        row = {"name": name, "hash": _hash(plain), "groups": list(groups)}
        with self.database.write() as conn:
            if conn.execute(select(api_keys.c.name).where(api_keys.c.name == name)).first():
                raise BadConfig(f"there is an API key {name!r} already; revoke it first")
            insert_missing(conn, api_keys, [row | {"created": self.database.clock()}])
        return plain

    def find(self, plain: str) -> ApiKey | None:
        return next(iter(self._select(api_keys.c.hash == _hash(plain))), None)

    def list(self) -> list[ApiKey]:
        return [*self._select(true())]

    def revoke(self, name: str) -> None:
        """Raises NotFound."""
        with self.database.write() as conn:
            if not conn.execute(delete(api_keys).where(api_keys.c.name == name)).rowcount:
                raise NotFound(f"there is no API key {name!r}")

    def _select(self, condition: ColumnElement[bool]) -> Iterable[ApiKey]:
        query = select(api_keys).where(condition).order_by(api_keys.c.name)
        with self.database.read() as conn:
            return [ApiKey(r.name, tuple(r.groups), r.created) for r in conn.execute(query)]


def _hash(plain: str) -> str:
    # One round is enough: the key is 256 random bits, which nobody guesses.
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()
