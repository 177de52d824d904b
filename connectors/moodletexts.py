"""What hangs on a Moodle course's modules: the text of their files, and their competencies."""

import logging
from typing import Any

from catalogue.errors import BadItem
from catalogue.model import Json, Payload
from connectors.extract import Reader
from connectors.formats.units import readable
from connectors.moodlesite import Site

log = logging.getLogger(__name__)


class Texts:
    """Fills the modules of courses. `limit` is the largest file in bytes; 0 reads none."""

    def __init__(self, site: Site, reader: Reader, limit: int) -> None:
        self._site, self._reader, self._limit = site, reader, limit

    def filled(self, payload: Payload) -> Payload:
        """The payload with what each module's files say and which competencies it teaches."""
        attached = bool(payload["skills"])  # a module's are among its course's
        sections = [
            {**section, "modules": [self._module(m, attached) for m in section["modules"]]}
            for section in payload["sections"]
        ]
        return {**payload, "sections": sections}

    def _module(self, module: dict[str, Any], attached: bool) -> dict[str, Any]:
        texts = [self._text(file) for file in module["files"]] if self._limit else []
        skills = self._site.module_competencies(module["id"]) if attached else []
        return {**module, "texts": [t for t in texts if t], "skills": skills}

    def _text(self, file: Json) -> Json | None:
        """What a module's file says; None for one that says nothing, such as a picture."""
        name = readable(str(file.get("filename", "")), str(file.get("mimetype", "")))
        if name is None:
            return None
        try:
            data = self._site.file(file["fileurl"], self._limit)
            return {"name": name, "document": self._reader.document(name, data)}
        except BadItem as error:  # the rest of the course is worth having; the payload keeps why
            log.warning("%s: %s", self._site.url, error)
            return {"name": name, "unread": str(error)}
