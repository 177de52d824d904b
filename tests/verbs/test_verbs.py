"""Every verb once: its answer for a person, for a program, and its exit code."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import cli
from catalogue.errors import (
    BadConfig,
    BadRequest,
    Busy,
    NotFound,
    SkillshelfError,
    TryLater,
    WrongIndex,
)
from index.conditions import Within
from index.edge import EdgeEngine
from tests.connectors import document_makers as make
from tests.verbs.terminal import Home

NOTES: dict[str, str | bytes] = {
    "negotiation.md": "# Negotiation\n\nHow to negotiate a price with a supplier.",
    "welding.md": "# Welding\n\nHow to weld metal parts without burning your fingers.",
    "broken.pdf": make.pdf(["One"])[:60],
}
SOURCES = {
    "notes": "connector: folder\nschedule: {every: 6h}\nsettings: {path: notes}",
    "later": "connector: folder\nschedule:\n  cron: '30 2 * * *'\n  timezone: Europe/Berlin\n"
    "  window: '22:00-06:00'\nsettings: {path: later}",
}
# Low, so that some tags wait for a person.
SETTINGS = "tag_threshold = 0.999\n"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Home:
    """An ingested home, for verbs that change nothing."""
    return prepared(Home(tmp_path_factory.mktemp("filled")), model_cache)


@pytest.fixture
def fresh(filled: Home, tmp_path: Path) -> Home:
    """An ingested home of the test's own."""
    return Home(Path(shutil.copytree(filled.path, tmp_path / "home", symlinks=True)))


def prepared(home: Home, models: Path) -> Home:
    for name, content in NOTES.items():
        home.write(f"notes/{name}", content)
    home.write("later/day.md", "# Day of safety\n\nWhere the extinguishers are.")
    home.settings(SETTINGS)
    home.sources(**SOURCES)
    (home.path / "cache").symlink_to(models)
    said = home.run("ingest", "notes", "--json")
    assert said.code == 1, "one file is broken"
    [run] = said.json
    assert (run["outcome"], run["counters"]["added"]) == ("completed with errors", 2)
    return home


def test_init_makes_a_home_once(tmp_path: Path) -> None:
    home = Home(tmp_path / "new")
    assert home.run("init").code == 0
    first = (home.path / "sources.yaml").read_text()
    again = home.run("init", "--sample")
    assert again.code == 3
    assert "exists already; nothing was changed" in again.err
    assert (home.path / "sources.yaml").read_text() == first
    assert home.run("sources", "list", "--json").json == []


def test_the_sample_is_read_without_waiting(tmp_path: Path) -> None:
    home = Home(tmp_path / "sample")
    assert home.run("init", "--sample").code == 0
    assert "http_spacing_s = 0" in (home.path / "skillshelf.toml").read_text()
    names = {row["name"] for row in home.run("sources", "list", "--json").json}
    assert {"handbook", "campus", "deck-log"} < names


def test_sources_list(filled: Home) -> None:
    said = filled.run("sources", "list")
    assert said.code == 0
    assert "every 6h" in said.out
    assert "cron 30 2 * * * Europe/Berlin, 22:00-06:00" in said.out
    rows = filled.run("sources", "list", "--json").json
    assert [row["name"] for row in rows] == ["notes", "later"]
    assert not any(row["approved"] for row in rows)
    assert rows[0]["owner"] == "ann@learn.example"


@pytest.mark.slow
def test_another_address_takes_a_source_s_approval_back(fresh: Home) -> None:
    def approved() -> bool:
        return bool(fresh.run("sources", "list", "--json").json[0]["approved"])

    assert fresh.run("sources", "approve", "notes").code == 0
    assert approved()
    fresh.write("more/first-aid.md", "# First aid\n\nHow to dress a wound.")
    fresh.sources(notes="connector: folder\nsettings: {path: more}")
    assert not approved()
    assert fresh.run("ingest", "notes").code == 0
    assert fresh.run("search", "wound", "--json").json["count"] == 0
    assert fresh.run("items", "approve", "notes", "--all").code == 0
    assert fresh.run("search", "wound", "--json").json["count"] == 1
    assert fresh.run("sources", "approve", "notes").code == 0
    assert approved()
    assert fresh.run("sources", "approve", "nots").code == 5


def test_sources_check(filled: Home) -> None:
    said = filled.run("sources", "check", "--json")
    assert said.code == 0
    assert [(row["source"], row["ok"]) for row in said.json] == [("notes", True), ("later", True)]
    assert "reads 'Negotiation'" in filled.run("sources", "check", "notes").out


def test_sources_preview(filled: Home) -> None:
    said = filled.run("sources", "preview", "notes", "--json")
    assert said.code == 0
    shown = {item["key"]: dict(item["fields"]) for item in said.json}
    assert shown["welding.md"]["title"] == "Welding"
    assert "cut short" in shown["broken.pdf"]["error"]
    assert "How to weld" in filled.run("sources", "preview", "notes").out


TABLE = "connector: table\nsettings: {path: list.csv, columns: {title: T, url: U, level: L}}"
ROWS = (
    "T,U,L\nMerging in Git,https://learn.example/1,Tier 3\n"
    "Branching in Git,https://learn.example/2,Tier 3\nSQL joins,https://learn.example/3,Beginner\n"
)


def test_words_that_nobody_could_map_and_what_a_filter_would_drop(fresh: Home) -> None:
    fresh.write("list.csv", ROWS)
    fresh.sources(**SOURCES, list=f"{TABLE}\nallow: {{url: ['*/1', '*/3']}}")
    shown = {
        item["key"]: dict(item["fields"])
        for item in fresh.run("sources", "preview", "list", "--json").json
    }
    assert shown["https://learn.example/1"]["unmapped"] == "level: Tier 3"
    assert "filtered" not in shown["https://learn.example/1"]
    left_out = shown["https://learn.example/2"]["filtered"]
    assert left_out == "left out by allow.url: https://learn.example/2"
    [run] = fresh.run("ingest", "list", "--json").json
    counters = run["counters"]
    assert (counters["found"], counters["added"], counters["filtered"]) == (3, 2, 1)
    [word] = fresh.run("sources", "unmapped", "list", "--json").json
    assert word == {
        "source": "list",
        "field": "level",
        "word": "Tier 3",
        "items": 1,
        "example": "https://learn.example/1",
    }
    assert "Tier 3" in fresh.run("sources", "unmapped").out
    assert fresh.run("sources", "unmapped", "nots").code == 5


@pytest.mark.slow
def test_a_changed_filter_needs_no_source(fresh: Home) -> None:
    def found() -> set[str]:
        results = fresh.run("search", "git", "--source", "list", "--json").json["results"]
        return {result["title"] for result in results}

    fresh.write("list.csv", ROWS)
    fresh.sources(list=TABLE)
    assert fresh.run("ingest", "list").code == 0
    assert "Merging in Git" in found()
    (fresh.path / "list.csv").unlink()
    fresh.sources(list=f"{TABLE}\ndeny: {{url: '*/1'}}")
    [failed] = fresh.run("ingest", "list", "--json").json
    assert (failed["outcome"], failed["counters"]["filtered"]) == ("failed", 1)
    assert "Merging in Git" not in found()
    listed = fresh.run("items", "list", "list", "--json").json
    assert [row["filtered"] for row in listed] == ["deny.url: https://learn.example/1", "", ""]
    [row] = fresh.run("status", "--json").json["sources"]
    assert (row["items"], row["filtered"]) == (2, 1)
    fresh.sources(list=TABLE)
    fresh.run("ingest", "list")
    assert "Merging in Git" in found()


def test_sources_describe(filled: Home) -> None:
    assert {"folder", "feed", "moodle", "table"} <= set(
        filled.run("sources", "describe", "--json").json
    )
    assert "path" in filled.run("sources", "describe", "folder", "--json").json["properties"]
    assert "path" in filled.run("sources", "describe", "folder").out
    unknown = filled.run("sources", "describe", "fodler")
    assert unknown.code == 3
    assert 'did you mean "folder"' in unknown.err


def test_status(filled: Home) -> None:
    said = filled.run("status", "--json")
    assert said.code == 0
    notes, later = said.json["sources"]
    assert (notes["source"], notes["items"], notes["failures"]) == ("notes", 2, 1)
    assert (later["items"], later["outcome"]) == (0, None)
    assert "not served" in filled.run("status").out


def test_runs(filled: Home) -> None:
    [run] = filled.run("runs", "notes", "--json").json
    assert run["counters"]["failed"] == 1
    assert run["ended"] > run["started"]
    assert filled.run("runs", "later", "--json").json == []
    assert "completed with errors" in filled.run("runs").out


def test_failures(fresh: Home) -> None:
    [failure] = fresh.run("failures", "list", "--json").json
    assert failure["item"] == {"source": "notes", "key": "broken.pdf"}
    assert "cut short" in fresh.run("failures", "list", "notes").out
    assert fresh.run("failures", "list", "later", "--json").json == []
    retried = fresh.run("failures", "retry", "--json")
    assert retried.code == 1
    assert retried.json == {"repaired": 0, "failing": 0, "unfetched": 1}


def test_search(filled: Home) -> None:
    said = filled.run("search", "price of a supplier", "--json")
    assert said.code == 0
    assert said.json["results"][0]["title"] == "Negotiation"
    assert "Negotiation" in filled.run("search", "supplier").out
    nothing = filled.run("search", "--language", "fr")
    assert (nothing.code, nothing.out.strip()) == (1, "0 found")
    assert filled.run("search", "--kind", "sculpture").code == 2


def test_an_unknown_skill_is_refused_with_those_near(filled: Home) -> None:
    said = filled.run("search", "--skill", "wled metal")
    assert said.code == 3
    assert "wled metal" in said.err


def test_skills(filled: Home) -> None:
    said = filled.run("skills", "weld", "--json")
    assert said.code == 0
    assert all(skill["id"].startswith("http") for skill in said.json)
    assert filled.run("skills", "xyzzy").code == 1


@pytest.mark.slow
def test_verify_finds_what_is_missing_and_repairs_it(fresh: Home) -> None:
    said = fresh.run("verify", "--json")
    assert said.code == 0
    assert (said.json["items"], said.json["missing"]) == (2, [])
    empty_the_index(fresh)
    differs = fresh.run("verify")
    assert differs.code == 1
    assert "`skillshelf verify --repair`" in differs.out
    assert fresh.run("verify", "--repair").code == 0
    assert fresh.run("verify").code == 0


def empty_the_index(home: Home) -> None:
    [folder] = [path for path in (home.path / "index").iterdir() if path.is_dir()]
    engine = EdgeEngine.open(folder)
    engine.remove((Within("number", low=0),))
    engine.flush()
    engine.close()


def test_rebuild(fresh: Home) -> None:
    said = fresh.run("rebuild")
    assert said.code == 0
    assert "it is current" in said.out
    assert fresh.run("search", "supplier", "--json").json["count"] >= 1


@pytest.mark.slow
def test_a_backup_is_restored_and_the_index_rebuilt(fresh: Home) -> None:
    file = fresh.path / "kept" / "monday.backup"
    assert fresh.run("backup", str(file)).code == 0
    assert fresh.run("backup", str(file)).code == 3
    (fresh.path / "notes" / "welding.md").unlink()
    fresh.run("ingest", "notes")
    assert count(fresh) == 1
    refused = fresh.run("restore", str(file))
    assert refused.code == 3
    assert "--replace" in refused.err
    assert fresh.run("restore", str(file), "--replace").code == 0
    for verb in ("search", "verify"):
        said = fresh.run(verb)
        assert said.code == 3
        assert "`skillshelf rebuild`" in said.err
    assert fresh.run("rebuild").code == 0
    assert count(fresh) == 2
    assert fresh.run("verify").code == 0


def test_what_is_no_backup_is_refused(filled: Home) -> None:
    for file in (filled.path / "sources.yaml", filled.path / "nowhere"):
        said = filled.run("restore", str(file), "--replace")
        assert said.code == 3
        assert str(file) in said.err
    assert count(filled) == 2


def test_a_place_that_cannot_be_written_is_named(filled: Home) -> None:
    said = filled.run("backup", str(filled.path / "sources.yaml" / "monday.backup"))
    assert said.code == 3
    assert said.err.startswith(str(filled.path / "sources.yaml"))


def count(home: Home) -> int:
    return int(home.run("search", "--json").json["count"])


def test_keys(fresh: Home) -> None:
    made = fresh.run("keys", "add", "lxp", "--group", "staff")
    assert made.code == 0
    key = made.out.strip()
    listed = fresh.run("keys", "list", "--json")
    assert [(row["name"], row["groups"]) for row in listed.json] == [("lxp", ["staff"])]
    assert key not in listed.out
    assert fresh.run("keys", "add", "lxp").code == 3
    assert fresh.run("keys", "add", "curator", "--operator").code == 0
    groups = {row["name"]: row["groups"] for row in fresh.run("keys", "list", "--json").json}
    assert groups["curator"] == ["*"]
    assert fresh.run("keys", "revoke", "curator").code == 0
    assert fresh.run("keys", "revoke", "lxp").code == 0
    assert fresh.run("keys", "list", "--json").json == []
    assert fresh.run("keys", "revoke", "lxp").code == 5


@pytest.mark.slow
def test_review_asks_once(fresh: Home) -> None:
    said = fresh.run_apart("review", given="a\nr\nq\n")
    assert said.code == 0, said.err
    assert "2 decided" in said.out
    again = fresh.run_apart("review", given="q\n")
    first = said.out.splitlines()[1:3]
    assert first[0] in again.out or "0 decided" in again.out
    assert "\n".join(first) not in again.out


@pytest.mark.slow
def test_a_mass_vanishing_is_held_until_a_person_decides(fresh: Home) -> None:
    for path in (fresh.path / "notes").iterdir():
        path.unlink()
    said = fresh.run("ingest", "notes")
    assert said.code == 1
    assert "nothing was retired. See `skillshelf held notes`" in said.err
    assert count(fresh) == 2
    assert fresh.run("held", "notes", "--json").json == ["negotiation.md", "welding.md"]
    assert "--approve" in fresh.run("held", "notes").err
    assert "all 2 items kept" in fresh.run("held", "notes", "--dismiss").err
    assert fresh.run("held", "notes", "--json").json == []
    fresh.run("ingest", "notes")
    assert "2 of 2 items let go" in fresh.run("held", "notes", "--approve").err
    assert count(fresh) == 0
    assert fresh.run("verify").code == 0


@pytest.mark.slow
def test_a_connector_of_ones_own_begins_with_one_command(home: Home, tmp_path: Path) -> None:
    (tmp_path / "connectors").mkdir()
    (tmp_path / "tests" / "connectors").mkdir(parents=True)
    said = home.run_apart("connector", "new", "wiki", cwd=tmp_path)
    assert said.code == 0, said.err
    assert (tmp_path / "connectors" / "wiki.py").is_file()
    assert "next: `pytest tests/connectors/test_wiki.py`" in said.out
    assert home.run_apart("connector", "new", "wiki", cwd=tmp_path).code == 3


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadConfig("x"), 3),
        (Busy("x"), 3),
        (WrongIndex("x"), 3),
        (BadRequest("x"), 3),
        (TryLater("x"), 4),
        (NotFound("x"), 5),
    ],
)
def test_exit_codes_say_what_to_do_next(error: SkillshelfError, code: int) -> None:
    assert cli.exit_code(error) == code


OTHER_PROCESS = {"bench"}  # a verb that is explained by one it starts, in a second and a half


def verbs() -> Iterator[tuple[str, ...]]:
    import typer

    group = typer.main.get_command(cli.app)
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", {})
        yield (name,)
        yield from ((name, sub) for sub in inner)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(words, marks=[pytest.mark.slow] if words[0] in OTHER_PROCESS else [])
        for words in verbs()
    ],
    ids=" ".join,
)
def test_every_verb_explains_itself(
    tmp_path: Path, words: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    said = Home(tmp_path).run(*words, "--help")
    assert said.code == 0
    assert "usage:" in f"{said.out}{capfd.readouterr().out}".lower()  # a child's goes past us
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_command_line_is_code_2(tmp_path: Path) -> None:
    assert Home(tmp_path).run("ingset").code == 2
    assert Home(tmp_path).run("runs", "--limit", "0").code == 2


@pytest.mark.slow
def test_an_item_is_suppressed_and_restored(fresh: Home) -> None:
    assert fresh.run("items", "suppress", "notes", "welding.md").code == 0
    assert "welding.md" not in str(fresh.run("search", "welding metal", "--json").json)
    fresh.run("ingest", "notes")
    [row] = fresh.run("items", "list", "--state", "suppressed", "--json").json
    assert row["key"] == "welding.md"
    assert fresh.run("items", "restore", "notes", "welding.md").code == 0
    found = fresh.run("search", "welding metal", "--json").json
    assert "welding.md" in {hit["key"] for hit in found["results"]}


def test_retired_items_are_not_found(fresh: Home) -> None:
    assert "retired: Welding" in fresh.run("items", "retire", "notes", "welding.md").err
    assert "welding.md" not in str(fresh.run("search", "welding metal", "--json").json)
    assert fresh.run("items", "retire", "notes").code == 5
    assert fresh.run("items", "retire", "notes", "no-such.md").code == 5


@pytest.mark.slow
def test_what_waits_for_review_is_found_once_approved(fresh: Home) -> None:
    fresh.sources(notes=SOURCES["notes"], later="publish: after review\n" + SOURCES["later"])
    assert fresh.run("ingest", "later").code == 0
    assert [row["state"] for row in fresh.run("items", "list", "later", "--json").json] == [
        "suggested"
    ]
    assert "day.md" not in str(fresh.run("search", "extinguishers", "--json").json)
    assert fresh.run("items", "approve", "later", "--all").code == 0
    found = fresh.run("search", "extinguishers", "--json").json
    assert "day.md" in {hit["key"] for hit in found["results"]}
