"""A Moodle site's web services. The token goes in the body of each request, never in an address.

Functions and answers are those of Moodle's `core_course_*` and `core_webservice_*` REST services;
an error comes with status 200 as `{"exception", "errorcode", "message"}`.
"""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from catalogue.errors import BadItem, NeedsPerson, SkillshelfError, TryLater
from catalogue.model import Json
from connectors.formats.records import records
from connectors.http import Http
from connectors.http.addresses import may_share_credentials
from connectors.vocabulary import Vocabulary

COURSES = ("core_course_get_courses", "core_course_get_courses_by_field")
CATEGORIES = "core_course_get_categories"
COMPETENCIES = "core_competency_list_course_competencies"
MODULE_COMPETENCIES = "core_competency_list_course_module_competencies"
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
log = logging.getLogger(__name__)
_FOR_SOME = frozenset({"group", "grouping", "profile"})
_PLAIN = ("id", "name", "path", "modname", "category", "categoryid", "type", "filename", "fileurl")
Subjects = dict[int, tuple[str, ...]]
_LATER = frozenset({"sitemaintenance", "upgraderunning", "maintenancemode", "ex_dbconnection"})


class Site:
    """Calls to one site by one token."""

    def __init__(self, url: str, token: SecretStr, http: Http) -> None:
        self.url = url.rstrip("/")
        self._token, self._http = token, http
        self._allowed: frozenset[str] = frozenset()
        self.now: datetime | None = None  # by the site's own clock

    def check(self) -> None:
        """Learn what the token's service allows. Raises NeedsPerson where it lacks something."""
        info = self._call("core_webservice_get_site_info")
        functions = info.get("functions") if isinstance(info, Mapping) else ()
        allowed = frozenset(f["name"] for f in _dicts(functions) if "name" in f)
        missing = [] if allowed & frozenset(COURSES) else [" or ".join(COURSES)]
        missing += [] if CONTENTS in allowed else [CONTENTS]
        if missing:
            raise NeedsPerson(f"{self.url}: add {' and '.join(missing)} to the token's service")
        self._allowed = allowed

    def courses(self) -> list[dict[str, Any]]:
        """Every visible course but the front page."""
        listed = self._call(next(name for name in COURSES if name in self._allowed))
        courses = _dicts(listed.get("courses") if isinstance(listed, Mapping) else listed)
        if not all(c.get("id") for c in courses):
            raise NeedsPerson(f"{self.url} lists a course without an id; is it a Moodle site?")
        return [c for c in courses if c["id"] != FRONT_PAGE and c.get("visible", 1)]

    def categories(self) -> Subjects:
        """Names of each category and those above it, from the top."""
        listed = _dicts(self._call(CATEGORIES)) if CATEGORIES in self._allowed else []
        listed = [category for category in listed if "id" in category]
        names = {c["id"]: str(c.get("name", "")) for c in listed}
        above = {c["id"]: str(c.get("path") or c["id"]).strip("/").split("/") for c in listed}
        return {
            number: tuple(names[int(n)] for n in path if n.isdigit() and int(n) in names)
            for number, path in above.items()
        }

    def contents(self, course: int) -> list[dict[str, Any]]:
        """A course's sections with their modules. Raises BadItem where only this course fails."""
        return _dicts(self._call(CONTENTS, BadItem, courseid=course))

    def competencies(self, course: int) -> list[str]:
        """What the course teaches: names of competencies, and their URIs where they have any."""
        return self._competencies(COMPETENCIES, id=course)

    def module_competencies(self, module: int) -> list[str]:
        return self._competencies(MODULE_COMPETENCIES, cmid=module)

    def _competencies(self, name: str, **where: int) -> list[str]:
        if name not in self._allowed:
            return []
        try:
            attached = _dicts(self._call(name, BadItem, **where))
        except BadItem as error:  # switched off on the site, or not for this user to see
            log.info("%s", error)
            return []
        return named(c for c in (a.get("competency") for a in attached) if isinstance(c, dict))

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
        reply = self._http.post(address, data=form, item=fault is BadItem)
        self.now = Vocabulary().moment(reply.headers.get("date")) or self.now
        answer = reply.json()
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
    return records(value, _PLAIN)


def named(competencies: Iterable[Json]) -> list[str]:
    """A framework imported from elsewhere, such as ESCO, keeps each competency's URI as its id."""
    said = ((c.get("shortname"), c.get("idnumber")) for c in competencies)
    pairs = ((name, uri if str(uri).startswith("http") else "") for name, uri in said)
    return list(dict.fromkeys(str(word) for pair in pairs for word in pair if word))


def modules(section: Json, now: datetime | None) -> Iterator[dict[str, Any]]:
    """The modules of a section that its readers may see by now, and find on the course's page."""
    for module in _dicts(section.get("modules")):
        if module.get("id") and is_open(module, now) and module.get("visibleoncoursepage", 1):
            yield module


def is_open(thing: Json, now: datetime | None) -> bool:
    """Whether all who may see the course see the section or module."""
    seen = thing.get("visible", 1) and thing.get("uservisible", True)
    return bool(seen) and not restricted(thing.get("availability"), now)


def restricted(availability: Any, now: datetime | None) -> bool:
    """Whether a restriction, as its JSON, lets in only some people, or nobody at this time.

    What opens by a grade or a finished activity opens for everybody who learns on. Without the
    time, what has a date is closed; so is what cannot be read.
    """
    if not availability:
        return False
    try:
        rule = json.loads(availability) if isinstance(availability, str) else availability
        return isinstance(rule, dict) and _closed(rule, now)
    except (ValueError, RecursionError):
        return True


def _closed(rule: Json, now: datetime | None) -> bool:
    if "type" in rule:
        return rule["type"] in _FOR_SOME or (rule["type"] == "date" and not _on_time(rule, now))
    inner = [_closed(condition, now) for condition in _dicts(rule.get("c"))]
    return bool(inner) and (all(inner) if rule.get("op") == "|" else any(inner))


def _on_time(rule: Json, now: datetime | None) -> bool:
    moment = Vocabulary().moment(rule.get("t"))
    if moment is None or now is None:
        return False
    return now < moment if rule.get("d") == "<" else moment <= now


def files(module: Json) -> list[dict[str, Any]]:
    return [c for c in _dicts(module.get("contents")) if c.get("type") == "file"]
