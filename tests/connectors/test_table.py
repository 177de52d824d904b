"""Tables: the contract for a file and for an address, and what wrong settings are told."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from requests import PreparedRequest

from catalogue.errors import BadConfig, BadItem, NeedsPerson
from catalogue.model import Delivery, Draft, Kind, Level, Session
from connectors.base import Checkpoint, Event, Failed, Found, Unchanged
from connectors.formats.columns import Columns
from connectors.formats.rows import read_file, table_rows
from connectors.http import polite
from connectors.table import Settings, Table
from connectors.testing import Answer, Case, Conformance, FolderPlace, World, served
from tests.connectors import document_makers as make
from tests.connectors.sites import table as site

HEAD = "Id;Titel;Link;Beschreibung;Themen;Stunden;Stufe;Start\n"
ROWS = [
    '1;SQL;https://lms.example/1;"<p>Tables &amp; <b>joins</b></p>";data|sql;1,5;Profi;'
    "01.03.2026\n",
    "2;Git;https://lms.example/2;Branches;work;2;Einstieg;\n",
    '3;"First\naid";https://lms.example/3;;health;0:45;?;02.03.2026\n',
]
COLUMNS = {
    "title": "Titel",
    "url": "Link",
    "summary": ["Beschreibung"],
    "subjects": "Themen",
    "duration": "Stunden",
    "level": "Stufe",
    "published": "Start",
}
SETTINGS: dict[str, Any] = {
    "columns": COLUMNS,
    "key": "Id",
    "delimiter": ";",
    "split": "|",
    "html": True,
    "duration_unit": 3600,
    "date_format": "%d.%m.%Y",
    "values": {"level": {"Profi": "advanced", "Einstieg": "beginner"}},
}
WHOLE = HEAD + "".join(ROWS)
SHRUNK = HEAD + ROWS[0] + ROWS[2]
DENTED = WHOLE.replace(";Git;", ";;")


def writing(text: str) -> Callable[[Path], None]:
    def build(root: Path) -> None:
        (root / "list.csv").write_text(text, encoding="utf-8")

    return build


def answering(text: str) -> Callable[[PreparedRequest], Answer]:
    tag = f'"{len(text)}"'

    def server(request: PreparedRequest) -> Answer:
        if request.headers.get("If-None-Match") == tag:
            return Answer(status=304)
        return Answer(text, headers={"ETag": tag})

    return server


class TestTableFile(Conformance):
    @pytest.fixture
    def case(self, tmp_path: Path) -> Case:
        place = FolderPlace(tmp_path / "share", {"path": "courses.csv"})

        def built(name: str) -> World:
            def build(root: Path) -> None:
                site.files(root, name)

            return place.world(build)

        worlds = built("whole"), built("shrunk"), built("dented")
        return Case(Table, site.SETTINGS, *worlds, outage=place.missing)


class TestTableAddress(Conformance):
    @pytest.fixture
    def case(self) -> Case:
        settings = {**SETTINGS, "url": "https://lms.example/list.csv"}
        whole, shrunk, dented = (served(answering(text)) for text in (WHOLE, SHRUNK, DENTED))
        return Case(Table, settings, whole, shrunk, dented)


def table(file: Path, **settings: Any) -> Table:
    return Table(Settings(**{**SETTINGS, "path": file, **settings}), polite())


def run(file: Path, cursor: dict[str, Any] | None = None, **settings: Any) -> list[Event]:
    return list(table(file, **settings).pull(json.loads(json.dumps(cursor or {}))))


def written(tmp_path: Path, text: str | bytes, name: str = "list.csv") -> Path:
    file = tmp_path / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def drafts(file: Path, **settings: Any) -> list[Draft]:
    connector = table(file, **settings)
    return [connector.normalise(e.payload) for e in connector.pull({}) if isinstance(e, Found)]


def test_a_draft_read_by_eye(tmp_path: Path) -> None:
    sql, git, aid = drafts(written(tmp_path, WHOLE))
    assert sql == Draft(
        title="SQL",
        url="https://lms.example/1",
        kind=Kind.COURSE,
        summary="Tables & joins",
        subjects=("data", "sql"),
        duration=5400,
        level=Level.ADVANCED,
        published=datetime(2026, 3, 1, tzinfo=UTC),
    )
    assert aid.unmapped == (("level", "?"),)
    assert (git.level, git.duration, git.published) == (Level.BEGINNER, 7200, None)
    assert (aid.title, aid.duration, aid.level) == ("First aid", 2700, None)


def test_every_field_can_have_a_column(tmp_path: Path) -> None:
    columns = {name: name for name in Columns.model_fields}
    cells = {
        **{name: name.title() for name in columns},
        "url": "https://lms.example/1",
        "kind": "Video",
        "level": "beginner",
        "delivery": "blended",
        "duration": "90",
        "published": "2026-03-01T12:00:00+02:00",
        "updated": "2026-03-02",
        "cost": "9,50",
        "currency": "eur",
        "language": "German",
        "session_start": "2026-03-01T09:00",
        "session_end": "2026-03-01T12:30",
        "licence": "CC-BY-4.0",
    }
    file = written(tmp_path, ";".join(cells) + "\n" + ";".join(cells.values()))
    settings = {"columns": columns, "key": "", "duration_unit": 60, "date_format": ""}
    (draft,) = drafts(file, **settings)
    assert (draft.kind, draft.delivery, draft.duration) == (Kind.VIDEO, Delivery.BLENDED, 5400)
    assert draft.published == datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
    assert (draft.cost, draft.currency, draft.language) == (9.5, "EUR", "de")
    assert (draft.authors, draft.parts[0].text) == (("Authors",), "Text")
    assert (draft.provider, draft.licence, draft.image) == ("Provider", "CC BY 4.0", "Image")
    assert (draft.skills, draft.prerequisites) == (("Skills",), ("Prerequisites",))
    assert (draft.audience, draft.subjects, draft.summary) == ("Audience", ("Subjects",), "Summary")
    nine, half_past_twelve = (datetime(2026, 3, 1, h, m, tzinfo=UTC) for h, m in ((9, 0), (12, 30)))
    assert draft.sessions == (Session(nine, half_past_twelve, "Session_Place"),)
    assert draft.unmapped == ()


LIVE = {
    "columns": {**COLUMNS, "session_start": "Von", "session_end": "Bis", "session_place": "Ort"}
}


def live(tmp_path: Path, starts: str, ends: str, places: str, **settings: Any) -> Draft:
    head = HEAD.strip() + ";Von;Bis;Ort\n"
    row = f"1;SQL;https://lms.example/1;;;;;;{starts};{ends};{places}\n"
    (draft,) = drafts(written(tmp_path, head + row), **{**LIVE, "date_format": "", **settings})
    return draft


def test_live_sessions_in_the_time_zone_of_the_table(tmp_path: Path) -> None:
    starts, ends = "2026-03-01T09:00|2026-07-01T09:00", "2026-03-01T12:00|2026-07-01T12:00"
    draft = live(tmp_path, starts, ends, "Hall", timezone="Europe/Berlin")
    winter, summer = draft.sessions
    assert (winter.start.hour, summer.start.hour) == (8, 7)
    assert (winter.end, summer.place) == (datetime(2026, 3, 1, 11, tzinfo=UTC), "Hall")
    assert live(tmp_path, starts, "", "Hall|Hall").sessions[1].end is None
    assert live(tmp_path, "", "", "Hall").sessions == ()
    with pytest.raises(BadItem, match="session_end: 1 for 2 in session_start"):
        live(tmp_path, starts, "2026-03-01T12:00", "")
    with pytest.raises(BadItem, match="session_start: 'soon' is not a date"):
        live(tmp_path, "soon", "", "")


def test_a_time_zone_exists(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="no such time zone"):
        table(tmp_path, timezone="Mars/Olympus")


def test_the_settings_words_come_before_the_vocabulary(tmp_path: Path) -> None:
    text = HEAD + ROWS[0].replace("Profi", "Expert").replace("1,5", "lang") + ROWS[2]
    values = {"level": {"Expert": "beginner", "?": ""}, "duration": {"lang": "8 hours"}}
    sql, aid = drafts(written(tmp_path, text), values=values)
    assert (sql.level, sql.duration) == (Level.BEGINNER, 8 * 3600)
    assert (aid.level, aid.unmapped) == (None, ())


def test_a_workbook_reads_like_its_csv(tmp_path: Path) -> None:
    rows: list[list[str | float]] = [["Id", "Titel", "Link"], [1, "SQL", "https://lms.example/1"]]
    file = written(tmp_path, make.workbook({"Info": [["x"]], "List": rows}), "list.xlsx")
    columns = {"title": "Titel", "url": "Link"}
    assert [d.title for d in drafts(file, columns=columns, sheet="List")] == ["SQL"]
    with pytest.raises(BadConfig, match=r'no sheet .Liste.; did you mean "List"'):
        run(file, columns=columns, sheet="Liste")
    with pytest.raises(NeedsPerson, match="zip bomb"):
        bomb = make.archive({"xl/workbook.xml": b" " * 50_000_000})
        run(written(tmp_path, bomb, "list.xlsx"), columns=columns)


@pytest.mark.parametrize(
    ("settings", "data", "message"),
    [
        ({"delimiter": ""}, WHOLE, r"set `delimiter` to ';' \(semicolon\)"),
        ({}, WHOLE.encode("cp1252").replace(b"joins", b"\xfcber"), "set `encoding`, perhaps to cp"),
        ({}, WHOLE.encode("utf-16"), "perhaps to utf-16"),
        ({"encoding": "ascii"}, WHOLE.replace("joins", "über"), "line 2 has .* perhaps to utf-8"),
        ({"encoding": "latin-99"}, WHOLE, "no encoding is called 'latin-99'"),
        ({"key": "Nummer"}, WHOLE, "no column Nummer; correct .* Its first line names: Id, Titel"),
        ({}, "", "no column Titel.* names: nothing"),
        ({"max_bytes": 10}, WHOLE, "larger than `max_bytes`, 10"),
    ],
)
def test_wrong_settings_are_told_what_to_change(
    tmp_path: Path, settings: dict[str, Any], data: str | bytes, message: str
) -> None:
    file = written(tmp_path, data)
    with pytest.raises(NeedsPerson, match=message) as raised:
        run(file, **settings)
    assert "list.csv" in str(raised.value)


@pytest.mark.parametrize("settings", [{}, {"path": "a.csv", "url": "https://lms.example/a.csv"}])
def test_one_place_is_given(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="give either `path` or `url`"):
        Settings.model_validate({"columns": {"title": "a", "url": "b"}, **settings})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (WHOLE + "4;Cut\n", "line 6: has 2 cells, the first line has 8"),
        (WHOLE + '4;"Open;https://lms.example/4;;;;;\n', "line 6: has 2 cells.*unclosed quote"),
        (WHOLE + ";Nameless;https://lms.example/4;;;;;\n", "line 6: nothing in Id"),
        (WHOLE + ROWS[1].replace("Git", "Other"), "line 6: '2' in Id names another row"),
    ],
)
def test_a_row_that_cannot_be_trusted_costs_itself_and_no_absence_is_claimed(
    tmp_path: Path, text: str, message: str
) -> None:
    events = run(written(tmp_path, text))
    assert len([e for e in events if isinstance(e, Found)]) == 3
    (failed,) = [e for e in events if isinstance(e, Failed)]
    assert failed.key == "line 6"
    with pytest.raises(Exception, match=message):
        raise failed.error
    assert isinstance(events[-1], Checkpoint)
    assert not events[-1].complete


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("https://lms.example/2", "/2", "line 3: '/2' is no complete web address"),
        ("Einstieg;", "Einstieg;2026-01-01", "line 3: published: '2026-01-01' is not a date as in"),
        (";Git;", ";;", "line 3: no title in Titel"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    connector = table(written(tmp_path, WHOLE.replace(old, new)))
    second = [e for e in connector.pull({}) if isinstance(e, Found)][1]
    with pytest.raises(Exception, match=message):
        connector.normalise(second.payload)


def test_only_changed_rows_are_found_again(tmp_path: Path) -> None:
    file = written(tmp_path, WHOLE)
    last = run(file)[-1]
    assert isinstance(last, Checkpoint)
    cursor = dict(last.cursor)
    events = run(written(tmp_path, WHOLE.replace("Branches", "Trees") + ROWS[1]), cursor)
    assert [e.key for e in events if isinstance(e, Unchanged)] == ["1", "3"]
    assert [e.key for e in events if isinstance(e, Found)] == ["2"]
    assert [e.key for e in run(file, cursor, html=False) if isinstance(e, Found)] == ["1", "2", "3"]


@pytest.mark.shared_data
def test_oer_commons(shared_data: Path) -> None:
    file = shared_data / "catalogues/oer-commons/oer_commons.csv"
    columns: dict[str, Any] = {"title": "NAME", "url": "URL", "summary": "TEACHER_OVERVIEW"}
    columns |= {"subjects": ["SUBJECTS", "KEYWORDS"], "language": "LANGUAGES"}
    columns |= {"published": "CREATE_DATE", "licence": "LICENSE_URL"}
    settings = {"columns": columns, "key": "URL", "date_format": "", "values": {}}
    connector = table(file, **settings)
    events = list(connector.pull({}))
    found = [e for e in events if isinstance(e, Found)]
    assert len(list(table_rows(read_file(file, 10_000_000), connector.config))) == 1288
    # 121 of them are there twice, to the letter.
    assert (len(found), len(events)) == (1288 - 121, 1288 - 121 + 1)
    untitled = [e for e in found if not e.payload["cells"]["NAME"].strip()]
    assert [e.payload["line"] for e in untitled] == [863]
    read = [connector.normalise(e.payload) for e in found if e not in untitled]
    assert read[0].title == "Leveraging Virtual Reality in a School Library"
    assert read[0].subjects[-1] == "Virtual Reality"
    assert "<p>" not in "".join(draft.summary for draft in read)
    assert {draft.language for draft in read} == {"en", "de"}
    assert Counter(draft.licence for draft in read).most_common(1)[0][0] == "CC BY 4.0"
    assert Counter(word for draft in read for word in draft.unmapped) == {}
