"""The web application: the API and the pages, over what it is handed."""

from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from api import health, items, operations, pages, search, sign_in, skills
from api.callers import is_exposed
from api.desk import Desk
from api.guard import Guard, host_name
from api.named_skills import NamedSkills
from api.parameters import known_parameters
from api.problems import MEDIA_TYPE
from api.rendering import STATIC, failed
from api.services import Services
from catalogue.errors import SkillshelfError
from config.settings import Settings

DESCRIPTION = """\
Finds an organisation's learning content by words and by skills, opened at the place that teaches.

An unknown parameter is an error that names the nearest known one. Errors are problem details
(RFC 9457). Where API keys are configured, each call needs one and sees what its groups may see.
"""


class Application(FastAPI):
    """Its document tells errors as they are: problem details, and 400 where FastAPI says 422."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = corrected(super().openapi())
        return self.openapi_schema


def corrected(document: dict[str, Any]) -> dict[str, Any]:
    for methods in document["paths"].values():
        for operation in methods.values():
            operation["responses"].pop("422", None)
            for response in operation["responses"].values():
                if MEDIA_TYPE in response.get("content", ()):
                    response["content"].pop("application/json", None)
    for unused in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(unused, None)
    return document


def create_app(services: Services) -> FastAPI:
    """The application, ready to be served."""
    hosts = known_hosts(services.settings)
    app = described(Middleware(Guard, hosts=hosts))
    app.state.services = services
    app.state.desk = Desk(services, NamedSkills(services.taxonomy, services.skill_search))
    app.openapi_schema = document()
    app.state.parameters = known_parameters(app.openapi_schema)
    return app


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document, the same for every application: made once, in 90 ms."""
    return described().openapi()


def described(*middleware: Middleware) -> FastAPI:
    """The application without what it serves from: enough for its OpenAPI document."""
    app = Application(
        title="Skillshelf",
        version="1",
        description=DESCRIPTION,
        docs_url=None,  # the stock pages load scripts from another host
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
        openapi_url="/openapi.json",
        middleware=list(middleware),
    )
    for error in (SkillshelfError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(error, failed)
    for part in (search, items, skills, operations, health, pages, sign_in):
        app.include_router(part.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


def known_hosts(settings: Settings) -> frozenset[str] | None:
    """Names this server answers to; None: any.

    A server for this machine alone answers to this machine's names alone: a page of another site
    could otherwise have its own name resolve to 127.0.0.1 and read everything (DNS rebinding).
    Elsewhere each call shows a key that such a page does not have.
    """
    if is_exposed(settings):
        return None
    return frozenset({"localhost", "127.0.0.1", "::1", host_name(settings.host)} - {""})
