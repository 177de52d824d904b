"""The steps as Prefect flows, and a deployment with a schedule for every source that has one.

`python -m flows.scheduled` is the scheduler: it tells the Prefect server which deployments there
are and runs what falls due, each run in a process of its own.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from prefect import flow, get_run_logger, serve, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule
from prefect.deployments.runner import EntrypointType, RunnerDeployment
from prefect.schedules import Schedule as PrefectSchedule
from prefect.states import Completed, State
from prefect.tasks import exponential_backoff

from catalogue.errors import NeedsPerson, TryLater
from catalogue.model import Outcome
from config.schedule import Schedule
from config.settings import load_settings
from config.sources import SourceSpec, load_sources
from flows.ingest import ingest
from flows.report import report
from flows.workshop import Workshop

RETRIES = 3
# Two sources at a time on a machine that also serves; one source never runs twice at once.
RUNS_AT_ONCE = 2


def worth_retrying(_task: Any, _run: Any, state: Any) -> bool:
    """Only what may go better by itself: a source that is down, not one that needs a person."""
    return isinstance(state.result(raise_on_failure=False), TryLater)


def as_task(name: str, work: Callable[[], None]) -> None:
    """Run a step as a Prefect task with retries."""
    task(
        work,
        name=name,
        retries=RETRIES,
        retry_delay_seconds=exponential_backoff(backoff_factor=10),
        retry_jitter_factor=0.5,
        retry_condition_fn=worth_retrying,
        cache_policy=NO_CACHE,
        persist_result=False,
    )()


@flow(name="ingest", flow_run_name="{source}", persist_result=False)
def ingest_source(source: str) -> State[Any]:
    """Ingest one source, and leave a table of what happened for the curator to read."""
    log = get_run_logger()
    with Workshop(load_settings()) as shop:
        spec = shop.spec(source)
        now = datetime.now(UTC)
        if spec.schedule and not spec.schedule.in_window(now):
            opens = spec.schedule.next_open(now)
            return Completed(message=f"outside its window, next at {opens}", name="Skipped")
        run = ingest(shop, source, step=as_task)
        text = report(run, shop.catalogue.failures.list(source))
    create_markdown_artifact(text, key=f"ingest-{artifact_key(source)}", description=source)
    log.info("%s: %s", source, run.outcome)
    if run.outcome is Outcome.FAILED:
        raise NeedsPerson(run.message)
    return Completed(message=str(run.outcome))


def artifact_key(source: str) -> str:
    """Prefect's keys hold lower-case letters, digits and dashes."""
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in source.lower()).strip("-")


def deployment(spec: SourceSpec) -> RunnerDeployment:
    """The deployment of one source; without a schedule it is run by hand only."""
    made = ingest_source.to_deployment(
        name=spec.name,
        parameters={"source": spec.name},
        schedules=[prefect_schedule(spec.schedule)] if spec.schedule else None,
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy="CANCEL_NEW"),
        description=f"{spec.connector}, owned by {spec.owner}",
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    assert isinstance(made, RunnerDeployment)
    return made


def prefect_schedule(schedule: Schedule) -> PrefectSchedule:
    if schedule.cron:
        return PrefectSchedule(cron=schedule.cron, timezone=schedule.timezone)
    return PrefectSchedule(interval=schedule.every, timezone=schedule.timezone)


def main() -> None:
    specs = load_sources(load_settings().sources)
    serve(*(deployment(spec) for spec in specs.values()), limit=RUNS_AT_ONCE)


if __name__ == "__main__":
    main()
