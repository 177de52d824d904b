"""The scheduler: a deployment for every source, run as it falls due.

A module of its own, since each run imports `flows.scheduled` anew by its name.
"""

from prefect import serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Schedule as PrefectSchedule
from prefect.types.entrypoint import EntrypointType

from config.schedule import Schedule
from config.settings import load_settings
from config.sources import SourceSpec, load_sources
from flows.scheduled import check_all_links, ingest_source

# Two sources at a time on a machine that also serves; one source never runs twice at once.
RUNS_AT_ONCE = 2
ONE_AT_A_TIME = ConcurrencyLimitConfig(
    limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
)
LINKS_AT = "23 3 * * *"


def deployment(spec: SourceSpec) -> RunnerDeployment:
    """The deployment of one source; without a schedule it is run by hand only."""
    made = ingest_source.to_deployment(
        name=spec.name,
        parameters={"source": spec.name},
        schedules=[prefect_schedule(spec.schedule)] if spec.schedule else None,
        concurrency_limit=ONE_AT_A_TIME,
        description=f"{spec.connector}, owned by {spec.owner}",
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    assert isinstance(made, RunnerDeployment)
    return made


def links_deployment() -> RunnerDeployment:
    """The check of links, once a night; what is not due is not asked."""
    made = check_all_links.to_deployment(
        name="links",
        schedules=[PrefectSchedule(cron=LINKS_AT, timezone="UTC")],
        concurrency_limit=ONE_AT_A_TIME,
        description="asks whether the items are still where their links say",
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
    serve(*(deployment(spec) for spec in specs.values()), links_deployment(), limit=RUNS_AT_ONCE)


if __name__ == "__main__":
    main()
