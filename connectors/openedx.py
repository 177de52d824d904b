"""Courses of an Open edX site."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, SecretStr, StringConstraints, model_validator

from catalogue.model import Cursor, Draft, Payload
from connectors.base import Config, Connector, Event
from connectors.formats.openedxcourse import discovery_draft, lms_draft
from connectors.formats.openedxlists import discovered, listed
from connectors.formats.openedxsite import Api, Site

VERSION = 1  # of what a payload holds; a new one reads every course again
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+[^\s?#]*$")]


class Settings(Config):
    url: Address = Field(description="Address of the LMS, or of course-discovery.")
    api: Api = Field("courses", description="`courses` for an LMS, `discovery` for the other.")
    client_id: str = Field("", description="Of an OAuth2 client; without one, as the public.")
    client_secret: SecretStr | None = Field(None, description="Secret of that client.")
    grant_url: str = Field("", description="Where the LMS grants access; else at `url` itself.")
    whole_days: int = Field(7, ge=0, description="Days until everything is read anew.")

    @model_validator(mode="after")
    def _both(self) -> Self:
        if bool(self.client_id) != bool(self.client_secret):
            raise ValueError("give both `client_id` and the secret `client_secret`, or neither")
        return self


class Openedx(Connector[Settings]):
    """Courses of an Open edX site, by the list of its LMS or by course-discovery.

    course-discovery tells what changed since the last run, with runs, prices and skills; a course
    without a published run is gone. What was deleted there, and a changed description in an LMS, is
    noticed when everything is read anew. With course-discovery: Not yet tried against the real
    service.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """The cursor holds when all was last read, by the site's own time, and what came of it."""
        config = self.config
        grant_url = config.grant_url or f"{config.url.rstrip('/')}/oauth2/access_token"
        client = (config.client_id, config.client_secret, grant_url)
        site = Site(config.url, config.api, client, self.http)
        reading = f"{VERSION} {config.api} {config.url}"
        known = cursor if cursor.get("reading") == reading else {"reading": reading}
        lists = discovered if config.api == "discovery" else listed
        yield from lists(site, known, config.whole_days)

    def normalise(self, payload: Payload) -> Draft:
        site = self.config.url.rstrip("/")
        if "overview" in payload:
            return lms_draft(payload["course"], payload["overview"], site)
        return discovery_draft(payload["course"], site)
