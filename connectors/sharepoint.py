"""Files in the document libraries of a SharePoint site."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Annotated
from urllib.parse import quote, unquote, urlsplit

from pydantic import Field, SecretStr, StringConstraints

from catalogue.errors import NeedsPerson
from catalogue.hashing import content_hash
from catalogue.model import Cursor, Draft, Kind, Payload
from connectors.base import Config, Connector, Event
from connectors.extract import drafted, format_of, from_json
from connectors.formats.drivewalk import Walk
from connectors.formats.graph import ADDRESS, LOGIN, App, Graph
from connectors.vocabulary import Vocabulary

VERSION = 1  # of what is read out of a file; a new one reads every file again
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#@]+[^\s?#@]*$")]


class Settings(Config):
    site: Address = Field(description="As https://acme.sharepoint.com/sites/Learning.")
    libraries: tuple[str, ...] = Field((), description="Names of its libraries; else all of them.")
    tenant: str = Field(description="Id or domain of the organisation in Entra ID.")
    client: str = Field(description="Id of an app with Sites.Read.All and Files.Read.All.")
    client_secret: SecretStr = Field(description="The app's secret.")
    include: tuple[str, ...] = Field(("**",), description="Globs of the files to read.")
    exclude: tuple[str, ...] = Field((), description="Globs of files to leave out.")
    permissions: bool = Field(True, description="Ask of each file which groups may see it.")
    kind: Kind | None = Field(None, description="What the files are; else by their format.")
    max_bytes: int = Field(100 * 2**20, gt=0, description="Larger files are reported, not read.")
    graph: Address = Field(ADDRESS, description="Address of Microsoft Graph.")
    login: Address = Field(LOGIN, description="Address that grants tokens for it.")


class Sharepoint(Connector[Settings]):
    """Documents in the libraries of a SharePoint site, through Microsoft Graph.

    Only what Graph lists as changed is read. A file is visible to the groups that may open it, by
    the names they have there; one that only single persons may open is left out, and counted in
    the log. Permissions change without a trace in that list, so every run asks for them, 20 files
    a request. Site pages and notebooks are not read. Not yet tried against the real service.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """The cursor has of each library Graph's link to its next changes, its tree, and marks."""
        config = self.config
        app = App(config.tenant, config.client, config.client_secret, config.graph, config.login)
        graph = Graph(app, self.http)
        reading = content_hash([VERSION, config.site, config.graph])
        kept = cursor["drives"] if cursor.get("reading") == reading else {}
        yield from Walk(graph, config, reading).events(self._drives(graph), kept)

    def _drives(self, graph: Graph) -> list[str]:
        """Ids of the libraries. Raises NeedsPerson for one that is not there."""
        parts = urlsplit(self.config.site)
        path = quote(unquote(parts.path.rstrip("/")))
        site = graph.get(f"sites/{parts.hostname}{f':{path}' if path else ''}", select="id")
        listed = graph.listed(f"sites/{site.get('id')}/drives", select="id,name")
        known = {str(drive.get("name")): str(drive["id"]) for drive in listed if drive.get("id")}
        missing = [name for name in self.config.libraries if name not in known]
        if missing:
            raise NeedsPerson(f"{parts.path} has no library {missing[0]}; it has {sorted(known)}")
        return [known[name] for name in self.config.libraries or sorted(known)]

    def normalise(self, payload: Payload) -> Draft:
        name, said = PurePosixPath(payload["path"]).name, Vocabulary()
        form = format_of(name)
        title = re.sub(r"[_\s-]+", " ", name.split(".")[0]).strip() or name
        kind = self.config.kind or (form.kind if form else Kind.DOCUMENT)
        draft = drafted(from_json(payload["document"]), title, payload["url"], kind)
        updated = draft.updated or said.moment(payload["modified"])
        groups = tuple(payload["groups"])
        return replace(draft, updated=updated, visibility=groups, unmapped=said.unmapped)
