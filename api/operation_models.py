"""What the API answers about sources, runs and itself."""

from datetime import datetime

from pydantic import Field

from api.models import Model
from catalogue.model import Outcome


class RunAnswer(Model):
    id: int
    source: str
    outcome: Outcome
    started: datetime
    ended: datetime | None
    counters: dict[str, int]
    message: str


class RunsAnswer(Model):
    results: list[RunAnswer]


class HoldAnswer(Model):
    since: datetime
    vanished: int
    live: int


class SourceAnswer(Model):
    name: str
    connector: str
    owner: str
    provider: str
    publishes: str = Field(description="`at once` or `after review`.")
    approved: bool
    items: dict[str, int] = Field(description="Items by state.")
    failures: int = Field(description="Items that wait for repair.")
    held: HoldAnswer | None
    last_run: RunAnswer | None


class SourcesAnswer(Model):
    results: list[SourceAnswer]


class Alive(Model):
    status: str


class Ready(Model):
    status: str
    head: int = Field(description="Number of the catalogue's latest change.")
    applied: int = Field(description="Number of the latest change that search knows.")
    lag: int
