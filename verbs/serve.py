"""Serving: the API alone, or all of it together."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import ip_address
from socket import socket
from typing import Annotated, Any

import typer

from catalogue.errors import Busy, NeedsPerson, SkillshelfError
from config.environment import adopt, child_environment
from config.settings import Settings
from verbs.home import State, is_sample, make_home
from verbs.output import out, say

EXAMPLE = "what to do when the fire alarm goes off"


def register(app: typer.Typer) -> None:
    app.command()(serve)
    app.command()(up)


def serve(context: typer.Context) -> None:
    """Serve the search API and the page; the index follows the catalogue."""
    from api.serve import bound

    state: State = context.obj
    settings = state.settings()
    refuse_a_second(settings)
    with bound(settings) as place, state.workshop() as shop, serving(shop, place):
        announce(shop.settings)
        wait_for_the_end()


def up(
    context: typer.Context,
    sample: Annotated[
        bool, typer.Option("--sample", help="Make and ingest the sample organisation first.")
    ] = False,
) -> None:
    """Run it all: Prefect's server, the scheduler and the API; Ctrl-C stops them together."""
    from api.serve import bound
    from flows.processes import prefect_ready, prefect_server, scheduler

    state: State = context.obj
    settings = state.settings()
    refuse_a_second(settings)
    if sample:
        make_home(settings.home, sample=True)
    with ExitStack() as running:
        place = running.enter_context(bound(settings))
        if is_sample(settings.home):
            running.enter_context(sample_site())
        prefect = running.enter_context(prefect_server(settings))
        if sample:
            ingest_apart(settings)
        shop = running.enter_context(state.workshop())
        running.enter_context(serving(shop, place))
        announce(settings)
        out.print(f"Prefect      {prefect_ready(settings, prefect)}", markup=False)
        running.enter_context(scheduler(settings))
        if sample:
            show_example(shop)
        out.print("Ctrl-C stops it all.")
        wait_for_the_end()


def refuse_a_second(settings: Settings) -> None:
    """Raises Busy, saying where the first can be asked, before anything slow is begun."""
    from index.lock import publisher

    if at := publisher(settings.index_path):
        raise Busy(f"{settings.home} is served already at {at}; ask there, or stop it first")


@contextmanager
def serving(shop: Any, place: socket) -> Iterator[None]:
    """The API in a thread, answering on a bound socket while the block runs.

    Raises BadConfig, Busy, WrongIndex.
    """
    from api.app import create_app
    from api.serve import server
    from verbs.serving import services

    at = address(shop.settings)
    with services(shop, at) as handed:
        answering = server(create_app(handed))
        thread = threading.Thread(target=answering.run, args=([place],), name="api")
        thread.start()
        try:
            while not answering.started:
                if not thread.is_alive():
                    raise NeedsPerson(f"the server at {at} did not start")
                thread.join(0.02)
            yield
        finally:
            answering.should_exit = True
            thread.join()


def announce(settings: Settings) -> None:
    at = address(settings)
    out.print(f"search page  {at}/", markup=False)
    out.print(f"API docs     {at}/docs", markup=False)


def address(settings: Settings) -> str:
    """Where people reach this server."""
    return (settings.public_url or f"http://{reached(settings.host)}:{settings.port}").rstrip("/")


def reached(host: str) -> str:
    """The host as an address names it; of a server on all addresses, the one that is loopback."""
    try:
        number = ip_address(host)
    except ValueError:
        return host
    if number.is_unspecified:
        return "127.0.0.1"
    return f"[{host}]" if number.version == 6 else host


def ingest_apart(settings: Settings) -> None:
    """Ingest in a process of its own, so that the serving one stays small; its bars are ours."""
    command = [sys.executable, "-m", "cli", "ingest"]
    subprocess.run(command, env=child_environment(settings), check=False)


def show_example(shop: Any) -> None:
    """One search with its answer, as anybody could ask it."""
    from verbs.finding import find
    from verbs.search import show_all

    out.print(f'\nskillshelf search "{EXAMPLE}"\n', markup=False)
    try:
        show_all(find(shop, {"q": EXAMPLE, "limit": 2}))
    except SkillshelfError as error:
        say(str(error))


@contextmanager
def sample_site() -> Iterator[None]:
    """The sample's own web site, and the token its Moodle wants, for us and our children."""
    from verbs.sample_site import PORT, environment, serve_sample

    adopt(environment())
    with ExitStack() as served:
        try:
            served.enter_context(serve_sample())
        except OSError as error:
            raise Busy(
                f"port {PORT}, where the sample organisation's own site answers, is taken; "
                "end what listens there, perhaps another `skillshelf up --sample`"
            ) from error
        yield


def wait_for_the_end() -> None:
    """Returns upon Ctrl-C or SIGTERM."""
    ended = threading.Event()
    for what in (signal.SIGINT, signal.SIGTERM):
        signal.signal(what, lambda *_: ended.set())
    ended.wait()
