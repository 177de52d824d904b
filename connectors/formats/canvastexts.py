"""The bodies of a Canvas course's units: HTML of pages, text of files."""

import logging
from collections.abc import Mapping
from functools import cached_property

from catalogue.errors import BadItem
from catalogue.model import Json, Payload
from connectors.extract import Reader
from connectors.formats.canvassite import Site
from connectors.formats.units import readable

log = logging.getLogger(__name__)


class Texts:
    """Bodies of one course. `files` are its files as listed, `limit` is in bytes; 0 reads none."""

    def __init__(
        self, site: Site, reader: Reader, course: int, files: Mapping[int, Json], limit: int
    ) -> None:
        self._site, self._reader, self._course = site, reader, course
        self._files, self._limit = files, limit

    def filled(self, payload: Payload) -> Payload:
        sections = [
            {**section, "units": [{**unit, **self._text(unit)} for unit in section["units"]]}
            for section in payload["sections"]
        ]
        return {**payload, "sections": sections}

    def _text(self, unit: Json) -> Json:
        """What to add to a unit. The rest of the course is worth having without one of them."""
        try:
            if "slug" in unit:
                slug = unit["slug"]
                return {"html": self._bodies.get(slug) or self._site.page(self._course, slug)}
            return self._document(unit["file"]) if "file" in unit and self._limit else {}
        except BadItem as error:
            log.warning("%s, course %s, %s: %s", self._site.url, self._course, unit["id"], error)
            return {"unread": str(error)}

    @cached_property
    def _bodies(self) -> dict[str, str]:
        return self._site.bodies(self._course)

    def _document(self, number: int) -> Json:
        file = self._files.get(number) or self._site.about_file(self._course, number)
        kind = str(file.get("content-type") or "")
        name = readable(str(file.get("display_name") or file.get("filename") or ""), kind)
        if name is None or not file.get("url"):
            return {}
        data = self._site.file(str(file["url"]), self._limit)
        return {"document": self._reader.document(name, data)}
