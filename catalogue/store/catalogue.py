"""The catalogue: one database, seen through small stores."""

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from catalogue.store.changes import Changes
from catalogue.store.database import Clock, Database, open_database, utc_now
from catalogue.store.decisions import Decisions
from catalogue.store.embeddings import Embeddings
from catalogue.store.failures import Failures
from catalogue.store.intake import Intake
from catalogue.store.items import Items
from catalogue.store.keys import Keys
from catalogue.store.links import Links
from catalogue.store.reviews import Reviews
from catalogue.store.runs import Runs
from catalogue.store.sources import Sources
from catalogue.store.works import Works


@dataclass(frozen=True, slots=True)
class Catalogue:
    """An open catalogue. Its stores may be used from many threads."""

    database: Database
    sources: Sources
    intake: Intake
    items: Items
    reviews: Reviews
    decisions: Decisions
    failures: Failures
    runs: Runs
    embeddings: Embeddings
    changes: Changes
    keys: Keys
    works: Works
    links: Links

    @classmethod
    def open(cls, url: str, clock: Clock = utc_now) -> Self:
        """Opens, makes or migrates the catalogue at `sqlite:///PATH` or `postgresql://…`.

        Raises BadConfig (a wrong address, a newer schema), TryLater (no answer), NeedsPerson.
        """
        database = open_database(url, clock)
        return cls(
            database,
            Sources(database),
            Intake(database),
            Items(database),
            Reviews(database),
            Decisions(database),
            Failures(database),
            Runs(database),
            Embeddings(database),
            Changes(database),
            Keys(database),
            Works(database),
            Links(database),
        )

    def close(self) -> None:
        self.database.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
