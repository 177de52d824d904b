"""Captions as XML: TTML and its older name DFXP, and the two forms that YouTube serves."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from catalogue.errors import BadItem
from connectors.formats.captioncues import Captions, Cue
from connectors.formats.xml import parse

_DECLARED = re.compile(r"\A<\?xml[^>]*\?>")
_CLOCK = re.compile(r"(?:(\d{1,6}):)?(\d{1,6}):(\d{1,6}(?:\.\d+)?)(?::(\d{1,6})(?:\.\d+)?)?")
_OFFSET = re.compile(r"(\d{1,15}(?:\.\d+)?)(h|m|s|ms|f|t)?")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_Time = Callable[[str | None], float | None]


def read(text: str) -> Captions:
    """Raises BadItem for XML that holds no captions."""
    # The text is decoded already, so the encoding it declares is no longer true.
    root = parse(_DECLARED.sub("", text).encode("utf-8", "replace"), recover=True)
    name = _local(root)
    if name == "tt":
        return Captions(tuple(_ttml(root)), root.get(_LANGUAGE) or "")
    if name in ("transcript", "timedtext"):
        return Captions(tuple(_youtube(root)))
    raise BadItem(f"is XML but no captions: its root is {name[:40]!r}")


def _ttml(root: Any) -> Iterator[Cue]:
    time = _clock(root)
    for body in root.iterchildren("{*}body"):
        yield from _timed(body, 0, None, time)


def _timed(element: Any, start: float, end: float | None, time: _Time) -> Iterator[Cue]:
    """Cues of a container; its times count from its parent's start (TTML2, 12.2.4)."""
    given, until, length = (time(element.get(name)) for name in ("begin", "end", "dur"))
    if given is None and element.get("begin"):
        return  # a time that cannot be read: the rest of the file can
    begin = start + (given or 0)
    end = start + until if until is not None else end
    end = begin + length if length is not None else end
    inner = any(below.get("begin") for below in element.iterdescendants("{*}*"))
    if _local(element) in ("p", "span") and not inner:
        yield Cue(begin, begin if end is None else end, _text(element))
    elif _local(element) not in ("metadata", "p") or inner:
        for child in element.iterchildren("{*}*"):
            yield from _timed(child, begin, end, time)


def _text(element: Any) -> str:
    words = [" ".join((element.text or "").split("\n"))]
    for child in element.iterchildren():
        words.append("\n" if _local(child) == "br" else _text(child))
        words.append(" ".join((child.tail or "").split("\n")))
    return "".join(words)


def seconds(said: str | None, frames: float = 30, ticks: float = 1) -> float | None:
    """A time as clocks show it or with a unit, by rates a second; a bare number is seconds."""
    said = (said or "").strip()
    if clock := _CLOCK.fullmatch(said):
        hours, minutes, rest, frame = clock.groups()
        whole = int(hours or 0) * 3600 + int(minutes) * 60
        return whole + float(rest) + int(frame or 0) / frames
    units = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "f": 1 / frames, "t": 1 / ticks}
    offset = _OFFSET.fullmatch(said)
    return float(offset[1]) * units[offset[2] or "s"] if offset else None


def _clock(root: Any) -> _Time:
    """Reads times by the rates that the document sets (TTML2, 12.3.1)."""
    rates = {_bare(name): value for name, value in root.attrib.items()}
    frames = _rate(rates.get("frameRate"), 30) * _multiplied(rates.get("frameRateMultiplier"))
    ticks = _rate(rates.get("tickRate"), frames if "frameRate" in rates else 1)
    return partial(seconds, frames=frames, ticks=ticks)


def _local(element: Any) -> str:
    return _bare(element.tag)


def _bare(name: str) -> str:
    return name.rpartition("}")[2]


def _rate(said: str | None, default: float) -> float:
    return float(said) if said and re.fullmatch(r"[1-9]\d{0,8}", said) else default


def _multiplied(said: str | None) -> float:
    ratio = re.fullmatch(r"([1-9]\d{0,8})[ :]([1-9]\d{0,8})", said or "")
    return int(ratio[1]) / int(ratio[2]) if ratio else 1.0


def _youtube(root: Any) -> Iterator[Cue]:
    """`<text start dur>` in seconds, escaped twice, or `<p t d>` in milliseconds."""
    for element in root.iter("{*}text", "{*}p"):
        names, units = (("t", "d"), 1000) if _local(element) == "p" else (("start", "dur"), 1)
        start, length = (_OFFSET.fullmatch(element.get(name) or "") for name in names)
        if start:
            begin = float(start[1]) / units
            yield Cue(begin, begin + (float(length[1]) / units if length else 0), _text(element))
