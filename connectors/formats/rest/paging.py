"""How one page of a list leads to the next. Pure: an answer in, the next request out."""

import re
from collections.abc import Mapping
from typing import Any, Literal, Self
from urllib.parse import urljoin

from pydantic import Field, model_validator

from catalogue.errors import NeedsPerson
from catalogue.model import Json
from connectors.base import Config
from connectors.formats.rest.expressions import Expression, find
from connectors.http.addresses import HIDDEN, may_share_credentials, shown

_LINK = re.compile(r"<([^>]*)>([^<]*)")  # RFC 8288, one target with its parameters
_NEXT = re.compile(r""";\s*rel\s*=\s*("[^"]*\bnext\b[^"]*"|next\b)""", re.IGNORECASE)
LONGEST = 2000  # characters; some services put a whole query into the token of a page
Position = Json  # empty: the first page


class Paging(Config):
    """How the list goes on after its first page."""

    kind: Literal["none", "page", "offset", "cursor", "next", "link"] = Field(
        "none",
        description="By page number, offset, cursor, `next` link in the answer, or Link header.",
    )
    parameter: str = Field("", description="Query parameter of the page, offset or cursor.")
    start: int | None = Field(None, ge=0, description="First page or offset; else 1 and 0.")
    next: Expression = Field("", description="JMESPath of the next cursor or next link.")
    total: Expression = Field("", description="JMESPath of how many items there are in all.")
    max_pages: int = Field(1000, gt=0, description="More pages than this are refused.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        needed = {"page": "parameter", "offset": "parameter", "cursor": "parameter next"}
        names = needed.get(self.kind, "next" if self.kind == "next" else "").split()
        if missing := [name for name in names if not getattr(self, name)]:
            raise ValueError(f"{self.kind} needs {' and '.join(missing)}")
        return self

    @property
    def first(self) -> int:
        return self.start if self.start is not None else int(self.kind == "page")

    def parameters(self, position: Position) -> dict[str, str | int]:
        """What the query says of the position."""
        if self.kind in ("page", "offset"):
            return {self.parameter: position.get("at", self.first)}
        if self.kind == "cursor" and position:
            return {self.parameter: position["at"]}
        return {}

    def following(
        self, position: Position, answer: Any, headers: Mapping[str, str], count: int
    ) -> Position | None:
        """Where the next page is; None after the last. `count` is of this page's items.

        A page shorter than was asked for is not taken for the last one: services cap the size.
        """
        if self.kind in ("page", "offset"):
            return self._counted(position, answer, count)
        if self.kind == "link":
            return _at(next_link(headers.get("link", "")))
        return _at(self._found(self.next, answer)) if self.kind != "none" else None

    def _counted(self, position: Position, answer: Any, count: int) -> Position | None:
        seen = position.get("seen", 0) + count
        total = self.total_of(answer)
        if not count or (total is not None and seen >= total):
            return None
        step = count if self.kind == "offset" else 1
        return {"at": position.get("at", self.first) + step, "seen": seen}

    def total_of(self, answer: Any) -> int | None:
        value = str(self._found(self.total, answer)) if self.total else ""
        return int(value) if value.isascii() and value.isdigit() else None

    @staticmethod
    def _found(expression: str, answer: Any) -> Any:
        try:
            return find(expression, answer)
        except ValueError as error:
            raise NeedsPerson(f"paging: {error}") from None


def _at(value: Any) -> Position | None:
    return {"at": value} if value not in (None, "", False) else None


def next_link(header: str) -> str:
    """The target of a Link header's rel="next", or nothing."""
    return next((t for t, more in _LINK.findall(header) if _NEXT.search(more)), "")


def linked(current: str, link: Any) -> str:
    """The whole address of a next link. Raises NeedsPerson for one that leads elsewhere."""
    target = urljoin(current, str(link).strip())
    try:
        near = may_share_credentials(current, target)
    except ValueError:
        near = False
    if not near:
        raise NeedsPerson(f"the next page is said to be at {shown(target)}, which is another site")
    return target


def keepable(paging: Paging, position: Position) -> bool:
    """Whether a cursor may hold the position: short, and no address with something secret in it."""
    at = str(position.get("at", ""))
    address = paging.kind in ("next", "link")
    return len(at) <= LONGEST and not (address and HIDDEN in shown(at))
