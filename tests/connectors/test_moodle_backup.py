"""Moodle backups: the contract, which backup counts, what is shown, and hostile archives."""

import io
import json
import os
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from catalogue.model import Draft, Kind
from connectors.base import Checkpoint, Event, Failed, Found, Gone, Unchanged
from connectors.http import polite
from connectors.moodle_backup import MoodleBackup, Settings
from connectors.testing import Case, Conformance, FolderPlace
from tests.connectors.sites import moodle_backup as shelf

KEY = "campus.example/moodle#"


def build(world: str) -> Callable[[Path], None]:
    def built(folder: Path) -> None:
        shelf.files(folder, world)

    return built


@pytest.mark.slow  # starts some fifty reading processes
class TestMoodleBackup(Conformance):
    @pytest.fixture
    def case(self, tmp_path: Path) -> Case:
        place = FolderPlace(tmp_path / "backups", {"path": "."})
        whole, shrunk, dented = (place.world(build(w)) for w in ("whole", "shrunk", "dented"))
        return Case(MoodleBackup, {}, whole, shrunk, dented, outage=place.missing)


def run(folder: Path, cursor: Any = None, **more: Any) -> list[Event]:
    config = Settings.model_validate({"path": folder, **more})
    return list(MoodleBackup(config, polite()).pull(json.loads(json.dumps(cursor or {}))))


def last(events: list[Event]) -> Checkpoint:
    assert isinstance(events[-1], Checkpoint)
    return events[-1]


def drafts(events: list[Event]) -> dict[str, Draft]:
    connector = MoodleBackup(Settings.model_validate({"path": "/"}), polite())
    return {e.key: connector.normalise(e.payload) for e in events if isinstance(e, Found)}


def put(folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)


def test_a_course_read_by_eye(tmp_path: Path) -> None:
    shelf.files(tmp_path)
    found = drafts(run(tmp_path))
    assert sorted(found) == [f"{KEY}{n}" for n in (21, 22, 23, 24, 25)]
    read = found[f"{KEY}22"]
    assert (read.title, read.kind, read.language) == ("Chairing a meeting", Kind.COURSE, None)
    assert found[f"{KEY}24"].language == "de"
    assert read.url == "https://campus.example/moodle/course/view.php?id=22"
    assert (read.summary, read.subjects) == ("About chairing a meeting.", ("Workplace", "Everyday"))
    assert read.skills == ("S1.8.1",)
    assert read.published == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert [(p.locator and p.locator.value, p.heading, p.text) for p in read.parts] == [
        ("1", "", "Welcome to the course."),
        ("section-1", "Basics", "Goals"),
        ("2", "Read this: Agenda", "Each item has a question, a person and a time."),
        ("2", "Read this: Decisions", "Say them aloud, write down who does what by when."),
        ("3", "To print: page 1", "Checklist: Chairing a meeting"),
        ("7", "In depth: Why & when", "Because."),
    ]
    urls = [p.locator.url for p in read.parts if p.locator]
    assert urls[0] == "https://campus.example/moodle/course/view.php?id=22#module-1"
    assert urls[2] == "https://campus.example/moodle/mod/page/view.php?id=2"


def test_the_newest_backup_of_a_course_counts(tmp_path: Path) -> None:
    shelf.files(tmp_path)
    events = run(tmp_path)
    assert drafts(events)[f"{KEY}21"].title == "Lifting and carrying"
    newer = shelf.course(21, made=shelf.MADE + 1, title="Lifting, revised")
    put(tmp_path, "again.mbz", shelf.archive(newer))
    later = run(tmp_path, last(events).cursor)
    assert {key: d.title for key, d in drafts(later).items()} == {f"{KEY}21": "Lifting, revised"}
    (tmp_path / "again.mbz").unlink()
    back = run(tmp_path, last(later).cursor)
    assert f"{KEY}21" in {e.key for e in back if isinstance(e, Found | Unchanged)}


def test_backups_that_did_not_change_stay_shut(tmp_path: Path) -> None:
    shelf.files(tmp_path)
    events = run(tmp_path)
    for path in tmp_path.iterdir():  # what is opened now fails
        size, times = path.stat().st_size, path.stat()
        path.write_bytes(b"\x00" * size)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    again = run(tmp_path, last(events).cursor)
    assert sum(isinstance(e, Unchanged) for e in again) == 5
    assert not [e for e in again if isinstance(e, Failed)]
    assert last(again).complete


def test_a_damaged_backup_does_not_retire_its_course(tmp_path: Path) -> None:
    shelf.files(tmp_path)
    cursor = last(run(tmp_path)).cursor
    path = tmp_path / "backup-moodle2-course-23-2025.mbz"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    events = run(tmp_path, cursor)
    (failed,) = [e for e in events if isinstance(e, Failed)]
    assert failed.key == f"{KEY}23"
    assert "backup-moodle2-course-23-2025.mbz is a damaged archive" in str(failed.error)
    path.write_bytes(whole)
    mended = run(tmp_path, last(events).cursor)
    assert [e.key for e in mended if isinstance(e, Found)] == [f"{KEY}23"]


def test_a_stranger_that_cannot_be_read_leaves_absence_unclear_until_it_is_gone(
    tmp_path: Path,
) -> None:
    shelf.files(tmp_path)
    put(tmp_path, "broken.mbz", b"no archive")
    events = run(tmp_path)
    assert [e.key for e in events if isinstance(e, Failed)] == ["broken.mbz"]
    assert not last(events).complete
    (tmp_path / "broken.mbz").unlink()
    later = run(tmp_path, last(events).cursor)
    assert [e for e in later if isinstance(e, Gone)] == [Gone("broken.mbz")]
    assert last(later).complete


def test_a_course_that_was_hidden_since_is_no_more_listed(tmp_path: Path) -> None:
    put(tmp_path, "a.mbz", shelf.archive(shelf.course(21)))
    put(tmp_path, "b.mbz", shelf.archive(shelf.course(22)))
    cursor = last(run(tmp_path)).cursor
    hidden = shelf.course(21, visible=0, made=shelf.MADE + 1)
    put(tmp_path, "c.mbz", shelf.archive(hidden))
    for _ in range(2):
        events = run(tmp_path, cursor)
        assert [e.key for e in events if isinstance(e, Unchanged | Found)] == [f"{KEY}22"]
        assert last(events).complete
        cursor = last(events).cursor


def test_another_address_for_the_site(tmp_path: Path) -> None:
    shelf.files(tmp_path)
    found = drafts(run(tmp_path, url="https://new.example/"))
    assert found[f"{KEY}22"].url == "https://new.example/course/view.php?id=22"
    urls = [p.locator.url for p in found[f"{KEY}22"].parts if p.locator]
    assert all(url and url.startswith("https://new.example/") for url in urls)


def test_files_are_left_alone_when_so_set(tmp_path: Path) -> None:
    shelf.files(tmp_path)
    parts = drafts(run(tmp_path, files=False))[f"{KEY}22"].parts
    assert [p.text for p in parts if p.locator and p.locator.value == "3"] == ["To print"]


def test_nothing_hidden_and_nothing_of_people_is_kept(tmp_path: Path) -> None:
    shelf.files(tmp_path)
    said = json.dumps([e.payload for e in run(tmp_path) if isinstance(e, Found)])
    assert not [word for word in ("Secret", "chatter", "me.pdf", "Not open") if word in said]


def changed(**members: bytes) -> Mapping[str, bytes]:
    names = {name.replace("__", "/").replace("_xml", ".xml"): d for name, d in members.items()}
    return {**shelf.course(22), **names}


def about(old: bytes, new: bytes) -> bytes:
    return shelf.course(22)["moodle_backup.xml"].replace(old, new)


ENTITIES = (
    b'<!DOCTYPE c [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><course><fullname>&b;</fullname></course>'
)


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({}, "has no 'moodle_backup.xml'"),
        (changed(course__course_xml=ENTITIES), "declares XML entities"),
        (changed(course__course_xml=b"<a>" * 9000), "no well-formed XML"),
        (changed(moodle_backup_xml=b"<moodle_backup/>"), "says nothing of itself"),
        (changed(moodle_backup_xml=about(b">course<", b">activity<")), "backup of one activity"),
        (changed(moodle_backup_xml=about(b"https://", b"file://")), "names no course of a site"),
        (changed(moodle_backup_xml=about(b">22<", b">two<")), "names no course of a site"),
        (changed(moodle_backup_xml=about(b"page_2<", b"../../etc<")), "has no"),
    ],
)
def test_a_bad_backup_says_why(tmp_path: Path, members: Mapping[str, bytes], reason: str) -> None:
    put(tmp_path, "bad.mbz", shelf.archive(members))
    put(tmp_path, "good.mbz", shelf.archive(shelf.course(21)))
    events = run(tmp_path)
    (failed,) = [e for e in events if isinstance(e, Failed)]
    assert reason in str(failed.error)
    assert "bad.mbz" in str(failed.error)
    assert list(drafts(events)) == [f"{KEY}21"]


def test_activities_with_impossible_names_are_passed_over(tmp_path: Path) -> None:
    hostile = about(b"<modulename>page<", b"<modulename>//*[<")
    put(tmp_path, "a.mbz", shelf.archive(changed(moodle_backup_xml=hostile)))
    read = drafts(run(tmp_path))[f"{KEY}22"]
    assert "2" not in {p.locator.value for p in read.parts if p.locator}


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("moodle_backup.xml", b"\x00" * 40_000_000)
    return made.getvalue()


def links() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as packed:
        entry = tarfile.TarInfo("moodle_backup.xml")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        packed.addfile(entry)
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (bomb(), "looks like a zip bomb"),
        (links(), "is no plain file but a link"),
        (shelf.archive({"../../moodle_backup.xml": b"<a/>"}), "has no 'moodle_backup.xml'"),
        (shelf.tar_gz({"/moodle_backup.xml": b"<a/>"}), "has no 'moodle_backup.xml'"),
        (b"\x1f\x8b\x08" + b"\x00" * 50, "damaged archive"),
        (b"", "is no zip or tar archive"),
    ],
)
def test_hostile_archives_are_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    put(tmp_path, "bad.mbz", data)
    (failed,) = [e for e in run(tmp_path) if isinstance(e, Failed)]
    assert reason in str(failed.error)


@pytest.mark.shared_data
def test_moodle_s_own_backups(shared_data: Path) -> None:
    events = run(shared_data / "wire/moodle/moodle-backup-mbz")
    found = drafts(events)
    failed = [e for e in events if isinstance(e, Failed)]
    assert (len(found), len(failed)) == (9, 5)
    assert all("is a backup of one activity" in str(e.error) for e in failed)
    deadlock = found["john.per.in.moodle.com/stable_32#3"]
    assert (deadlock.title, deadlock.subjects) == ("Deadlock Backup", ("Miscellaneous",))
    texts = [(str(p.locator), p.heading, p.text.split("\n")[0]) for p in deadlock.parts]
    assert texts[:2] == [("unit 4", "Folder", "test"), ("unit 5", "IMS CC", "Eight")]
    assert texts[-1] == ("unit 6", "SCORM", "SCORM")
    shown = {p.heading for p in found["sm449.vledev2.open.ac.uk/coremoodle#3"].parts}
    assert "Quiz grade >= 75%" in shown
    assert not shown & {"Email contains frog", "Grouping", "Page with FROM date (2030)"}
