"""Errors as RFC 9457 problem details: what went wrong and what to do, never how we are built."""

import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from catalogue.errors import BadRequest, Busy, NotFound, SkillshelfError, TryLater
from config.nearest import nearest

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5  # where whoever asks us to wait does not say how long


_HTTP = {404: "there is nothing at this address", 405: "this address does not do that"}


class Refused(SkillshelfError):
    """The request cannot be served as it stands. `more` are further members of the problem."""

    def __init__(self, status: int, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.more = more


def unknown_parameter(name: str, known: Sequence[str]) -> Refused:
    hint = nearest(name, known) if known else "there are none here"
    return Refused(400, f'unknown parameter "{name[:80]}"; {hint}', known=sorted(known))


def bad_value(field: str, message: str, **more: Any) -> Refused:
    return Refused(
        400, f"{field}: {message}", errors=[{"field": field, "message": message}], **more
    )


def refusal(error: Exception) -> tuple[Refused, Mapping[str, str]]:
    """What the caller is told of `error`, and the headers that go with it.

    The text of an error that concerns the installation may name files; it is for the log alone.
    """
    match error:
        case Refused():
            return error, {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
        case RequestValidationError():
            return _invalid(error.errors()), {}
        case HTTPException():
            return Refused(error.status_code, _HTTP.get(error.status_code, error.detail)), (
                error.headers or {}
            )
        case BadRequest():
            return Refused(400, str(error)), {}
        case NotFound():
            return Refused(404, str(error)), {}
        case TryLater():
            wait = math.ceil(error.retry_after or RETRY_AFTER_S)
            return Refused(503, "busy just now; please try again"), {"Retry-After": str(wait)}
        case Busy():
            return Refused(409, "another process is at work on this; please try again"), {}
        case _:
            return Refused(500, "this failed inside the server; its log says why"), {}


def problem(refused: Refused, headers: Mapping[str, str]) -> Response:
    content = {
        "type": "about:blank",
        "title": HTTPStatus(refused.status).phrase,
        "status": refused.status,
        "detail": str(refused),
        **refused.more,
    }
    return JSONResponse(content, refused.status, dict(headers), media_type=MEDIA_TYPE)


def _invalid(errors: Sequence[Mapping[str, Any]]) -> Refused:
    told = [_told(error) for error in errors]
    detail = "; ".join(f"{one['field']}: {one['message']}" for one in told)
    return Refused(400, detail, errors=told)


def _told(error: Mapping[str, Any]) -> dict[str, str]:
    """One of pydantic's errors, without the value: it may be long, and the caller has it."""
    where = [str(part) for part in error["loc"]]
    if error["type"] == "json_invalid":
        return {"field": "body", "message": "not valid JSON"}
    named = [part for part in where[1:] if not part.isdigit()] or where[:1]
    message = str(error["msg"]).removeprefix("Value error, ")
    return {"field": ".".join(named), "message": message[:1].lower() + message[1:]}
