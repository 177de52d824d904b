"""The two course lists of Open edX: that of an LMS, and that of course-discovery."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote, urlencode, urlsplit

from pydantic import SecretStr

from catalogue.errors import NeedsPerson
from catalogue.model import Json
from connectors.formats.rest.access import Access, Auth
from connectors.http import Http
from connectors.vocabulary import Vocabulary

Api = Literal["courses", "discovery"]
MOST_PAGES = 2000  # of 100 courses each
_PATHS: dict[Api, str] = {"courses": "/api/courses/v1/courses/", "discovery": "/api/v1/courses/"}
_ASK: dict[Api, dict[str, str]] = {
    "courses": {"page_size": "100"},
    "discovery": {"limit": "100", "exclude_utm": "1"},
}


@dataclass(frozen=True, slots=True)
class Page:
    """Some courses; `total` is how many the site says the whole list has, `now` its own time."""

    courses: list[dict[str, Any]]
    total: int | None
    now: datetime | None


class Site:
    """Reads one of the lists, with credentials where there are any."""

    def __init__(
        self, url: str, api: Api, client: tuple[str, SecretStr | None, str], http: Http
    ) -> None:
        """`client` is its id, its secret, and where it is granted access; without an id, nobody."""
        name, secret, grant_url = client
        self.url, self._api = url.rstrip("/"), api
        grant = {"grant": {"token_type": "jwt"}, "grant_url": grant_url, "scheme": "JWT"}
        auth = {"kind": "oauth2", "user": name, **grant} if name else {}
        self._access = Access(Auth.model_validate(auth), secret, http)

    def pages(self, since: str = "") -> Iterator[Page]:
        """All courses, or those of course-discovery that changed at `since` or later."""
        query = urlencode(_ASK[self._api] | ({"timestamp": since} if since else {}))
        for _ in range(MOST_PAGES):
            page, following = self._page(query)
            yield page
            if not following:
                return
            # Behind a proxy the site gets its own scheme and host wrong; only the query counts.
            query = urlsplit(following).query
        raise NeedsPerson(f"{self.url} lists courses without end: more than {MOST_PAGES} pages")

    def overview(self, course: str) -> str:
        """The HTML of a course's page in the LMS."""
        found = self._read(_PATHS["courses"] + quote(course, safe=":+"))
        return str(found.get("overview") or "") if isinstance(found, dict) else ""

    def _page(self, query: str) -> tuple[Page, str]:
        reply = self._access.get(f"{self.url}{_PATHS[self._api]}?{query}", {}, {})
        answer = reply.answer
        if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
            raise NeedsPerson(f"{self.url} gave no list of courses; is `api` right?")
        paging = answer.get("pagination")
        paging = paging if isinstance(paging, dict) else answer
        courses = [course for course in answer["results"] if isinstance(course, dict)]
        total = paging.get("count")
        now = Vocabulary().moment(reply.headers.get("date"))
        page = Page(courses, total if isinstance(total, int) else None, now)
        return page, str(paging.get("next") or "")

    def _read(self, path: str) -> Json | None:
        answer = self._access.get(f"{self.url}{path}", {}, {}).answer
        return answer if isinstance(answer, dict) else None
