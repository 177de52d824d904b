"""Values as JSON and back, without loss. Fields at their default are left out.

Reading is strict: an unknown field, kind or level raises, because it means that the data was
written by another version.
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from catalogue.model import (
    Counters,
    Delivery,
    Draft,
    Evidence,
    Kind,
    Level,
    Locator,
    Part,
    Passage,
    Place,
    Session,
)

Written = dict[str, Any]


def write_draft(draft: Draft) -> Written:
    """Everything but the parts."""
    written = _written(draft, leave_out=("parts",))
    if draft.sessions:
        written["sessions"] = [_written(session) for session in draft.sessions]
    return written


def read_draft(data: Mapping[str, Any], parts: tuple[Part, ...] = ()) -> Draft:
    read = {name: _READ[name](value) if name in _READ else value for name, value in data.items()}
    return Draft(**read, parts=parts)


def write_parts(parts: Iterable[Part]) -> list[Written]:
    return [_with_locator(part) for part in parts]


def read_parts(data: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    return tuple(Part(**_locate(part)) for part in data)


def write_passages(passages: Iterable[Passage]) -> list[Written]:
    return [_with_locator(passage) for passage in passages]


def read_passages(data: Iterable[Mapping[str, Any]]) -> tuple[Passage, ...]:
    return tuple(Passage(**_locate(passage)) for passage in data)


def write_evidence(evidence: Iterable[Evidence]) -> list[list[int]]:
    return [[e.passage, e.start, e.end] for e in evidence]


def read_evidence(data: Iterable[Iterable[int]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(*numbers) for numbers in data)


def write_counters(counters: Counters) -> Written:
    return _written(counters)


def read_counters(data: Mapping[str, int]) -> Counters:
    return Counters(**data)


def _written(value: Any, leave_out: tuple[str, ...] = ()) -> Written:
    named = ((f.name, getattr(value, f.name), f.default) for f in dataclasses.fields(value))
    return {name: _plain(v) for name, v, at in named if name not in leave_out and v != at}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(map(_plain, value)) if isinstance(value, tuple) else value


def _with_locator(value: Part | Passage) -> Written:
    written = _written(value)
    if value.locator is not None:
        where = value.locator
        written["locator"] = [where.place, where.value, where.url]
    return written


def _locate(data: Mapping[str, Any]) -> Written:
    if "locator" not in data:
        return dict(data)
    place, value, url = data["locator"]
    return {**data, "locator": Locator(Place(place), value, url)}


def _sessions(data: Iterable[Mapping[str, Any]]) -> tuple[Session, ...]:
    return tuple(Session(**{n: _READ.get(n, _as_is)(v) for n, v in one.items()}) for one in data)


def _as_is(value: Any) -> Any:
    return value


_READ: Mapping[str, Callable[[Any], Any]] = {
    "kind": Kind,
    "level": Level,
    "delivery": Delivery,
    "published": datetime.fromisoformat,
    "updated": datetime.fromisoformat,
    "start": datetime.fromisoformat,
    "end": datetime.fromisoformat,
    "sessions": _sessions,
    "authors": tuple,
    "subjects": tuple,
    "skills": tuple,
    "prerequisites": tuple,
    "visibility": tuple,
    "unmapped": lambda pairs: tuple((field, word) for field, word in pairs),
}
