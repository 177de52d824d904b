"""What a bad file gets: a reason, quickly, and nobody else suffers."""

import gzip
import os
import signal
import threading
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from catalogue.errors import BadItem
from connectors.extract import Reader
from connectors.extract.formats import read
from connectors.extract.process import end_idle
from connectors.formats.archives import gunzip, open_zip
from tests.connectors import document_makers as make

GOOD_PDF = make.pdf(["One", "Two"])
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
DOCTYPE = (
    f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{LAUGHS}<!ENTITY passwd SYSTEM "file:///etc/passwd">]>'
)
BOMB = make.archive({"word/document.xml": b" " * 8_000_000})
CLIMBER = make.archive({"../../etc/cron.d/x": "boo"})


@cache
def many() -> bytes:
    return make.archive({str(n): "" for n in range(10_001)})


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("locked.pdf", make.pdf(["One"], encrypted=True), "encrypted"),
        ("short.pdf", GOOD_PDF[: len(GOOD_PDF) // 2], "cut short"),
        ("scan.pdf", make.pdf(["", ""]), "no text: 2 scanned or empty pages; needs OCR"),
        ("numbered scan.pdf", make.pdf(["1", "2"]), "needs OCR"),
        ("page.pdf", b"<html>sign in</html>", "cut short or damaged"),
        ("page2.pdf", b"<html>%%EOF</html>", "no PDF"),
        ("letter.docx", b"Dear Sir", "no zip archive"),
        ("locked.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "encrypted or of an Office version"),
        ("other.docx", make.archive({"a.txt": "x"}), "damaged or no DOCX"),
        ("other.pptx", make.word(("", "x")), "damaged or no PPTX"),
        ("other.xlsx", make.archive({"a.txt": "x"}), "damaged or no XLSX"),
        ("cut.xlsx", make.workbook({"A": [["x"]]})[:-200], "no zip archive"),
        ("bomb.docx", BOMB, "zip bomb"),
        ("bomb.epub", BOMB, "zip bomb"),
        ("bomb.xlsx", BOMB, "zip bomb"),
        ("many.pptx", many, "zip bomb: 10,001 entries"),
        ("climber.epub", CLIMBER, "outside itself"),
        ("laughs.xlsx", make.workbook({"A": [["x"]]}, DOCTYPE), "entities in 'xl/workbook.xml'"),
        ("empty.epub", make.epub({}), "no text"),
        ("other.epub", make.archive({"mimetype": "application/epub+zip"}), "damaged EPUB"),
        ("empty.txt", b" \n", "no text"),
        ("binary.txt", b"MZ\x00\x01", "zero bytes"),
        ("empty.html", b"", "no HTML"),
        ("empty.html", b"<nav>Home</nav>", "no text"),
        ("notes.txt.gz", b"\x1f\x8bnonsense", "damaged gzip"),
        ("notes.txt.gz", gzip.compress(b"hello" * 99, mtime=0)[:-9], "damaged gzip"),
        ("long.txt", b"w" * 20_000_001, "more than 20,000,000 characters"),
        ("music.mp3", b"ID3", "of a type that cannot be read"),
    ],
)
def test_a_bad_file_gets_a_reason(
    name: str, data: bytes | Callable[[], bytes], reason: str
) -> None:
    """What takes long to make is made in the process that runs its test, not in all of them."""
    with pytest.raises(BadItem, match=reason):
        read(name, data if isinstance(data, bytes) else data())


def test_a_gzip_bomb_is_not_unpacked() -> None:
    with pytest.raises(BadItem, match="more than 1,000 bytes"):
        gunzip(gzip.compress(b"0" * 1_000_000), limit=1000)


def test_a_zip_that_lies_about_its_size_is_still_bounded() -> None:
    data = bytearray(make.archive({"a": b"0" * 3_000_000}))
    for place in (data.index(b"PK\x03\x04") + 22, data.index(b"PK\x01\x02") + 24):
        data[place : place + 4] = (10).to_bytes(4, "little")
    with open_zip(bytes(data)) as archive, pytest.raises(zipfile.BadZipFile):
        archive.read("a")


def test_entities_of_xml_are_never_expanded() -> None:
    page = f"{DOCTYPE}<html><body><h1 id='a'>&l11;</h1><p>&passwd;Words.</p></body></html>"
    said = repr(read("page.xhtml", page.encode()))
    assert "Words." in said
    assert "root:" not in said
    assert "lollol" not in said
    book = make.epub({"a.xhtml": "<p>Words.</p>"}, title="T&l11;&passwd;", doctype=DOCTYPE)
    try:
        said = repr(read("book.epub", book))
    except BadItem as refused:
        said = str(refused)
    assert "root:" not in said
    assert "lollol" not in said


def test_a_page_nested_without_end_is_read_or_refused() -> None:
    page = "<div>" * 200_000 + "deep"
    try:
        read("deep.html", page.encode())
    except BadItem as refused:
        assert str(refused)


def test_yaml_aliases_in_front_matter_stay_small() -> None:
    aliases = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    text = f"---\na0: &a0 lol\n{aliases}title: [*a11]\n---\nWords."
    assert read("x.md", text.encode()).title == ""


@pytest.fixture
def reader() -> Iterator[Reader]:
    with Reader(seconds=30) as open_reader:
        yield open_reader


def test_a_reader_names_the_file_and_goes_on(reader: Reader) -> None:
    with pytest.raises(BadItem, match=r"^a/scan\.pdf no text: 1 scanned"):
        reader.document("a/scan.pdf", make.pdf([""]))
    assert reader.document("a/good.pdf", GOOD_PDF)["parts"][1]["at"] == "2"


def test_a_file_that_takes_too_much_memory_costs_itself_alone() -> None:
    with Reader(memory=400 * 2**20) as small:
        with pytest.raises(BadItem, match=r"memory|crash"):
            small.document("big.txt", b"word\n" * 40_000_000)
        assert small.document("good.txt", b"hello")


def children() -> set[int]:
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and fields[0] != "Z":
            found.add(int(status.parent.name))
    return found


def test_a_file_that_takes_too_long_costs_itself_alone() -> None:
    end_idle()
    before = children()
    with Reader() as reader:
        reader.document("good.txt", b"hello")
    (process,) = children() - before
    os.kill(process, signal.SIGSTOP)  # the next reader takes it, and it answers nothing
    with Reader(seconds=0.1) as hasty, pytest.raises(BadItem, match="not read within"):
        hasty.document("slow.pdf", GOOD_PDF)
    assert children() <= before
    with Reader() as patient:
        assert patient.document("good.pdf", GOOD_PDF)


def test_a_reader_whose_process_dies_starts_another(reader: Reader) -> None:
    end_idle()
    before = children()
    reader.document("good.txt", b"hello")
    (process,) = children() - before
    os.kill(process, signal.SIGKILL)
    os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
    assert reader.document("good.txt", b"hello again")["parts"][0]["text"] == "hello again"


def test_a_file_that_crashes_its_reader_costs_itself_alone(reader: Reader) -> None:
    end_idle()
    before = children()
    reader.document("good.txt", b"hello")
    (process,) = children() - before
    os.kill(process, signal.SIGSTOP)  # so that it is sure to die in mid-file
    threading.Timer(0.5, os.kill, (process, signal.SIGKILL)).start()
    with pytest.raises(BadItem, match=r"bad\.txt makes its reader crash"):
        reader.document("bad.txt", b"hello")
    assert reader.document("good.txt", b"hello")


def test_the_next_reader_takes_the_process_that_the_last_one_left() -> None:
    end_idle()
    before = children()
    for _ in range(3):
        with Reader() as reader:
            reader.document("good.txt", b"hello")
            (process,) = children() - before
    with Reader() as first, Reader() as second:
        first.document("good.txt", b"hello")
        assert children() - before == {process}
        second.document("good.txt", b"hello")
        assert len(children() - before) == 2
    assert len(children() - before) == 1
    end_idle()
    assert children() <= before


def test_a_process_with_another_limit_is_not_taken() -> None:
    end_idle()
    before = children()
    with Reader(memory=2**30) as small:
        small.document("good.txt", b"hello")
        (process,) = children() - before
    with Reader() as large:
        large.document("good.txt", b"hello")
        assert len(children() - before) == 1
        assert process not in children()
