"""A Canvas site's REST interface. The token goes in a header, never in an address."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from pydantic import SecretStr

from catalogue.errors import BadItem, NeedsPerson, SkillshelfError
from catalogue.model import Json
from connectors.formats.records import records
from connectors.formats.rest.paging import linked, next_link
from connectors.http import Http, Reply
from connectors.http.addresses import may_share_credentials
from connectors.vocabulary import Vocabulary

Asked = tuple[str, str]
MOST_PAGES = 1000  # of 100 entries each
_PLAIN = ("id", "url", "page_id", "workflow_state", "body", "items_url", "html_url")
_COURSE = ("syllabus_body", "public_description", "teachers", "course_image", "concluded")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a course lists. `tabs` are those its students see; `now` is the site's own time."""

    modules: list[dict[str, Any]]
    pages: list[dict[str, Any]]
    files: list[dict[str, Any]]
    topics: list[dict[str, Any]]
    tabs: frozenset[str]
    now: datetime | None


class Site:
    """Calls to one site by one token."""

    def __init__(self, url: str, token: SecretStr, http: Http) -> None:
        self.url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token.get_secret_value()}"}
        self._http = http
        self._now: datetime | None = None

    def courses(self, account: str) -> Iterator[dict[str, Any]]:
        """The published courses of an account, else of the token's user, that are not over."""
        place = f"accounts/{account}/courses" if account else "courses"
        ask = [("include[]", name) for name in _COURSE] + [("state[]", "available")]
        for course in self._listed(place, ask, NeedsPerson):
            state = course.get("workflow_state", "available")
            if not course.get("id"):
                raise NeedsPerson(f"{self.url} lists a course without an id; is it a Canvas site?")
            # Of a course that may not be opened now Canvas gives the id and nothing else.
            may_open = not course.get("access_restricted_by_date")
            if may_open and state == "available" and not course.get("concluded"):
                yield course

    def listing(self, course: int) -> Listing:
        """Raises BadItem where only this course fails."""
        base = f"courses/{course}"
        tabs = self._listed(f"{base}/tabs")
        present = {tab.get("id") for tab in tabs}
        asked = [("include[]", "items"), ("include[]", "content_details")]
        modules = [self._whole(m) for m in self._listed(f"{base}/modules", asked)]
        pages, files, topics = (
            self._listed(f"{base}/{path}") if tab in present else [] for tab, path in _TOOLS.items()
        )
        shown = frozenset(str(tab.get("id")) for tab in tabs if _open_to_students(tab))
        return Listing(modules, pages, files, topics, shown, self._now)

    def bodies(self, course: int) -> dict[str, str]:
        """The HTML of a course's pages by their slugs, where the site gives it in its list."""
        pages = self._listed(f"courses/{course}/pages", [("include[]", "body")])
        return {p["url"]: p["body"] for p in pages if p.get("url") and p.get("body")}

    def page(self, course: int, slug: str) -> str:
        return str(self._one(f"courses/{course}/pages/{slug}").get("body") or "")

    def about_file(self, course: int, number: int) -> Json:
        return self._one(f"courses/{course}/files/{number}")

    def file(self, url: str, limit: int) -> bytes:
        """A file's bytes from its signed address, which may lie at a file store elsewhere."""
        return self._get(url, BadItem, limit).body

    def _whole(self, module: dict[str, Any]) -> dict[str, Any]:
        """The module with its items: Canvas leaves them out where there are many."""
        if "items" in module or not module.get("items_count"):
            return module
        url = linked(f"{self.url}/", module.get("items_url", ""))
        return {**module, "items": self._listed(url, [("include[]", "content_details")])}

    def _listed(
        self, path: str, ask: Iterable[Asked] = (), fault: type[SkillshelfError] = BadItem
    ) -> list[dict[str, Any]]:
        url = f"{self._address(path)}?{urlencode([('per_page', '100'), *ask])}"
        found: list[dict[str, Any]] = []
        for _ in range(MOST_PAGES):
            reply = self._get(url, fault)
            answer = reply.json()
            if not isinstance(answer, list):
                raise fault(f"{self.url}: {path} answered {reply.glimpse()} instead of a list")
            found += records(answer, _PLAIN)
            following = next_link(reply.headers.get("link", ""))
            if not following:
                return found
            url = linked(url, following)
        raise fault(f"{self.url}: {path} has more than {MOST_PAGES} pages")

    def _one(self, path: str) -> Json:
        answer = self._get(self._address(path), BadItem).json()
        return answer if isinstance(answer, dict) else {}

    def _address(self, path: str) -> str:
        return path if path.startswith(f"{self.url}/") else f"{self.url}/api/v1/{path}"

    def _get(self, url: str, fault: type[SkillshelfError], limit: int | None = None) -> Reply:
        item = fault is BadItem
        mine = self._headers if _same_site(self.url, url) else {}
        try:
            reply = self._http.get(url, headers=mine, robots=False, item=item, max_bytes=limit)
        except NeedsPerson as refused:
            if not item:
                raise
            # Canvas says 401 of what a good token may not see, too; its own user it always may.
            self._http.get(self._address("users/self"), headers=self._headers, robots=False)
            raise BadItem(str(refused)) from None
        self._now = Vocabulary().moment(reply.headers.get("date")) or self._now
        return reply


_TOOLS = {"pages": "pages", "files": "files", "discussions": "discussion_topics"}


def _same_site(url: str, other: str) -> bool:
    try:
        return may_share_credentials(url, other)
    except ValueError:  # a port that is no number
        return False


def _open_to_students(tab: Json) -> bool:
    return not tab.get("hidden") and tab.get("visibility") not in ("admins", "none")
