"""Answers of OAI-PMH 2.0 repositories. https://www.openarchives.org/OAI/openarchivesprotocol.html

An answer that is not well-formed is taken apart record by record, so that one broken record costs
itself alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catalogue.errors import BadItem
from connectors.formats import xml

_ROOT = re.compile(rb"<((?:\w+:)?)OAI-PMH\b[^>]*>")
_DECLARATION = re.compile(rb"^\s*(<\?xml[^>]*\?>)")
# A record of the protocol begins with its header; records inside of metadata (MARC) do not.
_RECORD = re.compile(rb"<((?:\w+:)?)record\b[^>]*>\s*<\1header\b")
_END = re.compile(rb"</(?:\w+:)?record\s*>")
_IDENTIFIER = re.compile(rb"<(?:\w+:)?identifier\s*>\s*([^<]+?)\s*<")
_TOKEN = re.compile(rb"<(?:\w+:)?resumptionToken\b[^>]*>\s*([^<]*?)\s*<")
_DATE = re.compile(rb"<(?:\w+:)?responseDate\s*>\s*([^<]+?)\s*<")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Record:
    """`metadata` is its XML as text, empty for a deleted record. `fault` says what is wrong."""

    identifier: str
    date: str = ""
    sets: tuple[str, ...] = ()
    deleted: bool = False
    metadata: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """`root` is None where the answer had to be taken apart."""

    date: str
    errors: dict[str, str]
    records: tuple[Record, ...]
    token: str
    root: Any = None


def read_answer(data: bytes) -> Answer:
    """Raises BadItem for what is no answer of a repository."""
    try:
        root = xml.parse(data)
    except BadItem as error:
        return _taken_apart(_CONTROL.sub(b"", data), error)
    if _name(root) != "OAI-PMH":
        raise BadItem(f"is no OAI-PMH: its root is {_name(root)!r}")
    return Answer(
        date=text(root, "responseDate"),
        errors={e.get("code", ""): line(e) for e in root.iterchildren("{*}error")},
        records=tuple(map(_record, _records(root))),
        token=next((line(e) for e in root.iterfind("{*}*/{*}resumptionToken")), ""),
        root=root,
    )


def text(element: Any, *path: str) -> str:
    """The text at a path of names, in whatever namespace; empty where there is none."""
    found = element.find("/".join(f"{{*}}{name}" for name in path))
    return "" if found is None else line(found)


def line(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _records(root: Any) -> Iterator[Any]:
    for verb in ("ListRecords", "GetRecord"):
        yield from root.iterfind(f"{{*}}{verb}/{{*}}record")


def _record(element: Any) -> Record:
    header = element.find("{*}header")
    identifier = text(element, "header", "identifier")
    if header is None or not identifier:
        return Record("", fault="has no identifier")
    deleted = header.get("status") == "deleted"
    metadata = None if deleted else element.find("{*}metadata")
    inner = next(iter(metadata), None) if metadata is not None else None
    return Record(
        identifier=identifier,
        date=text(header, "datestamp"),
        sets=tuple(line(spec) for spec in header.iterchildren("{*}setSpec")),
        deleted=deleted,
        metadata="" if inner is None else _written(inner),
        fault="" if deleted or inner is not None else "has no metadata",
    )


def _written(element: Any) -> str:
    from lxml import etree

    return str(etree.tostring(element, encoding="unicode", with_tail=False))


def _taken_apart(data: bytes, error: BadItem) -> Answer:
    """The records one by one, each within the root's own declarations of names."""
    root = _ROOT.search(data)
    starts = [match.start() for match in _RECORD.finditer(data)]
    if root is None or not starts:
        raise error
    declared = _DECLARATION.match(data)
    opening = (declared[1] if declared else b"") + root[0] + b"<ListRecords>"
    closing = b"</ListRecords></" + root[1] + b"OAI-PMH>"
    pieces = [data[a:b] for a, b in zip(starts, [*starts[1:], len(data)], strict=True)]
    records = [_piece(piece, opening, closing) for piece in pieces]
    after = data[starts[-1] :]
    return Answer(_found(_DATE, data[: starts[0]]), {}, tuple(records), _found(_TOKEN, after))


def _piece(piece: bytes, opening: bytes, closing: bytes) -> Record:
    ends = list(_END.finditer(piece))
    try:
        whole = piece[: ends[-1].end()] if ends else piece
        (record,) = _records(xml.parse(opening + whole + closing))
    except (BadItem, ValueError) as error:
        return Record(_found(_IDENTIFIER, piece), fault=str(error))
    return _record(record)


def _found(pattern: re.Pattern[bytes], data: bytes) -> str:
    from html import unescape

    match = pattern.search(data)
    return unescape(match[1].decode("utf-8", "replace")) if match else ""


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
