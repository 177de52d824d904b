"""Discussions and shared links of Microsoft Teams channels."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, StringConstraints, model_validator

from catalogue.model import Cursor, Draft, Payload
from connectors.base import Config, Connector, Event
from connectors.formats import teamsgraph
from connectors.formats.conversations import draft
from connectors.formats.graph import ADDRESS, LOGIN, App, Graph
from connectors.formats.ledger import Heard, Ledger
from connectors.formats.teamsexport import exported

VERSION = 1  # of what a payload holds; a new one reads everything again
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+[^\s?#]*$")]
Name = Annotated[str, StringConstraints(pattern=r"^[^/]+/.+$")]


class Settings(Config):
    channels: tuple[Name, ...] = Field(
        min_length=1,
        description="The channels to read, as TEAM/CHANNEL by name or id; no other is.",
    )
    tenant: str = Field("", description="Id or domain of the organisation in Entra ID.")
    client: str = Field(
        "",
        description="Id of an app with the application permissions Team.ReadBasic.All, "
        "Channel.ReadBasic.All and ChannelMessage.Read.All.",
    )
    client_secret: SecretStr | None = Field(None, description="The app's secret.")
    path: Path | None = Field(
        None, description="An export instead: its archive, or the folder it was unpacked to."
    )
    names: bool = Field(False, description="Keep people's names; else they are dropped.")
    shared_at_least: int = Field(1, ge=1, description="Links shared less often are left out.")
    graph: Address = Field(ADDRESS, description="Address of Microsoft Graph.")
    login: Address = Field(LOGIN, description="Address that grants tokens for it.")

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if bool(self.path) == bool(self.client_secret):
            raise ValueError("give either `path`, or the secret `client_secret`")
        if self.client_secret and not (self.tenant and self.client):
            raise ValueError("give `tenant` and `client` with the secret")
        return self


class Teams(Connector[Settings]):
    """Discussions and shared links of Teams channels, by Microsoft Graph or from an export.

    A thread that asks a question and has an answer is a discussion. Each link that people share is
    an item of its own, with how often and by how many it was shared. People's names are dropped
    unless `names` keeps them; a name typed into a text stays. What a private team says is for the
    group `teams:TEAM` alone, and a private or shared channel for `teams:TEAM/CHANNEL`.

    Chats, recordings of meetings and files are not read. Graph has no list of changes that tells
    of answers, so that each run lists the channels anew. Not yet tried against the real service.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """The cursor has the items' hashes."""
        ledger = Ledger(cursor, f"{VERSION} {self.config.names}")
        yield from ledger.events(self._heard(), self.config.shared_at_least)

    def _heard(self) -> Iterator[Heard]:
        keep = self.config.names
        if self.config.path:
            yield from exported(self.config.path, self.config.channels, keep_names=keep)
        if self.config.client_secret:
            opened = self._graph(self.config.client_secret)
            for name in self.config.channels:
                yield from teamsgraph.heard(opened, teamsgraph.place(opened, name, keep_names=keep))

    def _graph(self, secret: SecretStr) -> Graph:
        places = self.config.graph, self.config.login
        return Graph(App(self.config.tenant, self.config.client, secret, *places), self.http)

    def normalise(self, payload: Payload) -> Draft:
        return draft(payload)
