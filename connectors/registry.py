"""Finding connectors by file name: `connector: feed` in a source is `connectors/feed.py`.

There is no list to edit. A module of this package is a connector if exactly one of its classes
names `Connector` among its bases; that is read from the source text, so that asking for the names
imports nothing.
"""

import ast
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from catalogue.errors import BadConfig
from catalogue.model import Json
from config.nearest import nearest
from config.secrets import secret
from config.sources import SourceSpec, complain
from connectors.base import Connector
from connectors.http import Http, polite

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class ConnectorInfo:
    """What a connector reads, in words, and the JSON Schema of its settings."""

    name: str
    doc: str
    schema: Mapping[str, Any]

    @property
    def settings(self) -> "tuple[Setting, ...]":
        """All of them, those of a block behind the block, as `paging.kind`."""
        return tuple(_settings(self.schema, self.schema.get("$defs", {}), ""))


@dataclass(frozen=True, slots=True)
class Setting:
    """`type` is JSON's word for it, empty for a block or a choice. A block's settings are required
    where the block is given.
    """

    name: str
    type: str
    required: bool
    description: str


def names(folder: Path = HERE) -> list[str]:
    """The connectors there are, in alphabetical order."""
    modules = (folder / f"{module.name}.py" for module in pkgutil.iter_modules([str(folder)]))
    return sorted(path.stem for path in modules if path.is_file() and _connector_in(path))


def describe(name: str) -> ConnectorInfo:
    """Raises BadConfig with the nearest name for one that does not exist."""
    connector = connector_class(name)
    return ConnectorInfo(name, cleandoc(connector.__doc__ or ""), _schema(connector))


def connector_class(name: str) -> type[Connector[Any]]:
    """Raises BadConfig with the nearest name for one that does not exist."""
    found = _connector_in(HERE / f"{name}.py") if name.isidentifier() else None
    if found is None:
        raise BadConfig(f'there is no connector "{name}"; {nearest(name, names())}')
    connector: type[Connector[Any]] = getattr(import_module(f"connectors.{name}"), found)
    return connector


def open_connector(spec: SourceSpec, http: Http | None = None) -> Connector[Any]:
    """The connector of a source, ready to pull.

    Secrets come from the environment, relative paths from the folder of the sources' file. Without
    `http` it gets a door of its own with the usual limits. Raises BadConfig with file, line, field.
    """
    try:
        connector = connector_class(spec.connector)
    except BadConfig as error:
        line = spec.lines.get(("connector",), spec.line)
        place = f'{spec.file}, line {line}: source "{spec.name}", field connector'
        raise BadConfig(f"{place}: {error}") from None
    settings = {**spec.settings, **_paths(spec, connector), **_secrets(spec, connector)}
    try:
        config = connector.Config(**settings)
    except ValidationError as error:
        # The cause is dropped on purpose: it repeats what was entered.
        raise complain(spec, error, connector.Config.model_fields) from None
    return connector(config, http or polite(allow_private=spec.allow_private))


def _connector_in(path: Path) -> str | None:
    """The name of the one connector class of a module, if it has exactly one."""
    if not path.is_file():
        return None
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    found = [node.name for node in classes if "Connector" in map(_last_name, node.bases)]
    return found[0] if len(found) == 1 and path.stem != "base" else None


def _last_name(node: ast.expr) -> str:
    """`Connector` for `Connector`, `base.Connector` and `base.Connector[Config]`."""
    if isinstance(node, ast.Subscript):
        node = node.value
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _schema(connector: type[Connector[Any]]) -> dict[str, Any]:
    schema = connector.Config.model_json_schema()
    return {**schema, "properties": schema.get("properties", {})}


def _settings(block: Mapping[str, Any], blocks: Json, above: str) -> Iterator[Setting]:
    required = block.get("required", [])
    for name, field in block.get("properties", {}).items():
        said = field.get("type", ""), name in required, field.get("description", "")
        yield Setting(above + name, *said)
        for inner in (field, *field.get("anyOf", ())):
            named = str(inner.get("$ref", "")).rpartition("/")[2]
            yield from _settings(blocks.get(named, {}), blocks, f"{above}{name}.")


def _secrets(spec: SourceSpec, connector: type[Connector[Any]]) -> dict[str, Any]:
    fields = _fields(connector.Config, "SecretStr")
    found = {name: secret(spec.name, name) for name in fields}
    return {name: value for name, value in found.items() if value is not None}


def _paths(spec: SourceSpec, connector: type[Connector[Any]]) -> dict[str, Any]:
    given = {name: spec.settings.get(name) for name in _fields(connector.Config, "Path")}
    return {name: spec.base / path for name, path in given.items() if isinstance(path, str)}


def _fields(model: type[BaseModel], kind: str) -> Iterator[str]:
    """Names of the fields that may hold the named type."""
    fields: Iterable[tuple[str, Any]] = model.model_fields.items()
    for name, field in fields:
        if kind in _type_names(field.annotation):
            yield name


def _type_names(annotation: Any) -> set[str]:
    inner = {name for part in getattr(annotation, "__args__", ()) for name in _type_names(part)}
    return inner | {getattr(annotation, "__name__", "")}
