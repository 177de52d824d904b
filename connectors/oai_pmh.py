"""Records of an OAI-PMH repository: Dublin Core, LOM, or schema.org's LRMI."""

from collections.abc import Iterator

from pydantic import Field

from catalogue.model import Cursor, Draft, Payload
from connectors.base import Config, Connector, Event
from connectors.formats.oaiharvest import Harvest, window
from connectors.formats.oairecords import draft
from connectors.formats.oairepository import Repository

VERSION = 1  # of what a payload holds; a new one harvests everything again


class Settings(Config):
    url: str = Field(pattern=r"^https?://[^\s/?#]+", description="The repository's base URL.")
    format: str = Field(
        "", description="Metadata prefix, such as lom; else the one that says most."
    )
    sets: tuple[str, ...] = Field((), description="Sets to harvest, by their `setSpec`; else all.")
    link: str = Field(
        "", description="Address of items whose records have none; {id} is their number."
    )
    full_days: int = Field(
        7, ge=1, description="Days between full harvests where deletions are not kept for good."
    )


class OaiPmh(Connector[Settings]):
    """Records of an OAI-PMH repository, as Dublin Core, LOM or schema.org (LRMI).

    Deleted records go where the repository keeps track of them; where it does not, whatever a full
    harvest does not show. A record that leaves `sets` without being deleted stays until then. No
    recording of a repository with LOM or LRMI was at hand; Dublin Core was tried on recorded ones.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """What changed since the last harvest, by the repository's own clock.

        The cursor has when that was and, within a harvest, its resumption token.
        """
        config = self.config
        reading = f"{VERSION} {config.url} {config.format} {' '.join(config.sets)}"
        known = cursor if cursor.get("reading") == reading else {}
        repository = Repository(self.http, config.url)
        about = repository.about()
        prefix = config.format or known.get("format") or repository.best_format()
        common = {"reading": reading, "format": prefix}
        harvest = Harvest(repository, prefix, config.sets, known, common)
        yield from harvest.events(window(known, about, config.full_days))

    def normalise(self, payload: Payload) -> Draft:
        return draft(payload, self.config.link)
