"""The pages say what the code says."""

from pathlib import Path

import pytest

from config.document import DOCS, filled, pages
from config.settings import Settings
from config.sources import load_sources
from config.stanza import Defaults, Filter, ScheduleStanza, Stanza


@pytest.mark.parametrize("model", [Settings, Defaults, Stanza, ScheduleStanza, Filter])
def test_every_field_is_described(
    model: type[Settings | Defaults | ScheduleStanza | Filter],
) -> None:
    assert all(field.description for field in model.model_fields.values())


@pytest.mark.parametrize("page", ["settings.md", "sources.md"])
def test_the_tables_are_up_to_date(page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    assert filled(text, pages()[page]) == text, "run `python -m config.document`"


def test_every_setting_is_documented() -> None:
    text = (DOCS / "settings.md").read_text("utf-8")
    for name, field in Settings.model_fields.items():
        assert f"`SKILLSHELF_{name.upper()}`" in text
        assert field.description is not None
        assert field.description in text


def test_the_example_of_the_page_is_read(tmp_path: Path) -> None:
    example = (DOCS / "sources.md").read_text("utf-8").split("```yaml\n")[1].split("```")[0]
    (tmp_path / "sources.yaml").write_text(example, "utf-8")
    assert list(load_sources(tmp_path / "sources.yaml")) == ["handbook", "campus"]
