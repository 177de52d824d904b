"""Packages in a folder and at addresses: the contract, and what is particular to them."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from requests import PreparedRequest

from catalogue.errors import NeedsPerson
from catalogue.model import Draft
from connectors.base import Checkpoint, Event, Failed, Found, Gone, Unchanged
from connectors.http import Http, Limits, polite
from connectors.package import Package, Settings
from connectors.testing import Answer, Case, Conformance, FolderPlace, served
from connectors.testing.worlds import ManualClock, Wire
from tests.connectors.sites import package as site

KEYS = sorted([*site.PACKED, "garden/imsmanifest.xml"])


@pytest.mark.slow  # starts some fifty reading processes
class TestPackagesInAFolder(Conformance):
    @pytest.fixture
    def case(self, tmp_path: Path) -> Case:
        place = FolderPlace(tmp_path / "share", {"path": "."})

        def build(world: str) -> Callable[[Path], None]:
            def fill(folder: Path) -> None:
                site.files(folder, world)

            return fill

        whole, shrunk, dented = (place.world(build(w)) for w in ("whole", "shrunk", "dented"))
        return Case(Package, {}, whole, shrunk, dented, place.missing)


BASE = "https://packages.example/"
NAMES = ("email.zip", "git.zip", "hygiene.h5p", "ladders.zip")


class Shelf:
    """A web server of packages that answers conditional requests."""

    def __init__(self, folder: Path, world: str = "whole") -> None:
        site.files(folder, world)
        self.folder = folder

    def __call__(self, request: PreparedRequest) -> Answer:
        path = self.folder / str(request.path_url).partition("?")[0].lstrip("/")
        if not path.is_file():
            return Answer("no such package", 404)
        tag = f'"{path.stat().st_size}"'
        if request.headers.get("If-None-Match") == tag:
            return Answer(status=304)
        stamps = {"ETag": tag, "Last-Modified": "Mon, 05 Jan 2026 09:00:00 GMT"}
        return Answer(path.read_bytes(), headers=stamps)


@pytest.mark.slow  # starts some fifty reading processes
class TestPackagesAtAddresses(Conformance):
    @pytest.fixture
    def case(self, tmp_path: Path) -> Case:
        names = ("whole", "shrunk", "dented")
        whole, shrunk, dented = (served(Shelf(tmp_path / name, name)) for name in names)
        settings = {"urls": [BASE + name for name in NAMES]}
        return Case(Package, settings, whole, shrunk, dented)


def door(server: Callable[[PreparedRequest], Answer]) -> Http:
    return polite("test", Limits(spacing_s=0), adapter=Wire(server), clock=ManualClock())


def connector(**settings: Any) -> Package:
    return Package(Settings(**settings), door(lambda _: Answer(status=500)))


def run(cursor: dict[str, Any] | None = None, **settings: Any) -> list[Event]:
    return list(connector(**settings).pull(json.loads(json.dumps(cursor or {}))))


def keys(events: list[Event], kind: type[Any]) -> list[str]:
    return [event.key for event in events if isinstance(event, kind)]


def cursor_of(events: list[Event]) -> dict[str, Any]:
    assert isinstance(events[-1], Checkpoint)
    return dict(events[-1].cursor)


def drafts(folder: Path, **settings: Any) -> dict[str, Draft]:
    package = connector(path=folder, **settings)
    return {e.key: package.normalise(e.payload) for e in package.pull({}) if isinstance(e, Found)}


def test_everything_is_found_then_nothing_is_opened_again(tmp_path: Path) -> None:
    site.files(tmp_path)
    first = run(path=tmp_path)
    assert sorted(keys(first, Found)) == KEYS
    again = run(cursor_of(first), path=tmp_path)
    assert sorted(keys(again, Unchanged)) == KEYS
    assert cursor_of(again) == cursor_of(first)


def test_a_touched_package_is_read_and_found_unchanged(tmp_path: Path) -> None:
    site.files(tmp_path)
    cursor = cursor_of(run(path=tmp_path))
    os.utime(tmp_path / "email.zip", (1, 1))
    again = run(cursor, path=tmp_path)
    assert sorted(keys(again, Unchanged)) == KEYS
    assert cursor_of(again) != cursor


def test_a_page_within_an_unpacked_package_is_noticed(tmp_path: Path) -> None:
    site.files(tmp_path)
    cursor = cursor_of(run(path=tmp_path))
    soil = tmp_path / "garden/wiki_content/soil.html"
    soil.write_text(soil.read_text().replace("Clay holds water", "Clay is heavy"))
    again = run(cursor, path=tmp_path)
    assert keys(again, Found) == ["garden/imsmanifest.xml"]


def test_another_base_url_reads_all_again(tmp_path: Path) -> None:
    site.files(tmp_path)
    cursor = cursor_of(run(path=tmp_path))
    assert len(keys(run(cursor, path=tmp_path, base_url="https://x.example"), Found)) == len(KEYS)


def test_checkpoints_come_after_every_few_packages(tmp_path: Path) -> None:
    for number in range(12):
        site.pack(tmp_path / f"{number:02}.zip", site.TINCAN)
    events = run(path=tmp_path)
    positions = [n for n, event in enumerate(events) if isinstance(event, Checkpoint)]
    assert positions == [10, 13]
    halfway = events[10]
    assert isinstance(halfway, Checkpoint)
    assert not halfway.complete
    rest = run(dict(halfway.cursor), path=tmp_path)
    assert (len(keys(rest, Found)), len(keys(rest, Unchanged))) == (2, 10)


def test_what_lies_in_an_unpacked_package_is_no_package(tmp_path: Path) -> None:
    site.files(tmp_path)
    site.pack(tmp_path / "garden/attached.zip", site.SCORM12)
    (tmp_path / "garden/sub").mkdir()
    (tmp_path / "garden/sub/imsmanifest.xml").write_text("<manifest/>")
    (tmp_path / "garden/tincan.xml").write_text("<tincan/>")
    assert sorted(keys(run(path=tmp_path), Found)) == KEYS


def test_course_structures_alone_stand_beside_packages(tmp_path: Path) -> None:
    site.files(tmp_path)
    (tmp_path / "one.cmi5.xml").write_text(site.CMI5["cmi5.xml"])
    (tmp_path / "two.cmi5.xml").write_text(site.CMI5["cmi5.xml"].replace("Git", "Got"))
    found = drafts(tmp_path)
    assert found["one.cmi5.xml"].title == "Git for writers"
    assert found["two.cmi5.xml"].title == "Got for writers"
    assert len(found) == len(KEYS) + 2


@pytest.mark.parametrize(
    ("settings", "left"),
    [
        ({"include": ["*.h5p"]}, ["hygiene.h5p"]),
        ({"exclude": ["*.zip", "**/*.zip", "garden/"]}, ["hygiene.h5p"]),
        ({"include": ["garden/**"]}, ["garden/imsmanifest.xml"]),
    ],
)
def test_globs(tmp_path: Path, settings: dict[str, Any], left: list[str]) -> None:
    site.files(tmp_path)
    assert keys(run(path=tmp_path, **settings), Found) == left


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"readme.txt": "x"}, "is no learning package: it has no imsmanifest.xml, cmi5.xml"),
        ({"in/the/imsmanifest.xml": "<manifest/>"}, "imsmanifest.xml in the folder 'in/the'"),
        ({"imsmanifest.xml": "<manifest>\n<item>"}, "imsmanifest.xml that is no well-formed XML"),
        ({"imsmanifest.xml": "<html/>"}, "no manifest but 'html'"),
        ({"cmi5.xml": "<courseStructure/>"}, "no course structure"),
        ({"tincan.xml": "<tincan/>"}, "lists no activities"),
        ({"h5p.json": "{"}, "h5p.json that is no JSON"),
        ({"h5p.json": "{}"}, "has no 'content/content.json'"),
        ({"h5p.json": "[" * 90_000}, "h5p.json that is no JSON"),
        ({"h5p.json": "{}", "content/content.json": '{"a":' * 60 + "1" + "}" * 60}, "nests"),
        ({"a.cst": '"block","member"\n"root","A1"'}, "without its .crs, .au"),
    ],
)
def test_a_bad_package_says_why(tmp_path: Path, members: dict[str, str], reason: str) -> None:
    site.pack(tmp_path / "bad.zip", members)
    site.pack(tmp_path / "good.zip", site.TINCAN)
    events = run(path=tmp_path)
    (failed,) = [e for e in events if isinstance(e, Failed)]
    assert str(failed.error).startswith("bad.zip ")
    assert reason in str(failed.error)
    assert keys(events, Found) == ["good.zip"]
    assert keys(run(cursor_of(events), path=tmp_path), Failed) == ["bad.zip"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"<html>", "no zip or tar archive"), (b"PK\x03\x04" + b"x" * 90, "damaged archive")],
)
def test_what_is_no_archive_says_so(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "bad.zip").write_bytes(data)
    (failed,) = [e for e in run(path=tmp_path) if isinstance(e, Failed)]
    assert reason in str(failed.error)


def test_too_large_a_package_is_not_read(tmp_path: Path) -> None:
    site.files(tmp_path)
    (failed,) = [e for e in run(path=tmp_path, max_bytes=3_000) if isinstance(e, Failed)]
    assert str(failed.error).endswith("bytes; `max_bytes` is 3,000")


def test_pages_that_lead_outside_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text(site.page("Secret", "<p>Not yours.</p>"))
    places = ("../secret.html", "/etc/passwd", "file:///etc/passwd", "javascript:alert(1)")
    for number, place in enumerate(places):
        folder = tmp_path / "packages" / str(number)
        folder.mkdir(parents=True)
        manifest = site.CONTENT_PACKAGE[site.MANIFEST].replace('"mean.html"', f'"{place}"')
        (folder / site.MANIFEST).write_text(manifest)
    (tmp_path / "packages/4").mkdir()
    (tmp_path / "packages/4" / site.MANIFEST).write_text(site.CONTENT_PACKAGE[site.MANIFEST])
    (tmp_path / "packages/4/mean.html").symlink_to(tmp_path / "secret.html")
    found = drafts(tmp_path / "packages", base_url="https://x.example")
    assert len(found) == 5
    for draft in found.values():
        assert [part.text for part in draft.parts] == ["Mean and median"]
        assert all(p.locator and "secret" not in str(p.locator.url) for p in draft.parts)


def test_a_server_that_lost_a_package_says_that_it_is_gone(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    urls = [BASE + name for name in NAMES]
    package = Package(Settings(urls=tuple(urls)), door(shelf))
    cursor = cursor_of(list(package.pull({})))
    (tmp_path / "git.zip").unlink()
    (tmp_path / "email.zip").write_bytes(b"sorry")
    events = list(package.pull(cursor))
    assert keys(events, Gone) == ["packages.example/git.zip"]
    assert keys(events, Failed) == ["packages.example/email.zip"]
    assert len(keys(events, Unchanged)) == 2
    assert keys(list(package.pull(cursor_of(events))), Failed) == [
        "packages.example/email.zip",
        "packages.example/git.zip",
    ]


def test_an_address_that_is_signed_stays_out_of_sight(tmp_path: Path) -> None:
    package = Package(Settings(urls=(f"{BASE}git.zip?sig=hush",)), door(Shelf(tmp_path)))
    events = list(package.pull({}))
    (found,) = [e for e in events if isinstance(e, Found)]
    draft = package.normalise(found.payload)
    assert draft.url == f"{BASE}git.zip"
    assert draft.updated
    assert draft.updated.isoformat() == "2026-01-05T09:00:00+00:00"
    assert "hush" not in repr(events) + repr(draft)


def test_one_server_that_is_down_costs_its_packages_alone(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)

    def servers(request: PreparedRequest) -> Answer:
        up = str(request.url).startswith(BASE)
        return shelf(request) if up else Answer("out of order", 503)

    urls = (f"{BASE}git.zip", "https://other.example/a.zip")
    events = list(Package(Settings(urls=urls), door(servers)).pull({}))
    assert keys(events, Found) == ["packages.example/git.zip"]
    assert keys(events, Failed) == ["other.example/a.zip"]


def test_one_place_must_be_named(tmp_path: Path) -> None:
    for settings in ({}, {"path": tmp_path, "urls": (f"{BASE}a.zip",)}):
        with pytest.raises(ValidationError, match="either `path` or `urls`"):
            Settings(**settings)  # type: ignore[arg-type]


def test_a_folder_that_is_not_there_needs_a_person(tmp_path: Path) -> None:
    with pytest.raises(NeedsPerson, match="mount it"):
        run(path=tmp_path / "nowhere")
