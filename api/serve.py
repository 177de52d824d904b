"""Serving the application until somebody ends it."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from api.callers import check_exposure
from api.services import Services
from catalogue.errors import BadConfig, Busy, NeedsPerson
from config.settings import Settings

# Connections that wait for others to be answered; beyond it, 503 rather than ever longer waits.
MOST_CONNECTIONS = 512


def check(services: Services) -> None:
    """Raises BadConfig where others could reach the server and no API key is configured."""
    check_exposure(services.settings, has_keys=bool(services.catalogue.keys.list()))


def server(app: FastAPI) -> uvicorn.Server:
    """A server of `app`, to run on the socket of `bound`; setting `should_exit` ends it.

    Raises BadConfig like `check`.
    """
    settings = app.state.services.settings
    check(app.state.services)
    # At "info" uvicorn tells only that it starts and ends: a person at a terminal knows that.
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


@contextmanager
def bound(settings: Settings) -> Iterator[socket.socket]:
    """A socket at the settings' host and port, for a server to listen on.

    Raises Busy where the port is taken, BadConfig where the host is no address of this machine,
    NeedsPerson where the system reserves the port.
    """
    host, port = settings.host, settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small packets at once only on sockets that name their protocol: 40 ms an answer.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind((host, port))
        except OSError as error:
            raise _refusal(error, host, port) from error
        yield opened


def _refusal(error: OSError, host: str, port: int) -> NeedsPerson:
    if error.errno == errno.EADDRINUSE:
        return Busy(f"port {port} of {host} is taken; set SKILLSHELF_PORT to a free one")
    if error.errno == errno.EACCES:
        return NeedsPerson(f"port {port} is reserved here; set SKILLSHELF_PORT to one above 1023")
    return BadConfig(f"host: {host!r} is no address of this machine; set SKILLSHELF_HOST")
