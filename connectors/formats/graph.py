"""Microsoft Graph for an app of its own: OAuth 2.0 client credentials, and lists by pages."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pydantic import SecretStr

from catalogue.errors import NeedsPerson, TryLater
from catalogue.model import Json
from connectors.http import Http, Reply
from connectors.http.addresses import may_share_credentials

ADDRESS = "https://graph.microsoft.com/v1.0"
LOGIN = "https://login.microsoftonline.com"
_NEXT = "@odata.nextLink"


@dataclass(frozen=True, slots=True)
class App:
    """An app as Entra ID knows it; `address` and `login` differ in national clouds."""

    tenant: str
    client: str
    secret: SecretStr
    address: str = ADDRESS
    login: str = LOGIN


class Graph:
    """What the app may read. A token is asked for when it is first needed, and again once old."""

    def __init__(self, app: App, http: Http) -> None:
        self._app, self._http = app, http
        self._token, self._proven = "", False

    def get(self, path: str, *, item: bool = False, **params: str | int) -> Json:
        """An object by its path, or by an address that Graph gave; `$` goes before the parameters.

        Raises NeedsPerson, with `item` BadItem, for what is not there or not allowed.
        """
        asked = {f"${name}": value for name, value in params.items()}
        url = self._url(path)
        return self._object(
            lambda headers: self._http.get(
                url, params=asked, headers=headers, robots=False, item=item
            )
        )

    def content(self, path: str, limit: int) -> bytes:
        """A file's bytes. Raises BadItem. Graph leads to another host, which gets no token."""
        url = self._url(path)
        return self._answered(
            lambda headers: self._http.get(
                url, headers=headers, robots=False, item=True, max_bytes=limit
            )
        ).body

    def batch(self, paths: Sequence[str]) -> list[tuple[int, Json]]:
        """Status and object of each path, at most 20 of them, in one request.

        Raises TryLater where Graph had no time for one of them.
        """
        asked = [{"id": str(n), "method": "GET", "url": f"/{p}"} for n, p in enumerate(paths)]
        url = self._url("$batch")
        answer = self._object(
            lambda headers: self._http.post(url, json={"requests": asked}, headers=headers)
        )
        said = {str(one.get("id")): one for one in objects(answer.get("responses"))}
        for one in said.values():
            if one.get("status") == 429 or int(one.get("status") or 500) >= 500:
                after = str((one.get("headers") or {}).get("Retry-After", ""))
                raise TryLater(
                    f"{self._app.address} is busy", float(after) if after.isdigit() else None
                )
        if len(said) != len(asked):
            raise TryLater(f"{self._app.address} left out answers of a batch")
        return [(said[n]["status"], said[n].get("body") or {}) for n in map(str, range(len(asked)))]

    def listed(
        self, path: str, *, item: bool = False, **params: str | int
    ) -> Iterator[dict[str, Any]]:
        """The objects of a list, page by page."""
        page = self.get(path, item=item, **params)
        seen: set[str] = set()
        while True:
            yield from objects(page.get("value"))
            following = page.get(_NEXT)
            if not isinstance(following, str) or not following:
                return
            if following in seen:
                raise TryLater(f"{self._app.address} repeats its pages")
            seen.add(following)
            page = self.get(following, item=item)

    def _url(self, path: str) -> str:
        url = path if "://" in path else f"{self._app.address.rstrip('/')}/{path}"
        if not may_share_credentials(self._app.address, url):
            raise NeedsPerson(f"{self._app.address} leads to another host; correct the address")
        return url

    def _answered(self, send: Callable[[dict[str, str]], Reply]) -> Reply:
        """What `send` gets with a token, and where that is no longer liked with a new one."""
        try:
            reply = send(self._authorised())
        except NeedsPerson:
            if not self._proven:
                raise
            self._token, self._proven = "", False  # it is an hour old, or no longer liked
            reply = send(self._authorised())
        self._proven = True
        return reply

    def _object(self, send: Callable[[dict[str, str]], Reply]) -> Json:
        answer = self._answered(send).json()
        if not isinstance(answer, dict):
            raise NeedsPerson(f"{self._app.address} is not Microsoft Graph; correct the address")
        return answer

    def _authorised(self) -> dict[str, str]:
        self._token = self._token or self._granted()
        return {"Authorization": f"Bearer {self._token}"}

    def _granted(self) -> str:
        url = f"{self._app.login.rstrip('/')}/{quote(self._app.tenant, safe='')}/oauth2/v2.0/token"
        scope = f"{self._app.address.partition('/v1.0')[0]}/.default"
        secret = self._app.secret.get_secret_value()
        client = {"client_id": self._app.client, "client_secret": secret}
        form = {"grant_type": "client_credentials", "scope": scope, **client}
        answer = self._http.post(url, data=form).json()
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token:
            raise NeedsPerson(f"{url} granted no token; check tenant, client and secret")
        return token


def objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
