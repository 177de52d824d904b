import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event

from catalogue.errors import NeedsPerson
from catalogue.store import Catalogue
from tests.catalogue.making import batch, registered


def test_a_full_disk_loses_nothing_and_says_what_to_do(tmp_path: Path) -> None:
    """SQLite's own limit on pages raises the very error that a full disk does."""
    url = f"sqlite:///{tmp_path}/catalogue.db"
    with Catalogue.open(url) as catalogue:
        run = registered(catalogue)
        catalogue.intake.commit("wiki", run, batch("a"), {"at": 1})

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    keys = [f"k{number}" for number in range(500)]
    with Catalogue.open(url) as full:
        full.close()
        event.listen(full.database.engine, "connect", limit)
        with pytest.raises(NeedsPerson, match=rf"{tmp_path}/catalogue.db: the disk is full; free"):
            full.intake.commit("wiki", run, batch(*keys), {"at": 2})
        assert full.sources.cursor("wiki") == {"at": 1}
    with Catalogue.open(url) as freed:
        assert [item.key.key for item in freed.items.page()] == ["a"]
        assert freed.intake.commit("wiki", run, batch(*keys), {"at": 2}).added == 500
