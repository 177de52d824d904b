"""Transcripts as JSON: the podcast namespace's, YouTube's json3, speech recognisers' segments."""

import json
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from catalogue.errors import BadItem
from connectors.formats.captioncues import Captions, Cue


class _Form(NamedTuple):
    start: str
    end: str
    length: str
    text: str
    units: int  # in a second


_FORMS = (
    _Form("startTime", "endTime", "", "body", 1),  # podcastindex.org/namespace, transcripts
    _Form("tStartMs", "", "dDurationMs", "segs", 1000),  # YouTube's json3
    _Form("start", "end", "duration", "content", 1000),  # subsrt
    _Form("start", "end", "duration", "text", 1),  # Whisper and its kin
)


def read(text: str) -> Captions:
    """Raises BadItem for what is no transcript."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        raise BadItem("begins like JSON but is not") from None
    lines = whole if isinstance(whole, list) else _listed(whole)
    cues = [cue for line in lines if isinstance(line, Mapping) and (cue := _cue(line))]
    if lines and not cues:
        raise BadItem("is JSON but no transcript: none of its lines has a start and a text")
    language = whole.get("language") if isinstance(whole, Mapping) else ""
    return Captions(tuple(cues), language if isinstance(language, str) else "")


def _listed(whole: Mapping[str, Any]) -> list[Any]:
    for name in ("segments", "events"):
        if isinstance(whole.get(name), list):
            return list(whole[name])
    raise BadItem(f"is JSON but no transcript; its fields are {', '.join(list(whole)[:8])}")


def _cue(line: Mapping[str, Any]) -> Cue | None:
    form = next((f for f in _FORMS if f.start in line and f.text in line), None)
    start = _number(line.get(form.start)) if form else None
    if form is None or start is None:
        return None
    end = _number(line.get(form.end))
    until = start + (_number(line.get(form.length)) or 0) if end is None else end
    return Cue(start / form.units, until / form.units, _words(line[form.text]))


def _words(said: Any) -> str:
    if isinstance(said, list):
        return "".join(str(s.get("utf8") or "") for s in said if isinstance(s, Mapping))
    return said if isinstance(said, str) else ""


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if 0 <= number < math.inf else None
