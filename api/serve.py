"""Serving the application until somebody ends it."""

import uvicorn
from fastapi import FastAPI

from api.callers import check_exposure
from api.services import Services

# Connections that wait for others to be answered; beyond it, 503 rather than ever longer waits.
MOST_CONNECTIONS = 512


def check(services: Services) -> None:
    """Raises BadConfig where others could reach the server and no API key is configured."""
    check_exposure(services.settings, has_keys=bool(services.catalogue.keys.list()))


def server(app: FastAPI) -> uvicorn.Server:
    """A server of `app` at its settings' host and port; setting `should_exit` ends it.

    Raises BadConfig like `check`.
    """
    settings = app.state.services.settings
    check(app.state.services)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_level=settings.log_level,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # addresses in answers come from `public_url`, not from a header
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=5,
    )
    return uvicorn.Server(config)


def serve(app: FastAPI) -> None:
    """Serve until SIGINT or SIGTERM. Raises BadConfig like `check`."""
    server(app).run()
