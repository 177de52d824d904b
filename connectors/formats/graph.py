"""Microsoft Graph for an app of its own: OAuth 2.0 client credentials, and lists by pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pydantic import SecretStr

from catalogue.errors import NeedsPerson, TryLater
from catalogue.model import Json
from connectors.http import Http
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
        url = path if "://" in path else f"{self._app.address.rstrip('/')}/{path}"
        if not may_share_credentials(self._app.address, url):
            raise NeedsPerson(f"{self._app.address} leads to another host; correct the address")
        asked = {f"${name}": value for name, value in params.items()}
        try:
            answer = self._asked(url, asked, item)
        except NeedsPerson:
            if not self._proven:
                raise
            self._token, self._proven = "", False  # it is an hour old, or no longer liked
            answer = self._asked(url, asked, item)
        self._proven = True
        return answer

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

    def _asked(self, url: str, params: dict[str, str | int], item: bool) -> Json:
        self._token = self._token or self._granted()
        headers = {"Authorization": f"Bearer {self._token}"}
        reply = self._http.get(url, params=params, headers=headers, robots=False, item=item)
        answer = reply.json()
        if not isinstance(answer, dict):
            raise NeedsPerson(f"{self._app.address} is not Microsoft Graph; correct the address")
        return answer

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
