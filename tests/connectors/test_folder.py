"""Files in a folder: the contract, and what is particular to files."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from catalogue.errors import NeedsPerson
from catalogue.model import Draft, Kind
from connectors.base import Checkpoint, Event, Failed, Found, Unchanged
from connectors.folder import Folder, Settings
from connectors.http import polite
from connectors.testing import Case, Conformance, FolderPlace, World
from tests.connectors import document_makers as make
from tests.connectors.sites import folder as site


def fill(root: Path) -> None:
    files = {
        "handbook/policy.pdf": make.pdf(["One", "Two"], title="Policy"),
        "handbook/häuser & more.md": b"# Houses\n\nText.",
        "talk.pptx": make.slides(("Welcome", "to all", "")),
        "notes.txt": b"Notes\n\nof a meeting",
    }
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)


class TestFolder(Conformance):
    @pytest.fixture
    def case(self, tmp_path: Path) -> Case:
        place = FolderPlace(tmp_path / "share", {"path": "."})

        def built(name: str) -> World:
            def build(root: Path) -> None:
                site.files(root, name)

            return place.world(build)

        return Case(Folder, {}, built("whole"), built("shrunk"), built("dented"), place.missing)


def folder(path: Path, **settings: Any) -> Folder:
    return Folder(Settings(path=path, **settings), polite())


def run(path: Path, cursor: dict[str, Any] | None = None, **settings: Any) -> list[Event]:
    return list(folder(path, **settings).pull(cursor or {}))


def final(events: list[Event]) -> Checkpoint:
    assert isinstance(events[-1], Checkpoint)
    return events[-1]


def keys(events: list[Event], kind: type[Found | Unchanged | Failed] = Found) -> list[str]:
    return [event.key for event in events if isinstance(event, kind)]


def drafts(path: Path, **settings: Any) -> dict[str, Draft]:
    connector = folder(path, **settings)
    return {
        e.key: connector.normalise(e.payload) for e in connector.pull({}) if isinstance(e, Found)
    }


def test_drafts_read_by_eye(tmp_path: Path) -> None:
    fill(tmp_path)
    found = drafts(tmp_path, base_url="https://share.example/docs/")
    assert list(found) == [
        "handbook/häuser & more.md",
        "handbook/policy.pdf",
        "notes.txt",
        "talk.pptx",
    ]
    policy, talk = found["handbook/policy.pdf"], found["talk.pptx"]
    assert (policy.title, policy.kind) == ("Policy", Kind.MANUAL)
    assert policy.url == "https://share.example/docs/handbook/policy.pdf"
    assert [str(part.locator) for part in policy.parts] == ["page 1", "page 2"]
    assert (talk.title, talk.kind) == ("talk", Kind.DOCUMENT)
    houses = found["handbook/häuser & more.md"]
    assert houses.url == "https://share.example/docs/handbook/h%C3%A4user%20%26%20more.md"
    assert houses.title == "Houses"


def test_without_a_base_url_links_lead_to_the_files(tmp_path: Path) -> None:
    fill(tmp_path)
    url = drafts(tmp_path)["notes.txt"].url
    assert url == (tmp_path / "notes.txt").as_uri()


def test_an_unchanged_file_is_not_read(tmp_path: Path) -> None:
    fill(tmp_path)
    cursor = dict(final(run(tmp_path)).cursor)
    times = (tmp_path / "notes.txt").stat()
    (tmp_path / "notes.txt").write_bytes(b"Xotes\n\nof a meeting")  # of the same size
    os.utime(tmp_path / "notes.txt", ns=(times.st_atime_ns, times.st_mtime_ns))
    again = run(tmp_path, cursor)
    assert keys(again) == []
    assert len(keys(again, Unchanged)) == 4
    assert final(again) == Checkpoint(cursor, complete=True)


def test_a_touched_but_equal_file_is_unchanged_and_an_edited_one_is_found(tmp_path: Path) -> None:
    fill(tmp_path)
    cursor = dict(final(run(tmp_path)).cursor)
    os.utime(tmp_path / "talk.pptx", ns=(1, 1))
    (tmp_path / "notes.txt").write_bytes(b"Notes\n\nof another meeting")
    again = run(tmp_path, cursor)
    assert keys(again) == ["notes.txt"]
    assert "talk.pptx" in keys(again, Unchanged)
    assert keys(run(tmp_path, dict(final(again).cursor))) == []


def test_another_base_url_shows_every_file_again(tmp_path: Path) -> None:
    fill(tmp_path)
    cursor = dict(final(run(tmp_path)).cursor)
    assert len(keys(run(tmp_path, cursor, base_url="https://share.example"))) == 4


def test_a_failed_file_is_tried_again_until_it_can_be_read(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "handbook/policy.pdf").write_bytes(b"%PDF-1.4 and then nothing")
    first = run(tmp_path)
    assert keys(first, Failed) == ["handbook/policy.pdf"]
    assert final(first).complete
    second = run(tmp_path, dict(final(first).cursor))
    assert (keys(second), keys(second, Failed)) == ([], ["handbook/policy.pdf"])
    (tmp_path / "handbook/policy.pdf").write_bytes(make.pdf(["One"]))
    assert keys(run(tmp_path, dict(final(second).cursor))) == ["handbook/policy.pdf"]


def test_what_is_no_content_is_passed_over(tmp_path: Path) -> None:
    fill(tmp_path)
    outside = tmp_path.parent / "outside.txt"
    outside.write_text("secret")
    for name in (".hidden.txt", "~$talk.pptx", "picture.png", "LICENSE"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/notes.txt").write_text("x")
    (tmp_path / "link.txt").symlink_to(outside)
    (tmp_path / "around").symlink_to(tmp_path.parent, target_is_directory=True)
    os.mkfifo(tmp_path / "pipe.txt")
    events = run(tmp_path)
    assert (len(keys(events)), keys(events, Failed)) == (4, [])


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"include": ["*.txt"]}, ["notes.txt"]),
        ({"include": ["**/*.pdf"]}, ["handbook/policy.pdf"]),
        ({"exclude": ["handbook/"]}, ["notes.txt", "talk.pptx"]),
        ({"exclude": ["**/*.md", "talk.*"]}, ["handbook/policy.pdf", "notes.txt"]),
    ],
)
def test_globs(tmp_path: Path, settings: dict[str, Any], expected: list[str]) -> None:
    fill(tmp_path)
    assert keys(run(tmp_path, **settings)) == expected


def test_too_large_a_file_is_reported(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "large.txt").write_bytes(b"x" * 200_000)
    failed = [e for e in run(tmp_path, max_bytes=150_000) if isinstance(e, Failed)]
    assert [str(e.error) for e in failed] == ["large.txt is 200,000 bytes; `max_bytes` is 150,000"]


def test_a_folder_that_is_not_there_needs_a_person(tmp_path: Path) -> None:
    with pytest.raises(NeedsPerson, match="mount it"):
        run(tmp_path / "nowhere")


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may list every folder; somebody else does not need this."""
    own = os.geteuid()
    if own == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(own)


def test_a_folder_that_may_not_be_listed_claims_nothing() -> None:
    with TemporaryDirectory() as name:
        root = Path(name)
        root.chmod(0o755)
        fill(root)
        cursor = dict(final(run(root)).cursor)
        (root / "handbook").chmod(0o700 if os.geteuid() == 0 else 0)
        events: list[Event] = []
        with as_nobody(), pytest.raises(NeedsPerson, match="may not list handbook/; grant it"):
            for event in folder(root).pull(cursor):
                events.append(event)
        (root / "handbook").chmod(0o755)
    assert keys(events, Unchanged) == ["notes.txt", "talk.pptx"]
    assert final(events) == Checkpoint(cursor, complete=False)


def test_checkpoints_come_often_but_not_for_each_file(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"{number:02}.txt").write_text(f"Note {number}")
    events = run(tmp_path)
    positions = [n for n, event in enumerate(events) if isinstance(event, Checkpoint)]
    assert positions == [25, 51, 62]
    halfway = events[25]
    assert isinstance(halfway, Checkpoint)
    assert not halfway.complete
    rest = run(tmp_path, json.loads(json.dumps(halfway.cursor)))
    assert (len(keys(rest)), len(keys(rest, Unchanged))) == (35, 25)


@pytest.mark.slow
@pytest.mark.shared_data
def test_the_debian_manuals(shared_data: Path) -> None:
    root = shared_data / "catalogues/debian-manuals"
    events = run(root, exclude=["**/_sources/", "**/search.html", "**/genindex.html"])
    assert (len(keys(events)), keys(events, Failed)) == (147, [])
    assert final(events).complete
    found = {e.key: e.payload["document"] for e in events if isinstance(e, Found)}
    manual = found["developers-reference/developers-reference.pdf"]
    assert manual["title"] == "Debian Developer's Reference"
    pages = {part["at"]: part["text"] for part in manual["parts"]}
    assert len(pages) == 113  # of 114, one of them blank
    assert "SCOPE OF THIS DOCUMENT" in pages["11"]
    policy = found["debian-policy/policy.html/ch-binary.html"]
    assert policy["language"] == "en"
    assert "maintainer" in next(p for p in policy["parts"] if "Maintainer" in p["heading"])["text"]
