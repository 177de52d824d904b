"""Pages made of templates, and the form in which an error reaches its reader."""

import logging
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.guard import HEADERS
from api.problems import Refused, problem, refusal

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
STATIC = HERE / "static"
FORM = "application/x-www-form-urlencoded"
PROGRAMS = ("/api/", "/healthz", "/readyz", "/openapi.json")

# Everything a template prints is escaped, and a misspelt name is an error instead of nothing.
_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    return HTMLResponse(_templates.get_template(template).render(values), status)


async def failed(request: Request, error: Exception) -> Response:
    """The answer to a request that met `error`: a problem for programs, a page for people."""
    refused, headers = refusal(error)
    if refused.status >= 500:
        log.error("%s %s: %s: %s", request.method, request.url.path, type(error).__name__, error)
    if request.url.path.startswith(PROGRAMS):
        answer = problem(refused, headers)
    elif refused.status == 401:
        answer = RedirectResponse(f"/sign-in?next={quote(_asked_for(request))}", 303)
    else:
        answer = page(
            "error.html", refused.status, error=refused, nearest=refused.more.get("nearest")
        )
    answer.headers.update(HEADERS)  # an unforeseen error is answered outside of the guard
    return answer


def _asked_for(request: Request) -> str:
    if request.method != "GET":
        return "/"
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")


async def form(request: Request) -> dict[str, str]:
    """The fields of a posted form, each once. Raises Refused."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != FORM:
        raise Refused(415, f"send the form as {FORM}")
    body = (await request.body()).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=20))
    except ValueError:
        raise Refused(400, "too many fields") from None
