"""Walking the pages of a list from wherever an earlier run stopped."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from pydantic import Field, SecretStr

from catalogue.errors import NeedsPerson
from catalogue.hashing import content_hash
from catalogue.model import Cursor
from connectors.base import Config
from connectors.formats.rest.access import Access, Auth
from connectors.formats.rest.expressions import Expression, find
from connectors.formats.rest.fields import Meaning
from connectors.formats.rest.paging import Paging, Position, linked
from connectors.http.addresses import shown

# Asked for once more: clocks of a service's machines differ, and its list lags behind its changes.
OVERLAP = timedelta(hours=1)


class Delta(Config):
    """How the service is asked for what changed."""

    parameter: str = Field(min_length=1, description="Query parameter of the earliest change.")
    format: Literal["iso", "date", "seconds", "milliseconds"] = Field(
        "iso", description="How the parameter writes that time."
    )
    every: int = Field(
        10, ge=0, description="Every so many runs list all, so that what vanished is noticed."
    )

    def since(self, mark: str) -> dict[str, str | int]:
        moment = datetime.fromisoformat(mark) - OVERLAP
        written: dict[str, str | int] = {
            "iso": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "date": moment.date().isoformat(),
            "seconds": int(moment.timestamp()),
            "milliseconds": int(moment.timestamp() * 1000),
        }
        return {self.parameter: written[self.format]}


class Listing(Meaning):
    """Where the list lies and how it is read."""

    url: str = Field(pattern=r"^https?://[^\s/?#]+\S*$", description="Address of the list.")
    secret: SecretStr | None = Field(
        None, description="Token, key, password or client's secret, as `auth.kind` says."
    )
    auth: Auth = Field({}, validate_default=True, description="How the secret is shown.")
    params: Mapping[str, str | int] = Field({}, description="Query of every request.")
    headers: Mapping[str, str] = Field({}, description="Headers of every request; no secrets.")
    paging: Paging = Field({}, validate_default=True, description="How the list goes on.")
    items: Expression = Field("@", description="JMESPath of the items in an answer.")
    key: Expression = Field(min_length=1, description="JMESPath of what names an item for ever.")
    deleted: Expression = Field("", description="JMESPath that is true for what is withdrawn.")
    delta: Delta | None = Field(None, description="Where the service can tell what changed.")


@dataclass(frozen=True, slots=True)
class Page:
    """`total` is how many items the service says there are; `following` None after the last."""

    items: list[Any]
    following: Position | None
    total: int | None
    date: str  # by the service's own clock, as ISO 8601; empty where it shows none


@dataclass(frozen=True, slots=True)
class Plan:
    """One run: from when on it asks, where it goes on from, and what it leaves to the next.

    `mark` is when the last finished walk began, by the service's clock; `runs` counts those since
    one that listed everything.
    """

    reading: str
    mark: str = ""
    runs: int = 0
    since: str = ""
    began: str = ""
    start: Position = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: Cursor, listing: Listing) -> "Plan":
        reading = content_hash(listing.model_dump(mode="json", exclude={"secret"}))
        if cursor.get("reading") != reading:
            return cls(reading)
        if cursor.get("start"):
            return cls(**cursor)
        mark, runs, delta = cursor.get("mark", ""), cursor.get("runs", 0), listing.delta
        due = delta is None or (delta.every > 0 and runs >= delta.every)
        return cls(reading, mark, runs, since="" if due else mark)

    @property
    def whole(self) -> bool:
        return not self.since and not self.start

    def midway(self, began: str, at: Position) -> Cursor:
        return asdict(replace(self, began=began, start=at))

    def after(self, began: str, complete: bool) -> Cursor:
        runs = 0 if complete else self.runs + 1
        return {"reading": self.reading, "mark": began, "runs": runs}


def walk(listing: Listing, access: Access, plan: Plan) -> Iterator[Page]:
    """The pages that the plan asks for. Raises NeedsPerson for a list without an end.

    A start that the service no longer knows (a cursor that has expired) is the beginning instead.
    """
    position, seen = plan.start, set[str]()
    for _ in range(listing.paging.max_pages):
        try:
            page = _page(listing, access, plan.since, position)
        except NeedsPerson:
            if not position or seen:
                raise
            position = {}
            page = _page(listing, access, plan.since, position)
        yield page
        marks = {content_hash(["at", page.following])}
        marks |= {content_hash(page.items)} if page.items else set()
        if page.following is None:
            return
        if marks & seen:
            raise NeedsPerson(
                f"{shown(listing.url)}: its pages go in circles; check `paging`, perhaps its"
                " `parameter`"
            )
        seen |= marks
        position = page.following
    raise NeedsPerson(
        f"{shown(listing.url)} has more than {listing.paging.max_pages} pages;"
        " raise `paging.max_pages` if that is right"
    )


def _page(listing: Listing, access: Access, since: str, position: Position) -> Page:
    url, params = listing.url, dict(listing.params)
    params |= listing.delta.since(since) if listing.delta and since else {}
    if position and listing.paging.kind in ("next", "link"):
        url, params = linked(listing.url, position["at"]), {}
    read = access.get(url, params | listing.paging.parameters(position), listing.headers)
    items = _items(listing, read.answer)
    following = listing.paging.following(position, read.answer, read.headers, len(items))
    if following and listing.paging.kind in ("next", "link"):
        following = {"at": access.bare(linked(read.url, following["at"]))}
    return Page(items, following, listing.paging.total_of(read.answer), _date(read.headers))


def _date(headers: Mapping[str, str]) -> str:
    try:
        return parsedate_to_datetime(headers.get("date", "")).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return ""


def _items(listing: Listing, answer: Any) -> list[Any]:
    try:
        found = find(listing.items, answer)
    except ValueError as error:
        raise NeedsPerson(f"items: {error}") from None
    if isinstance(found, list):
        return found
    there = ", ".join(list(answer)[:12]) if isinstance(answer, Mapping) else type(answer).__name__
    raise NeedsPerson(
        f"{shown(listing.url)}: no list at `{listing.items}`; correct `items`."
        f" The answer holds: {there}"
    )
