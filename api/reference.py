"""The OpenAPI document as a person reads it: operations, and their parameters in rows. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    values: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    description: str
    parameters: tuple[Parameter, ...]


def operations(document: Schema) -> list[Operation]:
    schemas = document["components"]["schemas"]
    return [
        Operation(
            method.upper(),
            path,
            one["description"],
            tuple(_parameter(p, schemas) for p in one.get("parameters", ())),
        )
        for path, methods in document["paths"].items()
        for method, one in methods.items()
    ]


def _parameter(parameter: Schema, schemas: Schema) -> Parameter:
    schema = parameter["schema"]
    meaning = parameter.get("description") or schema.get("description", "")
    return Parameter(parameter["name"], values(schema, schemas), meaning)


def values(schema: Schema, schemas: Schema) -> str:
    """What may stand there, in words."""
    told = _kind(schema, schemas)
    if schema.get("type") == "array":
        told += " (repeatable)"
    default = schema.get("default")
    return told if default in (None, "", []) else f"{told}; default {_plain(default)}"


def _kind(schema: Schema, schemas: Schema) -> str:
    if "$ref" in schema:
        return _kind(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "anyOf" in schema:
        return _kind(schema["anyOf"][0], schemas)
    if "items" in schema:
        return _kind(schema["items"], schemas)
    if "enum" in schema:
        return ", ".join(schema["enum"])
    return str(schema.get("format") or schema.get("type", ""))


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
