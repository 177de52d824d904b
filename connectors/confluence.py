"""Pages of Confluence spaces, in the cloud or in a data centre."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints

from catalogue.hashing import content_hash
from catalogue.model import Cursor, Draft, Kind, Payload
from connectors.base import Config, Connector, Event
from connectors.formats.confluencepage import draft
from connectors.formats.confluencesite import Site
from connectors.formats.confluencewalk import Walk

VERSION = 1  # of what a payload holds; a new one reads every page again
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#@]+[^\s?#@]*$")]
Space = Annotated[str, StringConstraints(pattern=r"^~?[A-Za-z0-9._-]+$")]


class Settings(Config):
    url: Address = Field(description="As https://acme.atlassian.net/wiki or https://wiki.acme.org.")
    spaces: tuple[Space, ...] = Field(min_length=1, description="Keys of the spaces to read.")
    token: SecretStr = Field(description="API token (Cloud) or personal access token.")
    user: str = Field("", description="In the cloud, the e-mail address of the token's owner.")
    files: bool = Field(False, description="Read attached documents as parts of their page.")
    kind: Kind = Field(Kind.ARTICLE, description="What the pages are.")
    max_bytes: int = Field(50 * 2**20, gt=0, description="Larger attachments are left out.")


class Confluence(Connector[Settings]):
    """Pages of Confluence spaces, by Cloud or Data Center.

    A page restricted to groups, itself or by a page above it, is visible to those groups; one
    restricted to single persons is left out, and counted in the log. Who may see a space is not
    asked: say so by the source's `visibility`. Every run lists all pages, 200 a request, because a
    page's own date does not move with its restrictions; only changed ones are read. Pages in the
    trash go. Not yet tried against the real service.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """The cursor maps pages to marks of version and visibility; a failed one is not in it."""
        config = self.config
        reading = content_hash([VERSION, config.url, config.files])
        old = cursor["pages"] if cursor.get("reading") == reading else {}
        site = Site(config.url, config.user, config.token, self.http)
        listed = (page for space in config.spaces for page in site.pages(space, config.files))
        pages = {str(page["id"]): page for page in listed if page.get("id")}
        yield from Walk(site, reading, old, config.max_bytes).events(pages)

    def normalise(self, payload: Payload) -> Draft:
        return draft(payload, self.config.url.rstrip("/"), self.config.kind)
