"""The steps as Prefect flows: retries, and a table of every run for the curator."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed
from prefect.tasks import exponential_backoff

from catalogue.errors import NeedsPerson, TryLater
from catalogue.model import Outcome
from config.settings import load_settings
from flows.check_links import LIMIT, check_all
from flows.ingest import ingest
from flows.processes import step_back
from flows.publish import publish
from flows.report import dead_links, report
from flows.workshop import Workshop

RETRIES = 3


def worth_retrying(_task: Any, _run: Any, state: Any) -> bool:
    """Only what may go better by itself: a source that is down, not one that needs a person."""
    return isinstance(state.result(raise_on_failure=False), TryLater)


def as_task(name: str, work: Callable[[], None]) -> None:
    """Run a step as a Prefect task with retries."""
    task(
        name=name,
        retries=RETRIES,
        retry_delay_seconds=exponential_backoff(backoff_factor=10),
        retry_jitter_factor=0.5,
        retry_condition_fn=worth_retrying,
        cache_policy=NO_CACHE,
        persist_result=False,
    )(work)()


@flow(name="ingest", flow_run_name="{source}", persist_result=False)
def ingest_source(source: str) -> State[Any]:
    """Ingest one source, and leave a table of what happened for the curator to read."""
    log = get_run_logger()
    step_back()
    with Workshop(load_settings()) as shop:
        spec = shop.spec(source)
        now = datetime.now(UTC)
        if spec.schedule and not spec.schedule.in_window(now):
            opens = spec.schedule.next_open(now)
            return Completed(message=f"outside its window, next at {opens}", name="Skipped")
        run = ingest(shop, source, step=as_task)
        stored = shop.catalogue
        text = report(
            run,
            stored.failures.list(source),
            stored.items.unmapped(source),
            stored.links.failing(source),
        )
    create_markdown_artifact(text, key=f"ingest-{artifact_key(source)}", description=source)
    log.info("%s: %s", source, run.outcome)
    if run.outcome is Outcome.FAILED:
        raise NeedsPerson(run.message)
    return Completed(message=str(run.outcome))


@flow(name="check-links", persist_result=False)
def check_all_links() -> State[Any]:
    """Ask for the links that are due, and let search know of what died or came back."""
    with Workshop(load_settings()) as shop:
        checked, turned = check_all(shop, LIMIT)
        if turned:
            publish(shop)
        dead = shop.catalogue.links.failing()
    create_markdown_artifact("\n".join(dead_links(dead)) or "No link is dead.", key="links")
    return Completed(message=f"{checked} checked, {turned} verdicts changed, {len(dead)} dead")


def artifact_key(source: str) -> str:
    """Prefect's keys hold lower-case letters, digits and dashes."""
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in source.lower()).strip("-")
