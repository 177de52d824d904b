"""A Moodle site's web services. The token goes in the body of each request, never in an address.

Functions and answers are those of Moodle's `core_course_*` and `core_webservice_*` REST services;
an error comes with status 200 as `{"exception", "errorcode", "message"}`.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from catalogue.errors import BadItem, NeedsPerson, SkillshelfError, TryLater
from catalogue.model import Json
from connectors.http import Http
from connectors.http.addresses import may_share_credentials

COURSES = ("core_course_get_courses", "core_course_get_courses_by_field")
CATEGORIES = "core_course_get_categories"
CONTENTS = "core_course_get_contents"
FRONT_PAGE = 1  # the id of the course that is the site itself
_FOR_A_PERSON = {
    "invalidtoken": "make a new token and set it for this source",
    "accessexception": "add the function to the token's service, or the user to its allowed ones",
    "invalidrecord": "enable web services and REST on the site",
    "servicenotavailable": "enable web services and REST on the site",
    "webservicesnotenabled": "enable web services and REST on the site",
    "usernotfullysetup": "complete the profile of the token's user",
    "forcepasswordchangenotice": "let the token's user change the password",
}
_LATER = frozenset({"sitemaintenance", "upgraderunning", "maintenancemode", "ex_dbconnection"})


class Site:
    """Calls to one site by one token."""

    def __init__(self, url: str, token: SecretStr, http: Http) -> None:
        self.url = url.rstrip("/")
        self._token, self._http = token, http

    def functions(self) -> frozenset[str]:
        """What the token's service allows. Raises NeedsPerson where it lacks what is needed."""
        info = self._call("core_webservice_get_site_info")
        allowed = frozenset(f["name"] for f in _dicts(info.get("functions")) if "name" in f)
        missing = [] if allowed & frozenset(COURSES) else [" or ".join(COURSES)]
        missing += [] if CONTENTS in allowed else [CONTENTS]
        if missing:
            raise NeedsPerson(f"{self.url}: add {' and '.join(missing)} to the token's service")
        return allowed

    def courses(self, allowed: frozenset[str]) -> list[dict[str, Any]]:
        """Every visible course but the front page."""
        listed = self._call(next(name for name in COURSES if name in allowed))
        courses = _dicts(listed.get("courses") if isinstance(listed, Mapping) else listed)
        return [c for c in courses if c.get("id") != FRONT_PAGE and c.get("visible", 1)]

    def categories(self, allowed: frozenset[str]) -> dict[int, tuple[str, ...]]:
        """Names of each category and those above it, from the top."""
        listed = _dicts(self._call(CATEGORIES)) if CATEGORIES in allowed else []
        names = {c["id"]: str(c.get("name", "")) for c in listed}
        above = {c["id"]: str(c.get("path") or c["id"]).strip("/").split("/") for c in listed}
        return {
            number: tuple(names[int(n)] for n in path if n.isdigit() and int(n) in names)
            for number, path in above.items()
        }

    def contents(self, course: int) -> list[dict[str, Any]]:
        """A course's sections with their modules. Raises BadItem where only this course fails."""
        return _dicts(self._call(CONTENTS, BadItem, courseid=course))

    def file(self, url: str, limit: int) -> bytes:
        """A file of a module. Raises BadItem for one that lies elsewhere or cannot be had."""
        path = urlsplit(url).path
        if "/webservice/pluginfile.php/" not in path or not may_share_credentials(self.url, url):
            raise BadItem("lies outside the site")
        plain = url.partition("?")[0]
        form = {"token": self._token.get_secret_value()}
        reply = self._http.post(plain, data=form, item=True, max_bytes=limit)
        if reply.body.startswith(b'{"error"') or b'"errorcode"' in reply.body[:300]:
            raise self._error("a file", reply.json(), BadItem)
        return reply.body

    def _call(self, name: str, fault: type[SkillshelfError] = NeedsPerson, **more: Any) -> Any:
        secret = {"wstoken": self._token.get_secret_value(), "moodlewsrestformat": "json"}
        form = {**secret, "wsfunction": name, **more}
        address = f"{self.url}/webservice/rest/server.php"
        answer = self._http.post(address, data=form, item=fault is BadItem).json()
        if isinstance(answer, dict) and "exception" in answer:
            raise self._error(name, answer, fault)
        if not isinstance(answer, list | dict):
            raise fault(f"{self.url}: {name} answered {str(answer)[:60]!r} instead of a list")
        return answer

    def _error(self, what: str, answer: Json, fault: type[SkillshelfError]) -> SkillshelfError:
        code = str(answer.get("errorcode", ""))
        said = str(answer.get("message") or answer.get("error") or "")[:200]
        text = f"{self.url}: {what}: {said} ({code})".replace(self._token.get_secret_value(), "***")
        if code in _LATER:
            return TryLater(text)
        if code in _FOR_A_PERSON and not (code == "invalidrecord" and fault is BadItem):
            return NeedsPerson(f"{text}; {_FOR_A_PERSON[code]}")
        return fault(text)


def _dicts(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; Moodle has been seen to put null among them."""
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def modules(section: Json) -> Iterator[dict[str, Any]]:
    """The modules of a section that its readers may see."""
    for module in _dicts(section.get("modules")):
        if module.get("visible", 1) and module.get("uservisible", True):
            yield module


def files(module: Json) -> list[dict[str, Any]]:
    return [c for c in _dicts(module.get("contents")) if c.get("type") == "file"]
