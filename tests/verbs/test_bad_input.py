"""What a person sees who got a file wrong, or whose source did: place, reason, remedy."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from catalogue.model import Cursor, Outcome
from config.settings import load_settings
from config.sources import SourceSpec
from connectors.base import Connector, Event, Found
from flows.workshop import Workshop
from tests.connectors import document_makers as make
from tests.connectors.test_extract_hostile import BOMB, DOCTYPE
from tests.flows.scripted import Scripted
from tests.verbs.terminal import Home
from verbs.bars import Bars
from verbs.ingest import run_all
from verbs.output import say

CANARY = "c4n4ry-t0k3n"
FOLDER = "connector: folder\nsettings: {path: notes}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sources:\n  a:\n    connector: folder\n   owner: x\n", ["line 4", "not YAML"]),
        (
            "sources:\n  a:\n    conector: folder\n    owner: ann@learn.example\n",
            ["line 3", "field conector", 'did you mean "connector"'],
        ),
        (
            "sources:\n  a:\n    connector: moodle\n    owner: ann@learn.example\n"
            f"    settings: {{url: 'https://m.example', token: {CANARY}}}\n",
            ["line 5", "field settings.token", "SKILLSHELF_SOURCE_A_TOKEN"],
        ),
        (
            "sources:\n  a:\n    connector: feed\n    owner: ann@learn.example\n"
            f"    settings:\n      url: https://ann:{CANARY}@m.example/feed\n",
            ["line 6", "field settings.url"],
        ),
    ],
)
@pytest.mark.parametrize("verb", [("ingest",), ("sources", "check"), ("status",)])
def test_a_wrong_sources_file_is_told_with_its_line(
    home: Home, text: str, told: list[str], verb: tuple[str, ...]
) -> None:
    home.write("sources.yaml", text)
    said = home.run(*verb)
    assert said.code == 3
    assert said.err.startswith(f"{home.path / 'sources.yaml'}, line ")
    assert all(words in said.err for words in told), said.err
    assert CANARY not in said.out + said.err
    assert "Traceback" not in said.err


def test_a_wrong_setting_of_one_source_costs_that_source_alone(home: Home) -> None:
    home.sources(
        wrong="connector: folder\nsettings: {pth: notes}",
        unknown="connector: fedd",
        right=FOLDER,
    )
    home.write("notes/a.md", "# Negotiation\n\nHow to negotiate a price.")
    said = home.run("ingest", "--json")
    assert said.code == 1
    runs = {run["source"]: run for run in said.json}
    assert runs["wrong"]["outcome"] == runs["unknown"]["outcome"] == Outcome.FAILED
    assert "field settings.pth: no such field" in runs["wrong"]["message"]
    assert 'did you mean "feed"' in runs["unknown"]["message"]
    assert runs["right"]["outcome"] == Outcome.COMPLETED
    checked = {row["source"]: row["ok"] for row in home.run("sources", "check", "--json").json}
    assert checked == {"wrong": False, "unknown": False, "right": True}


def test_a_home_without_sources_says_how_to_begin(home: Home) -> None:
    for verb in ("ingest", "status"):
        said = home.run(verb)
        assert said.code == 3
        assert "`skillshelf init`" in said.err


@pytest.mark.parametrize("verb", ["ingest", "held", "runs"])
def test_an_unknown_source_is_told_with_those_near(home: Home, verb: str) -> None:
    home.sources(notes=FOLDER)
    said = home.run(verb, "nots")
    assert (said.code, said.out) == (5, "")
    assert "no source 'nots'" in said.err
    assert "there is notes" in said.err


GOOD = make.pdf(["How to weld pipes", "And how to cut them"])
BAD_FILES = {
    "locked.pdf": (make.pdf(["One"], encrypted=True), "encrypted; save it without a password"),
    "short.pdf": (GOOD[: len(GOOD) // 2], "cut short"),
    "scan.pdf": (make.pdf(["", ""]), "needs OCR"),
    "letter.docx": (b"Dear Sir", "no zip archive"),
    "bomb.docx": (BOMB, "zip bomb"),
    "bomb.epub": (BOMB, "zip bomb"),
    "laughs.xlsx": (make.workbook({"A": [["x"]]}, DOCTYPE), "declares XML entities"),
}
GOOD_FILES = {
    "good.pdf": GOOD,
    "good.docx": make.word(("Heading 1", "First aid"), ("", "Stop the bleeding, keep calm.")),
    "good.md": b"# Negotiation\n\nHow to negotiate a price.",
    "laughs.html": f"{DOCTYPE}<html><body><h1>Accounts</h1><p>&l11;&passwd; How to keep accounts."
    "</p></body></html>".encode(),
}


@pytest.mark.slow
def test_of_a_folder_full_of_trouble_exactly_the_broken_files_fail(home: Home) -> None:
    home.sources(notes=FOLDER)
    for name, (content, _) in BAD_FILES.items():
        home.write(f"notes/{name}", content)
    for name, content in GOOD_FILES.items():
        home.write(f"notes/{name}", content)
    said = home.run("ingest")
    assert said.code == 1
    assert "notes: letter.docx: letter.docx is not what its name says" in said.err
    failures = home.run("failures", "list", "--json").json
    reasons = {failure["item"]["key"]: failure["message"] for failure in failures}
    assert set(reasons) == set(BAD_FILES)
    for name, (_, reason) in BAD_FILES.items():
        assert name in reasons[name]
        assert reason in reasons[name]
    found = home.run("search", "--json", "--limit", "100").json
    assert {result["title"] for result in found["results"]} >= {"Negotiation", "Accounts"}
    assert found["count"] == len(GOOD_FILES)
    assert "root:" not in str(found)
    assert "lollol" not in str(found)


def test_of_many_failures_the_first_are_told_and_the_others_counted(home: Home) -> None:
    home.sources(notes=FOLDER)
    for number in range(12):
        home.write(f"notes/{number}.pdf", GOOD[:200])
    told = [line for line in home.run("ingest").err.splitlines() if line.startswith("notes: ")]
    assert len(told) == 11
    assert told[-1] == "notes: 2 more failed; see `skillshelf failures list notes`"


def test_a_key_is_told_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    say("library: urn:book:welding: publication [b]urn:book:welding[/b] has no title")
    assert "urn:book:welding: publication [b]urn:book:welding[/b]" in capsys.readouterr().err


@pytest.mark.slow
def test_what_is_mended_or_taken_away_is_no_longer_listed(home: Home) -> None:
    home.sources(notes=FOLDER)
    home.write("notes/mended.pdf", GOOD[:200])
    gone = home.write("notes/gone.docx", "Dear Sir")
    home.write("notes/good.md", "# Negotiation\n\nHow to negotiate a price.")
    assert home.run("ingest").code == 1
    home.write("notes/mended.pdf", GOOD)
    gone.unlink()
    assert home.run("ingest").code == 0
    assert home.run("failures", "list", "--json").json == []


FEED = (
    '<rss version="2.0"><channel><title>School</title><link>https://s.example/</link><item>'
    "<title>How to weld</title><link>https://s.example/{0}</link><guid>{0}</guid>"
    "<description>Welding in brief.</description></item></channel></rss>"
)


@pytest.mark.slow
def test_a_feed_that_is_well_again_or_taken_away_is_no_longer_listed(home: Home) -> None:
    home.sources(blogs="connector: feed\nsettings: {files: feeds}")
    home.write("feeds/good.rss", FEED.format(1))
    home.write("feeds/mended.rss", "<html>no feed</html>")
    gone = home.write("feeds/gone.rss", "<html>no feed</html>")
    assert home.run("ingest").code == 1
    failures = home.run("failures", "list", "--json").json
    assert {failure["item"]["key"] for failure in failures} == {"mended.rss", "gone.rss"}
    home.write("feeds/mended.rss", FEED.format(2))
    gone.unlink()
    assert home.run("ingest").code == 0
    assert home.run("failures", "list", "--json").json == []
    assert home.run("status", "--json").json["sources"][0]["items"] == 2


TABLE = "id,title,url,text\n1,Statistics,https://x.example/1,How to compute a mean\n"
BAD_TABLES = {
    "delimiter": (TABLE.replace(",", ";").encode(), "set `delimiter` to ';' (semicolon)"),
    "utf16": (TABLE.encode("utf-16"), "set `encoding`, perhaps to utf-16"),
    "latin": (TABLE.replace("mean", "Mittel für").encode("latin-1"), "perhaps to cp1252"),
    "columns": (b"no,name,link\n1,Statistics,https://x.example/1\n", "correct `columns`"),
    "nothing": (b"", "correct `columns`"),
    "archive": (b"PK\x03\x04\x00\x00", "not what its name says"),
}


@pytest.mark.slow
def test_of_many_tables_exactly_the_broken_ones_fail(home: Home) -> None:
    columns = "columns: {title: title, url: url, text: text}"
    names = [*BAD_TABLES, "absent", "good"]
    table = "connector: table\nsettings: {{path: {}.csv, {}}}"
    home.sources(**{name: table.format(name, columns) for name in names})
    for name, (content, _) in BAD_TABLES.items():
        home.write(f"{name}.csv", content)
    home.write("good.csv", TABLE)
    said = home.run("ingest")
    assert said.code == 1
    lines = dict(line.split(": ", 1) for line in said.err.splitlines() if ": " in line)
    for name, (_, reason) in BAD_TABLES.items():
        assert f"{name}.csv" in lines[name]
        assert reason in lines[name]
    assert "correct `path`" in lines["absent"]
    outcomes = {run["source"]: run["outcome"] for run in home.run("runs", "--json").json}
    assert {name for name, outcome in outcomes.items() if outcome == "completed"} == {"good"}
    assert home.run("search", "mean", "--json").json["count"] == 1


class Page(BaseHTTPRequestHandler):
    """A page where a feed is expected; nothing else is there."""

    def do_GET(self) -> None:
        body = b"<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>"
        self.send_response(200 if self.path == "/page" else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class OneIsDefect(Workshop):
    """A workshop whose source "odd" has a connector with a defect."""

    def connector(self, spec: SourceSpec) -> Connector[Any]:
        return Scripted(defect) if spec.name == "odd" else super().connector(spec)


def defect(cursor: Cursor) -> Iterator[Event]:
    yield Found("a", {"title": "On a"})
    raise ZeroDivisionError


def test_a_connector_with_a_defect_stops_loudly_and_no_other_source(home: Home) -> None:
    home.sources(odd=FOLDER, notes=FOLDER)
    home.write("notes/a.md", "# Negotiation\n\nHow to negotiate a price.")
    with OneIsDefect(load_settings(home.path, {})) as shop, Bars() as bars:
        done, stopped = run_all(shop, ["odd", "notes"], bars)
    assert [type(error) for error in stopped] == [ZeroDivisionError]
    assert [run.source for run in done] == ["notes"]
    outcomes = {run["source"]: run for run in home.run("runs", "--json").json}
    assert outcomes["odd"]["outcome"] == Outcome.FAILED
    assert "a defect" in outcomes["odd"]["message"]
    assert outcomes["notes"]["outcome"] == Outcome.COMPLETED


@pytest.mark.slow
def test_feeds_that_are_none_say_what_to_do(home: Home, site: str) -> None:
    home.settings("http_spacing_s = 0\nhttp_timeout_s = 5\n")
    feed = "connector: feed\nallow_private: {}\nsettings: {{url: '{}'}}"
    home.sources(
        page=feed.format("true", f"{site}/page"),
        missing=feed.format("true", f"{site}/missing"),
        private=feed.format("false", f"{site}/page"),
        dead=feed.format("true", "http://127.0.0.1:9/feed"),
        notes=FOLDER,
    )
    home.write("notes/a.md", "# Negotiation\n\nHow to negotiate a price.")
    told = {
        "page": "use the address of its feed, not of the page",
        "missing": "check the address of this source",
        "private": "set allow_private: true",
        "dead": "connection refused; is it running",
    }
    said = home.run("ingest")
    assert said.code == 1
    checked = {row["source"]: row for row in home.run("sources", "check", "--json").json}
    for name, words in told.items():
        assert words in said.err
        assert not checked[name]["ok"]
        assert words in checked[name]["says"]
    assert checked["notes"]["ok"]
    assert home.run("search", "price", "--json").json["count"] == 1
