"""The sources to copy from are sources: of every connector one, with settings it takes."""

import re

import pytest

from config.examples import EXAMPLES, example
from config.secrets import variable
from config.sources import load_sources
from connectors import registry

SOURCES = load_sources(EXAMPLES)
BY_CONNECTOR = {spec.connector: spec for spec in SOURCES.values()}


def test_every_connector_has_one() -> None:
    assert sorted(spec.connector for spec in SOURCES.values()) == registry.names()


@pytest.mark.parametrize("connector", registry.names())
def test_its_connector_takes_it_with_the_secrets_it_names(
    connector: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = re.findall(r"SKILLSHELF_\w+", example(connector))
    for name in named:
        monkeypatch.setenv(name, "canary-8f1c53e0")
    spec = BY_CONNECTOR[connector]
    config = registry.open_connector(spec).config
    taken = [n for n in type(config).model_fields if variable(spec.name, n) in named]
    assert len(taken) == len(named)
    assert all(getattr(config, name) for name in taken)


@pytest.mark.parametrize("connector", registry.names())
def test_it_is_shown_whole(connector: str) -> None:
    shown = example(connector)
    assert shown.startswith(("# ", f"{BY_CONNECTOR[connector].name}:\n"))
    assert shown.count("connector: ") == 1
    assert all(f"{name}:" in shown for name in BY_CONNECTOR[connector].settings)


def test_there_is_none_for_another() -> None:
    assert example("telepathy") == ""
