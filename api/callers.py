"""Who asks, and what they may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPBearer

from api.problems import Refused
from api.services import Services
from config.errors import BadConfig
from config.settings import Settings

EVERYONE = "public"
EVERYTHING = "*"  # the group of a key that sees what the operator sees
COOKIE = "skillshelf_key"

_bearer = HTTPBearer(auto_error=False, description="An API key: `skillshelf keys add`.")
_header = APIKeyHeader(name="X-API-Key", auto_error=False, description="The same key.")
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="Set by the sign-in page.")


@dataclass(frozen=True, slots=True)
class Caller:
    """An API key's holder, or the operator at the machine itself.

    Operators see everything, what waits for a review or was taken away as well.
    """

    name: str = ""
    groups: tuple[str, ...] = ()
    is_operator: bool = False

    def sees(self, visibility: Iterable[str]) -> bool:
        return self.is_operator or not {EVERYONE, *self.groups}.isdisjoint(visibility)


OPERATOR = Caller(is_operator=True)


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_exposed(settings: Settings) -> bool:
    """Whether others than the people at this machine can reach the server."""
    names = [settings.host]
    if settings.public_url:
        names.append(urlsplit(settings.public_url).hostname or "")
    return not all(map(is_loopback, names))


def check_exposure(settings: Settings, *, has_keys: bool) -> None:
    """Raises BadConfig where strangers could read and review without a key."""
    if is_exposed(settings) and not has_keys:
        how = settings.public_url or f"{settings.host}:{settings.port}"
        raise BadConfig(
            f"will not serve at {how}: others can reach it and no API key is configured. Make one "
            "with `skillshelf keys add NAME`, or serve on 127.0.0.1 without a `public_url`."
        )


def identify(services: Services, key: str | None) -> Caller:
    """Raises Refused (401)."""
    keys = services.catalogue.keys
    if key:
        found = keys.find(key)
        if found is None:
            raise Refused(401, "this API key is not known (any more)")
        return Caller(found.name, found.groups, EVERYTHING in found.groups)
    # Asked every time: revoking the last key of an exposed server must not open it.
    if is_exposed(services.settings) or keys.list():
        raise Refused(401, "an API key is needed: `Authorization: Bearer KEY`")
    return OPERATOR


async def _key(
    bearer: Annotated[object, Security(_bearer)],
    header: Annotated[str | None, Security(_header)],
    cookie: Annotated[str | None, Security(_cookie)],
) -> str | None:
    """The API key that was sent, whichever way."""
    key: str | None = getattr(bearer, "credentials", header or cookie)
    return key


KeySent = Annotated[str | None, Depends(_key)]


def _caller(request: Request, key: KeySent) -> Caller:
    return identify(request.app.state.services, key)


Identified = Annotated[Caller, Depends(_caller)]
