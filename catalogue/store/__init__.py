"""The catalogue in a relational database: SQLite by default, PostgreSQL in service."""

from catalogue.store.catalogue import Catalogue

__all__ = ["Catalogue"]
