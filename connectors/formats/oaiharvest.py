"""One harvest of an OAI-PMH repository, from wherever the last one left off."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from catalogue.errors import BadItem, TryLater
from catalogue.model import Json
from connectors.base import Checkpoint, Event, Failed, Found, Gone
from connectors.formats.oai import Answer, Record
from connectors.formats.oairepository import About, Expired, Repository

# Repositories show a change some time after the date they give it: DSpace's index is rebuilt by
# night. What is listed twice is free, what is missed is missed for good.
OVERLAP = timedelta(days=2)
RESTARTS = 2  # of one list whose tokens expire
AGAIN = 50  # broken records that are asked for one by one next time
NAMELESS = "a record without an identifier"


@dataclass(frozen=True, slots=True)
class Window:
    """What is listed: records of `sets` changed `since` (empty: all), as of `began`.

    `at` is the set under way, `token` where in it.
    """

    began: str
    since: str = ""
    at: int = 0
    token: str = ""


def window(known: Json, about: About, full_days: int) -> Window:
    """The window that was interrupted, else the next one; everything where that is due."""
    if "open" in known:
        return Window(**known["open"])
    due = about.deleted != "persistent" and _days(known.get("full", ""), about.now) >= full_days
    return Window(about.now, "" if due else _since(known.get("until", ""), about.seconds))


def _since(until: str, seconds: bool) -> str:
    moment = _moment(until)
    if moment is None:
        return ""
    return (moment - OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ" if seconds else "%Y-%m-%d")


def _days(earlier: str, later: str) -> float:
    start, end = _moment(earlier), _moment(later)
    return (end - start) / timedelta(days=1) if start and end else 0


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(slots=True)
class Harvest:
    """`known` is the last cursor, `common` what every cursor of this harvest has."""

    repository: Repository
    prefix: str
    sets: tuple[str, ...]
    known: Json
    common: Json
    told: set[str] = field(default_factory=set)
    broken: dict[str, None] = field(default_factory=dict)

    def events(self, open_: Window) -> Iterator[Event]:
        """Every record of the window, and last what the next one begins with."""
        yield from self._again()
        whole = not open_.since and not open_.at and not open_.token
        for at in range(open_.at, len(self.sets or ("",))):
            here = open_ if at == open_.at else replace(open_, at=at, token="")
            restarted = yield from self._set(here)
            whole = whole or (restarted and not open_.since and at == open_.at == 0)
        if self.known.get("nameless") and NAMELESS not in self.broken:
            yield Gone(NAMELESS)
        full = {} if open_.since else {"full": open_.began}
        kept = {"full": self.known.get("full", ""), **full, "until": open_.began}
        yield self._checkpoint(kept, complete=whole and NAMELESS not in self.broken)

    def _set(self, here: Window) -> Generator[Event, None, bool]:
        """One set's records; whether they were listed anew because a token had expired."""
        spec = (self.sets or ("",))[here.at]
        for attempt in range(RESTARTS + 1):
            try:
                pages = self.repository.records(self.prefix, spec, here.since, here.token)
                for answer in pages:
                    yield from self._page(answer)
                    if answer.token:
                        yield self._under_way(replace(here, token=answer.token))
            except Expired as error:
                if attempt == RESTARTS:
                    raise TryLater(f"{error}; its tokens expire too soon") from None
                here = replace(here, token="")
            else:
                break
        return attempt > 0

    def _page(self, answer: Answer) -> Iterator[Event]:
        fresh = [r for r in answer.records if r.identifier not in self.told or not r.identifier]
        for record in fresh:
            self.told.add(record.identifier)
            yield self._event(record)

    def _event(self, record: Record) -> Event:
        key = record.identifier or NAMELESS
        if record.deleted:
            return Gone(key)
        if record.fault:
            self.broken[key] = None
            return Failed(key, BadItem(f"{key} {record.fault}"))
        payload = {"id": key, "date": record.date, "metadata": record.metadata}
        return Found(key, {**payload, "sets": list(record.sets)})

    def _again(self) -> Iterator[Event]:
        """Records that were broken last time: they may have been mended without a new date."""
        for key in self.known.get("again", ()):
            record = self.repository.record(key, self.prefix)
            self.told.add(key)
            yield self._event(record) if record else Gone(key)

    def _under_way(self, here: Window) -> Checkpoint:
        names = ("began", "since", "at", "token")
        kept = {name: self.known[name] for name in ("full", "until") if name in self.known}
        return self._checkpoint({**kept, "open": {name: getattr(here, name) for name in names}})

    def _checkpoint(self, more: Json, complete: bool = False) -> Checkpoint:
        again = [key for key in self.broken if key != NAMELESS][:AGAIN]
        nameless = NAMELESS in self.broken
        kept = {**self.common, **more, "again": again, "nameless": nameless}
        return Checkpoint({name: v for name, v in kept.items() if v}, complete=complete)
