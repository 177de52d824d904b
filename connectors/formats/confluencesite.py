"""Confluence's REST API, as Cloud and Data Center both answer it: search by CQL, content by id."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

from pydantic import SecretStr

from catalogue.errors import BadItem, NeedsPerson, TryLater
from catalogue.model import Json
from connectors.http import Http, Missing
from connectors.http.addresses import may_share_credentials

SEARCH = "/rest/api/content/search"
LISTED = (
    "version,ancestors,restrictions.read.restrictions.group,restrictions.read.restrictions.user"
)
FILES = "children.attachment.version"
READ = "body.view,version,history,metadata.labels,space"
PER_LIST = 200  # the most that Confluence gives with such expansions
MOST_LISTS = 2000


class Site:
    """Calls to one site, by a person's API token (Cloud) or a personal access token."""

    def __init__(self, url: str, user: str, token: SecretStr, http: Http) -> None:
        self.url, self._http = url.rstrip("/"), http
        secret = token.get_secret_value()
        self._auth = (user, secret) if user else None
        self._headers = {} if user else {"Authorization": f"Bearer {secret}"}

    def pages(self, space: str, files: bool) -> Iterator[dict[str, Any]]:
        """Every page of a space that the account may see, without its text."""
        cql = f'space = "{space}" and type = page order by created'
        expand = f"{LISTED},{FILES}" if files else LISTED
        asked: dict[str, str | int] = {"cql": cql, "limit": PER_LIST, "expand": expand}
        answer = self._read(f"{self.url}{SEARCH}", asked)
        for _ in range(MOST_LISTS):
            yield from objects(answer.get("results"))
            following = (answer.get("_links") or {}).get("next")
            if not following:
                return
            answer = self._read(self._absolute(str(following)), {})
        raise TryLater(f"{self.url} lists space {space} without end")

    def read(self, numbers: Sequence[str]) -> dict[str, Json]:
        """Those pages with their texts; without the ones that the search leaves out."""
        cql = f"id in ({', '.join(numbers)})"
        asked: dict[str, str | int] = {"cql": cql, "limit": len(numbers), "expand": READ}
        try:
            answer = self._read(f"{self.url}{SEARCH}", asked, item=True)
        except BadItem:  # one page whose macros fail may spoil the answer for all
            return {}
        return {str(page.get("id")): page for page in objects(answer.get("results"))}

    def page(self, number: str) -> Json:
        """A page with its text. Raises Missing for one that is not there, or not for us."""
        return self._read(f"{self.url}/rest/api/content/{number}", {"expand": READ}, item=True)

    def there(self, number: str) -> bool:
        """Whether a page that a list left out is there after all; one in the trash is not."""
        try:
            found = self._read(f"{self.url}/rest/api/content/{number}", {}, item=True)
        except Missing:
            return False
        except BadItem:  # 403: not for us any more
            return False
        return str(found.get("status", "current")) == "current"

    def restricted(self, number: str) -> Json:
        """For whom something above pages is, such as a folder. Raises BadItem."""
        path = f"/rest/api/content/{number}/restriction/byOperation/read"
        return {"restrictions": {"read": self._read(f"{self.url}{path}", {}, item=True)}}

    def file(self, link: str, limit: int) -> bytes:
        """An attachment by its download link. Raises BadItem."""
        url = self._absolute(link)
        if not may_share_credentials(self.url, url):
            raise BadItem("lies outside the site")
        return self._http.get(
            url, headers=self._headers, auth=self._auth, robots=False, item=True, max_bytes=limit
        ).body

    def _absolute(self, link: str) -> str:
        """Confluence gives links below its own path, which some versions repeat."""
        above = urlsplit(self.url).path
        if "://" in link or (above and link.startswith(f"{above}/")):
            return urljoin(self.url, link)
        return f"{self.url}/{link.lstrip('/')}"

    def _read(self, url: str, params: dict[str, str | int], item: bool = False) -> Json:
        if not may_share_credentials(self.url, url):
            raise NeedsPerson(f"{self.url} leads to another host; correct `url`")
        # An interface for which the account's owner issued a token.
        answer = self._http.get(
            url, params=params, headers=self._headers, auth=self._auth, robots=False, item=item
        ).json()
        if not isinstance(answer, dict):
            raise NeedsPerson(f"{self.url} is no Confluence; correct `url`")
        if "results" not in answer and not item:
            raise NeedsPerson(f"{self.url} gave no list of pages; correct `url`")
        return answer


def objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
