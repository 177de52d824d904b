"""EPUB by heading of each chapter: the anchors are the book's own, `chapter.xhtml#heading`."""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from catalogue.errors import BadItem
from catalogue.model import Locator, Part, Place
from connectors.extract import web
from connectors.extract.document import Document, iso_date, words
from connectors.formats.archives import open_zip

_DC = "{http://purl.org/dc/elements/1.1/}"


def read(data: bytes) -> Document:
    with open_zip(data) as book:
        package_name = _package_name(book)
        package = _xml(book, package_name)
        names = _spine(package, posixpath.dirname(package_name))
        return Document(
            title=_first(package, "title"),
            language=_first(package, "language") or None,
            summary=web.plain(_first(package, "description")),
            authors=words(_all(package, "creator")),
            subjects=words(_all(package, "subject")),
            published=iso_date(_first(package, "date")),
            parts=tuple(part for name in names for part in _chapter(book, name)),
        )


def _package_name(book: zipfile.ZipFile) -> str:
    container = _xml(book, "META-INF/container.xml")
    found = container.find(".//{*}rootfile")
    if found is None or not found.get("full-path"):
        raise BadItem("is a damaged EPUB: its container names no package")
    return str(found.get("full-path"))


def _xml(book: zipfile.ZipFile, name: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(_member(book, name), parser)
    except etree.XMLSyntaxError as error:
        raise BadItem(f"is a damaged EPUB: {name[:80]} ({error})") from error


def _member(book: zipfile.ZipFile, name: str) -> bytes:
    try:
        return book.read(name)
    except (KeyError, zipfile.BadZipFile, NotImplementedError) as error:
        raise BadItem(f"is a damaged EPUB: {error}") from error


def _spine(package: Any, folder: str) -> Iterator[str]:
    """The chapters' names in reading order, without the navigation."""
    manifest = {item.get("id"): item for item in package.iterfind(".//{*}manifest/{*}item")}
    for reference in package.iterfind(".//{*}spine/{*}itemref"):
        item = manifest.get(reference.get("idref"))
        if item is not None and "nav" not in (item.get("properties") or "").split():
            yield posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))


def _chapter(book: zipfile.ZipFile, name: str) -> Iterator[Part]:
    for part in web.read(_member(book, name)).parts:
        anchor = f"#{part.locator.value}" if part.locator else ""
        yield replace(part, locator=Locator(Place.ANCHOR, name + anchor))


def _all(package: Any, name: str) -> list[str]:
    return [(element.text or "").strip() for element in package.iter(_DC + name)]


def _first(package: Any, name: str) -> str:
    return next((text for text in _all(package, name) if text), "")
