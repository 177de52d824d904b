"""The web application: the API and the pages, over what it is handed."""

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
from api.rendering import STATIC, failed
from api.services import Services
from catalogue.errors import SkillshelfError
from config.settings import Settings

DESCRIPTION = """\
Finds an organisation's learning content by words and by skills, opened at the place that teaches.

An unknown parameter is an error that names the nearest known one. Errors are problem details
(RFC 9457). Where API keys are configured, each call needs one and sees what its groups may see.
"""


def create_app(services: Services) -> FastAPI:
    app = FastAPI(
        title="Skillshelf",
        version="1",
        description=DESCRIPTION,
        docs_url=None,  # the stock pages load scripts from another host
        redoc_url=None,
        openapi_url="/openapi.json",
        middleware=[Middleware(Guard, hosts=known_hosts(services.settings))],
    )
    app.state.services = services
    app.state.desk = Desk(services, NamedSkills(services.taxonomy, services.skill_search))
    for error in (SkillshelfError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(error, failed)
    for part in (search, items, skills, operations, health, pages, sign_in):
        app.include_router(part.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.state.parameters = known_parameters(app.openapi())
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
