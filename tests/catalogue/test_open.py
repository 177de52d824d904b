import sqlite3
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from catalogue.errors import BadConfig, NeedsPerson, TryLater
from catalogue.store import Catalogue, migrate
from catalogue.store.schema import metadata
from tests.catalogue.making import batch, registered


def test_a_new_catalogue_is_empty_and_opens_again(url: str) -> None:
    with Catalogue.open(url) as first:
        assert (first.changes.head(), first.sources.all()) == (0, [])
        epoch = first.changes.epoch()
        first.intake.commit("wiki", registered(first), batch("a"), {"at": 1})
    with Catalogue.open(url) as second:
        assert second.changes.head() == 1
        assert second.changes.epoch() == epoch


def test_the_migrations_lead_to_the_schema(catalogue: Catalogue) -> None:
    options = {"version_table": migrate.VERSION_TABLE, "compare_type": False}
    with catalogue.database.read() as conn:
        context = MigrationContext.configure(conn, opts=options)
        assert compare_metadata(context, metadata) == []


def test_the_newest_migration_is_the_one_we_check_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == migrate.HEAD


def test_a_newer_catalogue_is_left_alone(url: str) -> None:
    with Catalogue.open(url) as newer, newer.database.write() as conn:
        conn.execute(text(f"UPDATE {migrate.VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(BadConfig, match=r"9999.*newer Skillshelf.*Upgrade"):
        Catalogue.open(url)


def test_many_may_open_a_new_catalogue_at_once(url: str) -> None:
    errors: list[BaseException] = []

    def opening() -> None:
        try:
            with Catalogue.open(url) as opened:
                assert opened.changes.head() == 0
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=opening) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


@pytest.mark.parametrize(
    "url", ["", "catalogue.db", "mysql://a@b/c", "sqlite://", "sqlite:///:memory:"]
)
def test_an_address_we_cannot_use_says_what_is_allowed(url: str) -> None:
    with pytest.raises(BadConfig, match=r"database_url: .*sqlite:///"):
        Catalogue.open(url)


def test_a_password_does_not_appear_in_the_error() -> None:
    with pytest.raises(TryLater) as caught:
        Catalogue.open("postgresql://ada:canary@127.0.0.1:1/skills?connect_timeout=2")
    assert "127.0.0.1" in str(caught.value)
    assert "canary" not in str(caught.value)


def test_a_file_that_is_no_catalogue_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes.db"
    file.write_text("These are my notes. " * 100)
    with pytest.raises(BadConfig, match=r"notes.db: it is not a catalogue"):
        Catalogue.open(f"sqlite:///{file}")
    assert file.read_text().startswith("These are my notes.")


def test_a_folder_in_the_file_s_place_is_named(tmp_path: Path) -> None:
    with pytest.raises(NeedsPerson, match=str(tmp_path)):
        Catalogue.open(f"sqlite:///{tmp_path}")


def test_commits_survive_a_power_cut(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.db"
    with Catalogue.open(f"sqlite:///{file}") as opened, opened.database.read() as conn:
        assert conn.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert conn.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        assert conn.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    assert sqlite3.connect(file).execute("PRAGMA quick_check").fetchone() == ("ok",)


def test_opening_does_not_wait_for_a_writer(url: str) -> None:
    with Catalogue.open(url) as writing, writing.database.change():  # noqa: SIM117
        with Catalogue.open(url) as reading:
            assert reading.changes.head() == 0
