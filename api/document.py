"""`python -m api.document` writes the API's OpenAPI document to docs/openapi.json."""

import json
from pathlib import Path

from fastapi import FastAPI

from api.app import described

PLACE = Path(__file__).parent.parent / "docs" / "openapi.json"


def written(app: FastAPI) -> str:
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    PLACE.write_text(written(described()), encoding="utf-8")
