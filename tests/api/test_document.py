"""The API's description keeps up with the API."""

from pathlib import Path

import pytest

from api.app import described
from api.document import PLACE, written
from tests.api.shelf import Client

DOCUMENT = described().openapi()
OPERATIONS = [
    (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def test_the_document_in_docs_is_the_one_served(reader: Client) -> None:
    assert PLACE.read_text(encoding="utf-8") == written(described()), (
        "the API has changed: `python -m api.document` writes its document anew"
    )
    assert reader.get("/openapi.json").json() == DOCUMENT


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_every_operation_is_described(method: str, path: str, operation: dict[str, object]) -> None:
    assert operation["description"], (method, path)
    parameters = operation.get("parameters", [])
    assert isinstance(parameters, list)
    for parameter in parameters:
        if parameter["in"] == "query":
            assert parameter.get("description"), (path, parameter["name"])


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_every_operation_stands_in_the_page_on_the_api(
    method: str, path: str, operation: dict[str, object]
) -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "api.md").read_text(encoding="utf-8")
    assert f"`{method.upper()} {path}`" in page
    parameters = operation.get("parameters", [])
    assert isinstance(parameters, list)
    for parameter in parameters:
        if parameter["in"] == "query":
            assert f"`{parameter['name']}`" in page, (path, parameter["name"])
