"""Hostile archives: refused whole, or without the members that nobody should read."""

import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import BadItem
from connectors.formats.archives import Bounds, open_archive

Adding = Callable[[zipfile.ZipFile], None]


def zipped(*adding: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in adding:
            out.writestr(name, data)
    return stream.getvalue()


def tarred(members: Iterable[tuple[tarfile.TarInfo, bytes]], mode: str = "w:gz") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as out:  # type: ignore[call-overload]
        for entry, data in members:
            entry.size = len(data)
            out.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


def mode(name: str, bits: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, bits << 16
    return entry


@pytest.mark.parametrize("how", ["w:gz", "w"])
def test_a_tar_is_read_in_any_order(how: str) -> None:
    data = tarred([(member(f"./in/{n}.txt"), b"%d" % n) for n in range(5)], how)
    with open_archive(data) as archive:
        assert list(archive.sizes) == [f"in/{n}.txt" for n in range(5)]
        assert b"".join(archive.read(name) for name in reversed(archive.sizes)) == b"43210"


def test_a_zip_a_path_and_a_folder_read_alike(tmp_path: Path) -> None:
    data = zipped(("a/b.txt", b"one"), ("c.txt", b"two"))
    (tmp_path / "x.zip").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "x.zip") as source:
        source.extractall(tmp_path / "x")
    for where in (data, tmp_path / "x.zip", tmp_path / "x"):
        with open_archive(where) as archive:
            assert sorted(archive.sizes.items()) == [("a/b.txt", 3), ("c.txt", 3)]
            assert archive.read("a/b.txt") == b"one"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../../etc/passwd", "outside"),
        ("a/../../b", "outside"),
        ("..\\windows", "outside"),
        ("/etc/passwd", "outside"),
        ("C:\\boot.ini", "outside"),
        ("\\\\host\\share\\x", "outside"),
        ("a\x01b", "impossible name"),
        ("n" * 1001, "impossible name"),
        ("__MACOSX/._a", "macOS"),
    ],
)
def test_members_with_bad_names_are_skipped(name: str, reason: str) -> None:
    for data in (
        zipped((name, b"bad"), ("good", b"good")),
        tarred([(member(name), b"bad"), (member("good"), b"good")]),
    ):
        with open_archive(data) as archive:
            assert list(archive.sizes) == ["good"]
            assert reason in "".join(archive.skipped.values())
            assert archive.read("good") == b"good"


def test_links_and_devices_in_tars_are_skipped() -> None:
    kinds = [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
    bad = [(member(f"bad{n}", kind, "/etc/passwd"), b"") for n, kind in enumerate(kinds)]
    with open_archive(tarred([*bad, (member("good"), b"good")])) as archive:
        assert list(archive.sizes) == ["good"]
        assert set(archive.skipped.values()) == {"is no plain file but a link or a device"}
        with pytest.raises(BadItem, match="has no 'bad0' that can be read: it is no plain file"):
            archive.read("bad0")


def test_links_in_zips_and_folders_are_skipped(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"good")
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "around").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(tmp_path / "pipe")
    data = zipped((mode("link", stat.S_IFLNK | 0o777), b"/etc/passwd"), ("plain", b"good"))
    for where in (data, tmp_path):
        with open_archive(where) as archive:
            assert list(archive.sizes) == ["plain"]
            assert "link" in archive.skipped


def test_encrypted_members_are_skipped() -> None:
    data = bytearray(zipped(("locked", b"x" * 50), ("plain", b"good")))
    data[6] |= 1  # the flags of the first local header and of its entry in the directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with open_archive(bytes(data)) as archive:
        assert archive.read("plain") == b"good"
        with pytest.raises(BadItem, match="it is encrypted; save it without a password"):
            archive.read("locked")


@pytest.mark.parametrize(
    ("how", "skipped"), [(zipfile.ZIP_LZMA, True), (zipfile.ZIP_STORED, False)]
)
def test_only_what_every_zip_program_writes_is_unpacked(how: int, skipped: bool) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as out:
        out.writestr("a", b"x" * 100)
    with open_archive(stream.getvalue()) as archive:
        assert bool(archive.skipped) is skipped


def test_the_last_of_two_members_of_one_name_counts() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped(("a", b"old"), ("a", b"new"))
    for where in (data, tarred([(member("a"), b"old"), (member("./a"), b"new")])):
        with open_archive(where) as archive:
            assert archive.read("a") == b"new"
            assert "more than once" in archive.skipped["a"]


def test_names_in_other_encodings() -> None:
    raw = zipfile.ZipInfo("UTF-8 ohne Kennzeichen: Ubung".replace("U", "Ü"))
    data = bytearray(zipped((raw, b"x")))
    for place in (6, data.index(b"PK\x01\x02") + 8):
        data[place + 1] &= 0xF7  # takes away bit 11: "this name is UTF-8"
    with open_archive(bytes(data)) as archive:
        assert list(archive.sizes) == ["ÜTF-8 ohne Kennzeichen: Übung"]
    latin = tarfile.TarInfo("\udcdcbung")  # the byte DC, as tarfile hands it over
    with open_archive(tarred([(latin, b"x")])) as archive:
        assert list(archive.sizes) == ["Übung"]
    decomposed = zipped(("U\u0308bung", b"x"))  # as macOS writes names
    with open_archive(decomposed) as archive:
        assert list(archive.sizes) == ["Übung"]


def test_a_name_in_broken_utf8_refuses_the_archive() -> None:
    data = zipped(("Übung", b"x")).replace("Übung".encode(), b"\xff\xfeung1")
    with pytest.raises(BadItem, match="damaged archive"):
        open_archive(data)


BOMB = b"\0" * 8_000_000


@pytest.mark.parametrize("data", [zipped(("a", BOMB)), tarred([(member("a"), BOMB)])])
def test_bombs_are_refused_by_their_ratio(data: bytes) -> None:
    with pytest.raises(BadItem, match=r"looks like a zip bomb: [\d,]+ bytes that unpack to"):
        open_archive(data)


@pytest.mark.parametrize("pack", [zipped, None])
def test_bombs_are_refused_by_their_size(pack: Any) -> None:
    names = [f"{n}" for n in range(3)]
    body = os.urandom(10_000)
    data = (
        zipped(*((name, body) for name in names))
        if pack
        else tarred((member(name), body) for name in names)
    )
    open_archive(data, Bounds(unpacked=50_000)).close()
    with pytest.raises(BadItem, match="looks like a zip bomb"):
        open_archive(data, Bounds(unpacked=29_000))


@pytest.mark.slow
def test_a_hundred_thousand_entries_are_refused() -> None:
    data = zipped(*((str(n), b"") for n in range(100_000)))
    with pytest.raises(BadItem, match="looks like a zip bomb: 50,001 entries"):
        open_archive(data)
    few = tarred((member(str(n)), b"") for n in range(101))
    with pytest.raises(BadItem, match="101 entries"):
        open_archive(few, Bounds(entries=100))


def test_a_huge_directory_is_not_even_read() -> None:
    data = zipped(*(("n" * 60_000 + str(n), b"") for n in range(20)))
    with pytest.raises(BadItem, match=r"its directory has 1,[\d,]+ bytes"):
        open_archive(data, Bounds(entries=1000))
    long = tarred([(member("n" * 1_000_000), b"")], "w")
    with pytest.raises(BadItem, match="its directory has"):
        open_archive(long, Bounds(entries=1000))


def test_a_member_too_large_for_memory_is_not_read() -> None:
    data = zipped(("large", os.urandom(2_000)), ("small", b"good"))
    with open_archive(data, Bounds(member=1_000)) as archive:
        with pytest.raises(BadItem, match="'large' of more than 1,000 bytes"):
            archive.read("large")
        assert archive.read("small") == b"good"


def test_a_damaged_member_costs_itself_alone() -> None:
    data = bytearray(zipped(("a", os.urandom(500)), ("b", b"good")))
    data[100] ^= 0xFF
    with open_archive(bytes(data)) as archive:
        with pytest.raises(BadItem, match="has a damaged member 'a'"):
            archive.read("a")
        assert archive.read("b") == b"good"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no zip or tar archive"),
        (b"<html>sign in</html>", "no zip or tar archive"),
        (b"\x1f\x8b nonsense", "damaged archive"),
        (tarred([(member("a"), os.urandom(9_000))])[:4_000], "damaged archive"),
        (zipped(("a", b"x"))[:-10], "damaged archive"),
        (tarred([(member("a"), os.urandom(90_000))], "w")[:700], "unexpected end"),
    ],
)
def test_what_is_no_archive_says_so(data: bytes, reason: str) -> None:
    with pytest.raises(BadItem, match=reason), open_archive(data) as archive:
        archive.read("a")


def test_a_missing_file_is_a_bad_item(tmp_path: Path) -> None:
    with pytest.raises(BadItem, match="cannot be opened: No such file"):
        open_archive(tmp_path / "nothing.zip")
