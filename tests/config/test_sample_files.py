"""The sample's files are what they say they are, read by something else than what wrote them."""

import csv
import json
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import feedparser
import pypdfium2
import pytest

from config.sample.texts import written
from config.sources import SourceSpec, load_sources

SAMPLE = Path(__file__).resolve().parents[2] / "config" / "sample"
FEEDS = {"deck-log.rss": 12, "hafenblog.atom": 8, "below-deck.rss": 8}
OFFICE = sorted([*SAMPLE.glob("handbook/*.???x"), *SAMPLE.glob("tables/*.xlsx")])


def parsed(name: str) -> Any:
    return feedparser.parse((SAMPLE / "site/feeds" / name).read_bytes())


def answer(name: str) -> Any:
    return json.loads((SAMPLE / f"site/moodle/answers/{name}.json").read_bytes())


def courses() -> list[dict[str, Any]]:
    return [course for course in answer("core_course_get_courses") if course["format"] != "site"]


def catalogue() -> list[dict[str, str]]:
    with (SAMPLE / "tables/harbourlight.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def films() -> Any:
    return json.loads((SAMPLE / "site/feeds/crew-clips.json").read_bytes())


def course_text(course: Mapping[str, Any]) -> str:
    """The summary and the pages, as one text."""
    pages = [course["summary"]]
    for section in answer(f"core_course_get_contents/{course['id']}"):
        for module in filter(None, section["modules"]):
            pages += [page(content) for content in module.get("contents", ())]
    return words_of(" ".join(pages))


def page(content: Mapping[str, Any]) -> str:
    match = re.search(r"pluginfile\.php/(.*\.html)", content["fileurl"] or "")
    return (SAMPLE / "site/moodle/files" / match[1]).read_text() if match else ""


def words_of(markup: str) -> str:
    inner = re.sub(r"(?s)<head>.*?</head>", " ", markup)
    return " ".join(re.sub(r"<[^>]+>", " ", inner).split())


@pytest.mark.parametrize(("name", "count"), FEEDS.items())
def test_feeds_are_well_formed_and_every_entry_is_whole(name: str, count: int) -> None:
    feed = parsed(name)
    assert not feed.bozo, feed.get("bozo_exception")
    assert len(feed.entries) == count
    assert len({entry.id for entry in feed.entries}) == count
    for entry in feed.entries:
        assert entry.title
        assert entry.link.startswith("http://127.0.0.1:8790/")
        assert entry.published_parsed
        body = entry.content[0].value if "content" in entry else entry.description
        assert 80 <= len(words_of(body).split()) <= 600, entry.title


def test_the_atom_feed_is_german() -> None:
    assert parsed("hafenblog.atom").feed.language == "de"


def test_episodes_have_a_length_and_a_sound_file() -> None:
    for entry in parsed("below-deck.rss").entries:
        assert re.fullmatch(r"\d\d:\d\d", entry.itunes_duration)
        assert entry.enclosures[0].type == "audio/mpeg"


def test_the_json_feed_keeps_to_version_1_1() -> None:
    feed = films()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"]) == 7
    for item in feed["items"]:
        assert datetime.fromisoformat(item["date_published"]).tzinfo
        assert item["attachments"][0]["duration_in_seconds"] > 0
        assert 80 <= len(words_of(item["content_html"]).split()) <= 600


@pytest.mark.parametrize("path", OFFICE, ids=lambda path: path.name)
def test_office_documents_are_whole_archives(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert "[Content_Types].xml" in archive.namelist()


def test_there_are_office_documents_of_each_kind() -> None:
    assert {path.suffix for path in OFFICE} == {".docx", ".pptx", ".xlsx"}


@pytest.mark.parametrize(
    ("name", "pages", "number", "phrase"),
    [("safety-handbook", 6, 4, "Enclosed spaces"), ("brandschutz", 3, 2, "Ruhe bewahren")],
)
def test_pdf_pages_have_a_text_layer(name: str, pages: int, number: int, phrase: str) -> None:
    with pypdfium2.PdfDocument(SAMPLE / f"handbook/{name}.pdf") as document:
        assert len(document) == pages
        assert phrase in document[number - 1].get_textpage().get_text_range()


def test_one_pdf_broke_off() -> None:
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(SAMPLE / "handbook/emergency-towing.pdf")


def test_every_course_has_contents_whose_files_exist() -> None:
    assert len(courses()) == 10
    for course in courses():
        assert 80 <= len(course_text(course).split()) <= 600, course["fullname"]
        for section in answer(f"core_course_get_contents/{course['id']}"):
            for module in filter(None, section["modules"]):
                for content in module.get("contents", ()):
                    check_content(content)


def check_content(content: Mapping[str, Any]) -> None:
    if content["type"] == "content":
        chapters = json.loads(content["content"])
        assert [chapter["title"] for chapter in chapters]
    elif content["type"] == "file":
        path = content["fileurl"].partition("pluginfile.php/")[2].partition("?")[0]
        assert (SAMPLE / "site/moodle/files" / path).is_file()
    else:
        assert content["type"] == "url"


def test_one_module_is_null_as_real_sites_answer() -> None:
    modules = [
        module
        for course in courses()
        for section in answer(f"core_course_get_contents/{course['id']}")
        for module in section["modules"]
    ]
    assert modules.count(None) == 1
    assert {module["modname"] for module in modules if module} == {
        "page",
        "book",
        "label",
        "resource",
        "url",
    }


def test_the_catalogue_table_is_whole() -> None:
    rows = catalogue()
    assert len({row["Number"] for row in rows}) == len(rows) == 14
    for row in rows:
        assert None not in row
        assert row["Title"]
        assert 80 <= len(row["Description"].split()) <= 600, row["Title"]
        assert row["Link"].startswith("http://127.0.0.1:8790/harbourlight/")


def test_two_sources_offer_nearly_the_same_course() -> None:
    course = course_text(next(c for c in courses() if c["shortname"] == "fire-basics")).split()
    row = next(r for r in catalogue() if r["Number"] == "HL-101")["Description"].split()
    assert 0.9 < SequenceMatcher(None, course, row, autojunk=False).ratio() < 1


def test_the_files_were_built_from_the_texts_as_they_are_now() -> None:
    """A forgotten `python -m config.sample.build` shows here."""
    rows = {row["Number"]: row["Description"] for row in catalogue()}
    assert rows == {text.slug: text.body for text in written("harbourlight")}
    for name in FEEDS:
        texts = [(text.title, text.date.timetuple()[:3]) for text in written(name.split(".")[0])]
        assert texts == [(e.title, e.published_parsed[:3]) for e in parsed(name).entries]
    for name in ("deck-log", "hafenblog", "below-deck", "crew-clips"):
        for text in written(name):
            page = words_of((SAMPLE / f"site/{name}/{text.slug}.html").read_text("utf-8"))
            assert text.body.split(".")[-2].split()[-1] in page


def test_at_least_twelve_items_are_german() -> None:
    german = sum(course["lang"] == "de" for course in courses())
    german += sum(row["Language"] == "de" for row in catalogue())
    assert german + len(parsed("hafenblog.atom").entries) >= 12


def test_every_link_has_its_page() -> None:
    links = [entry.link for name in FEEDS for entry in parsed(name).entries]
    links += [item["url"] for item in films()["items"]]
    links += [row["Link"] for row in catalogue()]
    for link in links:
        path = link.removeprefix("http://127.0.0.1:8790/")
        assert (SAMPLE / "site" / f"{path}.html").is_file(), link


def test_the_sample_is_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < 3_000_000


@pytest.fixture(scope="module")
def specs() -> dict[str, SourceSpec]:
    return load_sources(SAMPLE / "sources.yaml")


def test_the_sources_show_what_can_be_said_of_one(specs: Mapping[str, SourceSpec]) -> None:
    assert {spec.connector for spec in specs.values()} == {"folder", "moodle", "feed", "table"}
    assert all(spec.schedule for spec in specs.values())
    assert specs["live-sessions"].visibility == ("staff-hr",)
    assert [name for name, spec in specs.items() if spec.publish == "after review"] == [
        "crew-clips"
    ]
    campus = specs["campus"].schedule
    assert campus
    assert campus.cron
    assert campus.window
    assert campus.timezone == "Europe/Berlin"


def test_the_readme_lists_every_source(specs: Mapping[str, SourceSpec]) -> None:
    readme = (SAMPLE / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| ([a-z-]+) \| ([a-z]+) \|", readme, re.MULTILINE)
    assert dict(listed[1:]) == {name: spec.connector for name, spec in specs.items()}
