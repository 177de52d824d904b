"""Captions and transcripts of recordings: what is said from which second on.

What a file is shows in its content; suffixes and media types are wrong too often. WebVTT, SubRip
and SBV are read by webvtt-py, the rest by `captionxml` and `captionjson`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO

from catalogue.errors import BadItem
from connectors.extract.text import decode
from connectors.formats import captionjson, captionxml
from connectors.formats.captioncues import Captions, Cue, spoken

SUFFIXES = frozenset({".vtt", ".srt", ".sbv", ".ttml", ".dfxp", ".json3", ".srv1", ".srv3"})
MAX_BYTES = 20 * 2**20  # a ten-hour recording's automatic captions have about 5 million bytes
_JSON = re.compile(r"\{\s*[\"}]|\[\s*[\[{\]]")  # and not [Script Info] or {0}{25}
_LANGUAGE = re.compile(r"\s*Language:\s*(\S{1,40})\s*")
_COMMA = re.compile(r"(\d),(\d{1,3})(?!\d)")


def read(data: bytes) -> Captions:
    """What is said in a file of captions, each line once, without its dress.

    Raises BadItem, whose text goes after the file's name, for what holds no captions that can be
    read. Of a file that is broken in places the rest is read.
    """
    if len(data) > MAX_BYTES:
        raise BadItem(f"is larger than {MAX_BYTES:,} bytes")
    text = decode(data).lstrip("\ufeff \t\r\n")
    if _JSON.match(text):
        found = captionjson.read(text)
    elif text[:1] == "<":
        found = captionxml.read(text)
    else:
        found = _subtitles(text)
    return replace(found, cues=tuple(spoken(found.cues)))


def _subtitles(text: str) -> Captions:
    from webvtt import WebVTT
    from webvtt.errors import MalformedCaptionError, MalformedFileError

    for form, content in _as_written(text):
        try:
            found = WebVTT.from_buffer(StringIO(content), form)
        except (MalformedCaptionError, MalformedFileError):
            continue
        cues = [
            Cue(_seconds(c.start), _seconds(c.end), c.raw_text)
            for c in found.captions
            if c.raw_text.strip()
        ]
        if cues or (form == "vtt" and content is text):  # a WebVTT file may well say nothing
            says = filter(None, map(_LANGUAGE.fullmatch, found.metadata))
            return Captions(tuple(cues), next((match[1] for match in says), ""))
    raise BadItem(f"holds no captions but {text[:60]!r}" if text else "is empty")


def _as_written(text: str) -> Iterator[tuple[str, str]]:
    """What the text may be, the likeliest first. Players read WebVTT that lacks its first line."""
    if text.startswith("WEBVTT"):
        yield "vtt", text
    elif "-->" in text:
        yield "srt", f"{text}\n"
        timed = (_COMMA.sub(r"\1.\2", line) if "-->" in line else line for line in _lines(text))
        yield "vtt", "\n".join(("WEBVTT\n", *timed))
    else:
        yield "sbv", f"{text}\n"


def _lines(text: str) -> list[str]:
    return re.split(r"\r\n|\r|\n", text)


def _seconds(clock: str) -> float:
    hours, minutes, seconds = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
