"""ONIX messages in files, the newest first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from catalogue.errors import BadItem, NeedsPerson
from connectors.formats.onix.tags import each, local, text
from connectors.formats.xml import parse

LARGEST = 256 * 2**20  # bytes of one message
SUFFIXES = (".xml", ".onx", ".onix")
_SENT = re.compile(rb"<(?:SentDateTime|x307|SentDate|m182)[^>]*>\s*([0-9TZ+:-]+)")
_HEAD = 64 * 1024


@dataclass(frozen=True, slots=True)
class Message:
    """`name` stands in messages for people; `mark` changes when the content does."""

    name: str
    data: bytes
    sent: str
    mark: str


def message(name: str, data: bytes) -> Message:
    sent = _SENT.search(data[:_HEAD])
    return Message(name, data, sent[1].decode() if sent else "", sha256(data).hexdigest()[:32])


def files(path: Path) -> list[Path]:
    """The messages in a folder, or the one file. Raises NeedsPerson where there is neither."""
    inside = path.rglob("*") if path.is_dir() else [path]
    found = sorted(p for p in inside if p.is_file() and p.suffix.lower() in SUFFIXES)
    if not found:
        raise NeedsPerson(f"{path} holds no {', '.join(SUFFIXES)} file; correct `path`")
    return found


def newest_first(paths: list[Path]) -> list[Path]:
    """By when the messages say they were sent, and then by name."""
    return sorted(paths, key=lambda path: (_sent(path), path.name), reverse=True)


def _sent(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return message(path.name, file.read(_HEAD)).sent
    except OSError:
        return ""


def messages(path: Path) -> Iterator[tuple[str, Message | BadItem]]:
    """The names of all files, and each message or why it cannot be read."""
    for file in newest_first(files(path)):
        try:
            yield file.name, read(file)
        except BadItem as error:
            yield file.name, error


def read(path: Path) -> Message:
    """Raises BadItem for a file that cannot be read or is too large."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise BadItem(f"{path.name} cannot be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise BadItem(f"{path.name} is larger than {LARGEST:,} bytes; split it")
    return message(path.name, data)


def products(told: Message) -> tuple[list[Any], str]:
    """The message's records, the last one first, and its default language. Raises BadItem."""
    try:
        root = parse(told.data, LARGEST)
    except BadItem as error:
        raise BadItem(f"{told.name} {error}") from None
    if local(root).lower() != "onixmessage":
        raise BadItem(f"{told.name} is no ONIX message: its root is {local(root)[:60]!r}")
    header = next(each(root, "Header"), root)
    return list(reversed(list(each(root, "Product")))), text(header, "DefaultLanguageOfText")


def records(told: Message) -> Iterator[tuple[str, Any, str]]:
    """Reference, record and default language, the last record first."""
    found, language = products(told)
    for product in found:
        yield text(product, "RecordReference"), product, language
