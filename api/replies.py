"""Answers that are JSON already, and what every operation's description says of errors."""

import json
from typing import Any

import orjson
from starlette.responses import Response

from api.models import Problem
from api.problems import MEDIA_TYPE


class Json(Response):
    """JSON of a value that needs no validation. Text may hold lone surrogates: they become "?"."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        try:
            return orjson.dumps(content)
        except TypeError:  # lone surrogates
            text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
            return text.encode("utf-8", "replace")


def errors(*codes: int) -> dict[int | str, dict[str, Any]]:
    """Descriptions of these problems, besides 400 and 401, which every operation may answer."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        code: {"model": Problem, "description": _MEANINGS[code], "content": content}
        for code in (400, 401, *codes)
    }


_MEANINGS = {
    400: "A parameter is unknown or has a value that is not allowed.",
    401: "An API key is needed, or the one given is not known.",
    403: "Sent by a page of another site.",
    404: "No such thing, or not for this caller.",
    503: "Busy just now; `Retry-After` says when to try again.",
}
