import threading
from pathlib import Path

import numpy as np
import pytest

from catalogue.errors import BadConfig, NeedsPerson
from catalogue.model import Outcome, Verdict
from catalogue.store import Catalogue
from catalogue.store.backup import backup, restore
from tests.catalogue.making import SOURCE, batch, draft, enrich_all, registered, review


@pytest.fixture
def filled(url: str) -> str:
    """A catalogue with something in every table that matters to a person."""
    with Catalogue.open(url) as catalogue:
        run = registered(catalogue)
        catalogue.intake.commit("wiki", run, batch(*"abc"), {"at": 1})
        enrich_all(catalogue, ("one", 0.9))
        catalogue.reviews.add(review("a", "one", Verdict.REJECT))
        catalogue.embeddings.put("m", {"h": np.ones(4, np.float32)})
    return url


def test_a_restored_catalogue_is_the_same_under_a_new_epoch(filled: str, tmp_path: Path) -> None:
    backup(filled, tmp_path / "backup.db")
    home = f"sqlite:///{tmp_path}/other/catalogue.db"
    restore(tmp_path / "backup.db", home)
    with Catalogue.open(filled) as before, Catalogue.open(home) as after:
        assert after.items.page() == before.items.page()
        assert after.changes.after(0, 10) == before.changes.after(0, 10)
        assert after.changes.head() == before.changes.head()
        assert after.changes.epoch() != before.changes.epoch()
        assert after.sources.cursor("wiki") == {"at": 1}
        assert after.embeddings.get("m", ["h"])["h"].tolist() == [1, 1, 1, 1]
        assert after.runs.list()[0].outcome is Outcome.CRASHED


def test_a_backup_can_be_opened_as_it_is(filled: str, tmp_path: Path) -> None:
    backup(filled, tmp_path / "backup.db")
    assert [file.name for file in tmp_path.glob("backup*")] == ["backup.db"]
    with Catalogue.open(f"sqlite:///{tmp_path}/backup.db") as opened:
        assert len(opened.items.page()) == 3


def test_a_restored_catalogue_can_be_written_on(filled: str, tmp_path: Path) -> None:
    backup(filled, tmp_path / "backup.db")
    restore(tmp_path / "backup.db", filled, replace=True)
    with Catalogue.open(filled) as catalogue:
        head = catalogue.changes.head()
        catalogue.intake.commit("wiki", registered(catalogue), batch("d"), {})
        item = catalogue.reviews.add(review("d", "two", Verdict.ADD))
        assert (item.draft.title, item.sequence) == (draft("d").title, head + 2)
        assert len({item.id for item in catalogue.items.page()}) == 4


def test_what_is_there_is_not_overwritten_unasked(filled: str, tmp_path: Path) -> None:
    backup(filled, tmp_path / "backup.db")
    with pytest.raises(NeedsPerson, match=r"backup\.db exists"):
        backup(filled, tmp_path / "backup.db")
    with pytest.raises(NeedsPerson, match="not empty"):
        restore(tmp_path / "backup.db", filled)


def test_replacing_goes_back_but_never_reuses_numbers(filled: str, tmp_path: Path) -> None:
    backup(filled, tmp_path / "backup.db")
    with Catalogue.open(filled) as catalogue:
        epoch = catalogue.changes.epoch()
        catalogue.intake.commit("wiki", registered(catalogue), batch("d", "e"), {"at": 2})
        head = catalogue.changes.head()
        restore(tmp_path / "backup.db", filled, replace=True)
        assert [item.key.key for item in catalogue.items.page()] == ["a", "b", "c"]
        assert catalogue.sources.cursor("wiki") == {"at": 1}
        assert catalogue.changes.head() == head
        assert catalogue.changes.epoch() != epoch


def test_what_is_no_backup_is_refused(filled: str, tmp_path: Path) -> None:
    backup(filled, tmp_path / "backup.db")
    torn = tmp_path / "torn.db"
    torn.write_bytes((tmp_path / "backup.db").read_bytes()[:20_000])
    (tmp_path / "text.db").write_text("no")
    for name in ("torn.db", "text.db", "missing.db"):
        with pytest.raises(BadConfig, match=name):
            restore(tmp_path / name, filled, replace=True)
    with Catalogue.open(filled) as catalogue:
        assert catalogue.sources.get("wiki") == SOURCE
        assert len(catalogue.items.page()) == 3


def test_a_backup_shows_one_moment_while_others_write(filled: str, tmp_path: Path) -> None:
    started, stop = threading.Event(), threading.Event()

    def writing() -> None:
        with Catalogue.open(filled) as catalogue:
            run = registered(catalogue)
            number = 0
            while not stop.is_set():
                number += 1
                catalogue.intake.commit("wiki", run, batch(f"n{number}"), {"at": number})
                started.set()

    writer = threading.Thread(target=writing)
    writer.start()
    started.wait()
    for number in range(3):
        backup(filled, tmp_path / f"backup{number}.db")
    stop.set()
    writer.join()
    for number in range(3):
        with Catalogue.open(f"sqlite:///{tmp_path}/backup{number}.db") as copy:
            assert (
                len(copy.items.page("wiki", limit=10_000)) == 3 + copy.sources.cursor("wiki")["at"]
            )
