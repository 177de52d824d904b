"""Connectors are found by file name, and opened from a source's description."""

from pathlib import Path

import pytest

from catalogue.errors import BadConfig
from config.sources import SourceSpec
from connectors.feed import Feed
from connectors.registry import connector_class, describe, names, open_connector


def test_every_connector_is_found_and_explains_itself() -> None:
    assert {"feed", "folder"} <= set(names())
    for name in names():
        info = describe(name)
        assert info.doc
        assert all(field.get("description") for field in info.schema["properties"].values()), name


def test_what_is_no_connector_is_not_found() -> None:
    assert not {"base", "http", "testing", "registry", "template"} & set(names())


def test_only_a_module_with_exactly_one_connector_counts(tmp_path: Path) -> None:
    one = "class One(base.Connector[Config]): pass\n"
    (tmp_path / "one.py").write_text(one)
    (tmp_path / "two.py").write_text(one + "class Two(Connector): pass\n")
    (tmp_path / "none.py").write_text("class Config: pass\n")
    assert names(tmp_path) == ["one"]


@pytest.mark.parametrize("name", ["fead", "http", "no such", "../feed", "os.path", ""])
def test_an_unknown_connector_is_answered_with_a_known_one(name: str) -> None:
    with pytest.raises(BadConfig, match="feed"):
        connector_class(name)


def test_an_unknown_connector_is_blamed_on_its_line() -> None:
    spec = SourceSpec("news", "fed", "ann", line=7, lines={("connector",): 8})
    with pytest.raises(BadConfig, match=r'sources\.yaml, line 8: source "news".*mean "feed"'):
        open_connector(spec)


def test_a_source_is_opened_with_its_settings() -> None:
    spec = SourceSpec("news", "feed", "ann", settings={"url": "https://a.example/feed"})
    assert isinstance(open_connector(spec), Feed)


def test_a_wrong_setting_is_blamed_on_its_line() -> None:
    settings = {"url": "https://a.example/feed", "full_txt": True}
    lines: dict[tuple[str | int, ...], int] = {("settings", "full_txt"): 12}
    spec = SourceSpec("news", "feed", "ann", settings=settings, lines=lines)
    with pytest.raises(BadConfig, match=r"line 12: .*full_txt.*full_text"):
        open_connector(spec)


def test_relative_paths_start_at_the_file_of_the_sources(tmp_path: Path) -> None:
    spec = SourceSpec(
        "news", "feed", "ann", settings={"files": "feeds"}, file=tmp_path / "sources.yaml"
    )
    assert open_connector(spec).config.files == tmp_path / "feeds"


def test_the_settings_of_a_block_are_told_too() -> None:
    told = {setting.name: setting for setting in describe("rest").settings}
    assert told["url"].required
    assert "token" in told["auth.scheme"].description
    assert told["fields.title"].required
    assert told["delta.parameter"].description  # of a block that may be left out
    assert all(setting.description for setting in told.values())
