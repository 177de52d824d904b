"""Requests with one source's credential. No message and no answer that leaves here holds it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit

from pydantic import Field, SecretStr, model_validator

from catalogue.errors import NeedsPerson, SkillshelfError
from connectors.base import Config
from connectors.http import Http
from connectors.http.addresses import HIDDEN

SHORTEST = 8  # characters of a secret
_NEEDS = {
    "bearer": ("secret",),
    "basic": ("user", "secret"),
    "header": ("name", "secret"),
    "query": ("name", "secret"),
    "oauth2": ("user", "grant_url", "secret"),
}


class Auth(Config):
    """How the secret is shown to the service."""

    kind: Literal["none", "bearer", "basic", "header", "query", "oauth2"] = Field(
        "none", description="How the secret is shown; `oauth2` is the client credentials grant."
    )
    name: str = Field("", description="Name of the header or query parameter that takes the key.")
    user: str = Field("", description="User of `basic`, or the client's id of `oauth2`.")
    grant_url: str = Field("", description="Where `oauth2` hands out access.")
    scope: str = Field("", description="Scope to ask for with `oauth2`.")
    grant: Mapping[str, str] = Field({}, description="Further fields to ask for access with.")
    client_in: Literal["body", "header"] = Field(
        "body", description="Where the client's id and secret go when `oauth2` asks for access."
    )
    scheme: str = Field("Bearer", description="Word before the token, such as Bearer or JWT.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        missing = [n for n in _NEEDS.get(self.kind, ()) if n != "secret" and not getattr(self, n)]
        if missing:
            raise ValueError(f"{self.kind} needs {' and '.join(missing)}")
        return self

    @property
    def needs_secret(self) -> bool:
        return self.kind != "none"


@dataclass(frozen=True, slots=True)
class Read:
    """An answer's JSON, with what else says where the next one is."""

    answer: Any
    headers: Mapping[str, str]
    url: str


class Access:
    """Reads addresses of one service, and renews what it was granted when that has run out."""

    def __init__(self, auth: Auth, secret: SecretStr | None, http: Http) -> None:
        self._auth, self._http = auth, http
        self._secret = secret.get_secret_value() if secret else ""
        self._granted = ""  # the token of `oauth2`
        self._proven = False  # whether that token has opened anything yet

    def get(self, url: str, params: Mapping[str, str | int], headers: Mapping[str, str]) -> Read:
        """Raises what the door raises, and NeedsPerson for what is no JSON."""
        with self._unspoken():
            try:
                return self._get(url, params, headers)
            except NeedsPerson:
                if not self._proven:
                    raise
            # A token that worked and no longer does has most likely run out: once more with another
            self._granted, self._proven = "", False
            return self._get(url, params, headers)

    def bare(self, url: str) -> str:
        """The address without the key that the service may have repeated in it."""
        if self._auth.kind != "query":
            return url
        parts = urlsplit(url)
        kept = [
            p for p in parse_qsl(parts.query, keep_blank_values=True) if p[0] != self._auth.name
        ]
        return urlunsplit(parts._replace(query=urlencode(kept)))

    def _get(self, url: str, params: Mapping[str, str | int], headers: Mapping[str, str]) -> Read:
        auth, more = self._auth, dict(headers)
        if auth.kind in ("bearer", "oauth2"):
            token = self._secret if auth.kind == "bearer" else self._grant()
            more["Authorization"] = f"{auth.scheme} {token}"
        if auth.kind == "header":
            more[auth.name] = self._secret
        key = {auth.name: self._secret} if auth.kind == "query" else {}
        basic = (auth.user, self._secret) if auth.kind == "basic" else None
        # An interface that a person described here is called, not crawled.
        reply = self._http.get(
            url, params={**params, **key}, headers=more, auth=basic, robots=False
        )
        self._proven = bool(self._granted)
        silenced = replace(reply, body=self._silenced(reply.body))
        return Read(silenced.json(), reply.headers, self.bare(reply.url))

    def _grant(self) -> str:
        if not self._granted:
            auth = self._auth
            form = {"grant_type": "client_credentials", **auth.grant}
            form |= {"scope": auth.scope} if auth.scope else {}
            client = (auth.user, self._secret) if auth.client_in == "header" else None
            if client is None:
                form |= {"client_id": auth.user, "client_secret": self._secret}
            answer: Any = self._http.post(auth.grant_url, data=form, auth=client).json()
            token = answer.get("access_token") if isinstance(answer, dict) else None
            if not isinstance(token, str) or not token:
                raise NeedsPerson(f"{auth.grant_url} answered without an access_token")
            self._granted = token
        return self._granted

    def _spoken(self) -> Iterator[str]:
        for secret in filter(None, (self._secret, self._granted)):
            yield from dict.fromkeys((secret, quote(secret, safe=""), quote_plus(secret)))

    def _silenced(self, body: bytes) -> bytes:
        """Services repeat their own address, key and all, in links of each item.

        What is shorter than any real key may be part of an ordinary word.
        """
        for secret in self._spoken():
            if len(secret) >= SHORTEST:
                body = body.replace(secret.encode(), HIDDEN.encode())
        return body

    @contextmanager
    def _unspoken(self) -> Iterator[None]:
        try:
            yield
        except SkillshelfError as error:
            said = str(error)
            for secret in self._spoken():
                said = said.replace(secret, HIDDEN)
            error.args = (said, *error.args[1:])
            raise
