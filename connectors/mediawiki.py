"""Pages of a MediaWiki, by category or namespace."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Self

from pydantic import Field, SecretStr, StringConstraints, model_validator

from catalogue.hashing import content_hash
from catalogue.model import Cursor, Draft, Kind, Payload
from connectors.base import Config, Connector, Event
from connectors.formats.wikipage import draft
from connectors.formats.wikisite import Wiki
from connectors.formats.wikiwalk import Walk

VERSION = 1  # of what a payload holds; a new one reads every page again
OVERLAP = timedelta(minutes=10)  # changes are listed a while after the edit that they tell of
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#@]+/([^\s?#]*/)?api\.php$")]


class Settings(Config):
    url: Address = Field(description="Address of the wiki's api.php; Special:Version names it.")
    categories: tuple[str, ...] = Field((), description="Only pages in one of these categories.")
    namespaces: tuple[int, ...] = Field((0,), description="Numbers of namespaces; 0 is articles.")
    user: str = Field("", description="For a private wiki: a bot's name, such as Ann@skillshelf.")
    password: SecretStr | None = Field(None, description="The bot's password.")
    kind: Kind = Field(Kind.ARTICLE, description="What the pages are.")

    @model_validator(mode="after")
    def _both(self) -> Self:
        if bool(self.user) != bool(self.password):
            raise ValueError("give both `user` and the password, or neither")
        return self


class Mediawiki(Connector[Settings]):
    """Pages of a MediaWiki, by category or namespace, with their headings as places.

    After a first listing only recent changes are asked for; a wiki that no longer keeps those
    since the last run is listed again. A page that moves stays the same item; one that becomes a
    redirect, or leaves the categories, goes. What a changed template does to pages that were not
    edited themselves is not noticed.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """The cursor maps pages to revisions, and has the moment since when changes are asked for.

        Without that moment every page is listed, and only what is not in the map is read.
        """
        config = self.config
        categories = tuple(sorted(map(_category, config.categories)))
        reading = content_hash([VERSION, config.url, categories, sorted(config.namespaces)])
        kept = cursor if cursor.get("reading") == reading else {}
        wiki = Wiki(config.url, self.http, config.user, config.password)
        wiki.log_in()
        now, licence = wiki.about()
        upto = (datetime.fromisoformat(now) - OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")
        walk = Walk(wiki, config.namespaces, categories, reading, dict(kept.get("pages", {})))
        yield from walk.events(str(kept.get("since", "")), upto, licence)

    def normalise(self, payload: Payload) -> Draft:
        return draft(payload, self.config.kind)


def _category(name: str) -> str:
    """The canonical prefix is understood by a wiki in any language."""
    return name if ":" in name else f"Category:{name}"
