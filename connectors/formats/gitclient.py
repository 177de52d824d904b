"""dulwich's git client with the polite door as its network."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from dulwich.client import AbstractHttpGitClient

from catalogue.errors import NeedsPerson
from connectors.http import Http
from connectors.http.addresses import may_share_credentials, shown


@dataclass(frozen=True, slots=True)
class Answered:
    """As much of an answer as dulwich asks for."""

    content_type: str
    redirect_location: str | None

    def close(self) -> None:
        """Whole answers hold nothing open."""


class DoorClient(AbstractHttpGitClient):
    """`auth` goes to the repository's own host alone; `max_bytes` bounds an answer.

    `item` says that only some files hang on what is fetched.
    """

    def __init__(
        self,
        url: str,
        http: Http,
        auth: tuple[str, str] | None,
        max_bytes: int,
        *,
        item: bool = False,
    ) -> None:
        super().__init__(url, thin_packs=False, quiet=True)
        self._url, self._http, self._auth = url, http, auth
        self._max_bytes, self._item = max_bytes, item

    def _http_request(
        self,
        url: str,
        headers: dict[str, str] | None = None,
        data: bytes | Iterator[bytes] | None = None,
        raise_for_status: bool = True,
    ) -> tuple[Any, Callable[[int], bytes]]:
        auth = self._auth if may_share_credentials(self._url, url) else None
        if data is None:
            # A clone is no crawling: the protocol is there for programs.
            reply = self._http.get(
                url, headers=headers, auth=auth, robots=False, max_bytes=self._max_bytes
            )
            if not reply.content_type.startswith("application/x-git-"):
                remedy = "give the address that one clones, and that of a server of this decade"
                raise NeedsPerson(f"{shown(url)} does not answer as git does; {remedy}")
        else:
            body = data if isinstance(data, bytes) else b"".join(data)
            reply = self._http.post(
                url,
                data=body,
                headers=headers,
                auth=auth,
                item=self._item,
                max_bytes=self._max_bytes,
            )
        moved = reply.url if reply.url != url else None
        return Answered(reply.content_type, moved), BytesIO(reply.body).read


class NoHistory:
    """What we tell a server that we have: nothing."""

    def __next__(self) -> None:
        return None

    def ack(self, sha: bytes) -> None:
        """Nothing was offered, so nothing is acknowledged."""

    def nak(self) -> None:
        """As expected."""
