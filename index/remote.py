"""A Qdrant server's troubles in the words of this product."""

from collections.abc import Callable
from json import JSONDecodeError
from typing import Any, cast
from urllib.parse import urlsplit

from pydantic import SecretStr
from qdrant_client import QdrantClient
from qdrant_client.http.exceptions import ApiException, UnexpectedResponse

from catalogue.errors import NeedsPerson, TryLater

TIMEOUT_S = 30


def remote_client(url: str, api_key: SecretStr | None = None) -> QdrantClient:
    """A client of the server at `url` whose calls raise TryLater and NeedsPerson.

    Construction asks nothing of the server.
    """
    key = api_key.get_secret_value() if api_key else None
    client = QdrantClient(url=url, api_key=key, timeout=TIMEOUT_S, check_compatibility=False)
    return cast(QdrantClient, _Named(client, urlsplit(url).netloc.rpartition("@")[2]))


class _Named:
    """Calls through to a client; what they raise is named for what the caller does next."""

    def __init__(self, client: QdrantClient, place: str) -> None:
        self._client = client
        self._place = place

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._client, name)

        def call(*args: Any, **named: Any) -> Any:
            try:
                return method(*args, **named)
            except UnexpectedResponse as error:
                raise self._named(error) from error
            except (ApiException, JSONDecodeError) as error:  # no answer in time, or not Qdrant's
                raise TryLater(f"the Qdrant server at {self._place} does not answer") from error

        return call

    def _named(self, error: UnexpectedResponse) -> Exception:
        status = error.status_code or 0
        if status in (401, 403):
            return NeedsPerson(
                f"the Qdrant server at {self._place} refuses the key; set SKILLSHELF_QDRANT_API_KEY"
            )
        if status in (408, 429) or status >= 500:
            return TryLater(f"the Qdrant server at {self._place} answers {status}")
        return error
