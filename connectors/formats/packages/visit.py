"""Reading one package where it lies, if it changed since it was last read."""

import logging

from catalogue.errors import BadItem
from catalogue.hashing import content_hash
from connectors.base import Event, Failed, Found, Gone, Unchanged
from connectors.extract import Reader
from connectors.formats.packages.places import Placed
from connectors.http import Missing

log = logging.getLogger(__name__)


def visit(place: Placed, known: str, reader: Reader) -> tuple[Event, str | None]:
    """What became of the package, and its mark ("hash stamp") for the next time unless it failed.

    Raises what concerns more than this package: TryLater, NeedsPerson.
    """
    digest, _, stamp = known.partition(" ")
    try:
        opened = place.open(stamp)
        if opened is None:
            return Unchanged(place.key), known
        package = reader.package(place.key, opened.source, opened.manifest)
    except Missing as error:
        return (Gone(place.key) if known else Failed(place.key, error)), None
    except BadItem as error:
        return Failed(place.key, error), None
    if package.get("unread"):
        log.info("%s: files without text: %s", place.key, "; ".join(package["unread"][:10]))
    mark = content_hash(package)[-16:]
    if mark == digest:
        return Unchanged(place.key), f"{mark} {opened.stamp}"
    about = {"path": place.key, "url": place.url, "root": place.root, "modified": opened.modified}
    payload = {name: value for name, value in about.items() if value} | {"package": package}
    return Found(place.key, payload), f"{mark} {opened.stamp}"
