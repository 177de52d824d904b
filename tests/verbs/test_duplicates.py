"""Duplicates at a terminal: found by an ingest, listed, split and merged."""

from pathlib import Path

import pytest

from tests.verbs.terminal import Home

TEXT = "\n\n".join(
    f"Step {number}: weld plate {number * 7} to beam {number * 11}, then let it cool slowly."
    for number in range(60)
)


@pytest.fixture
def home(tmp_path: Path, model_cache: Path) -> Home:
    home = Home(tmp_path)
    (home.path / "cache").symlink_to(model_cache)
    home.write("notes/welding.md", f"# Welding by hand\n\n{TEXT}")
    home.write("notes/copies/welding-2.txt", f"Welding by hand\n\n{TEXT}")
    home.write("notes/negotiation.md", "# Negotiation\n\nHow to negotiate a price.")
    home.sources(notes="connector: folder\nsettings: {path: notes}")
    assert home.run("ingest", "notes").code == 0
    return home


@pytest.mark.slow
def test_duplicates_are_listed_split_and_merged(home: Home) -> None:
    [work] = home.run("duplicates", "list", "--json").json
    assert {item["key"] for item in work["items"]} == {"welding.md", "copies/welding-2.txt"}
    assert work["why"]
    listed = home.run("duplicates", "list", "notes")
    assert "1 works of 2 items" in listed.out

    shown = home.run("items", "show", "notes", "welding.md", "--json").json
    assert [other["format"] for other in shown["also"]] == ["text"]
    assert "does not tell" in home.run("items", "show", "notes", "welding.md").out
    found = home.run("search", "weld plate", "--json").json
    # Which of the two is shown is the index's choice: their text is the same.
    [shown] = [hit for hit in found["results"] if hit["title"] == "Welding by hand"]
    [other] = shown["also"]
    assert {shown["id"], other["id"]} == {item["id"] for item in work["items"]}
    assert f"also as {other['format']}" in home.run("search", "weld plate").out

    alone = home.run("duplicates", "split", "notes", "welding.md", "--why", "newer", "--json")
    assert [item["key"] for item in alone.json["items"]] == ["welding.md"]
    assert home.run("duplicates", "find", "--json").json == {"examined": 0, "changed": 0}
    assert home.run("duplicates", "list", "--json").json == []
    again = home.run("duplicates", "split", "notes", "welding.md")
    assert (again.code, "folded with nothing" in again.err) == (3, True)

    pair = ("notes", "welding.md", "notes", "copies/welding-2.txt")
    merged = home.run("duplicates", "merge", *pair)
    assert (merged.code, "stands for 1 more" in merged.err) == (0, True)
    assert home.run("duplicates", "merge", "notes", "welding.md", "notes", "none").code == 5
    assert home.run("duplicates", "list", "none").code == 5
