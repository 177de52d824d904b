"""Discussions and shared links of Slack channels."""

from collections.abc import Iterator
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator

from catalogue.model import Cursor, Draft, Payload
from connectors.base import Config, Connector, Event
from connectors.formats.conversations import draft
from connectors.formats.ledger import Heard, Ledger
from connectors.formats.slackapi import Workspace
from connectors.formats.slackexport import exported
from connectors.formats.slackmessage import Place

VERSION = 1  # of what a payload holds; a new one reads everything again
ADDRESS = r"^https?://[^\s/?#]+[^\s?#]*$"


class Settings(Config):
    channels: tuple[str, ...] = Field(
        min_length=1, description="Names or ids of the channels to read; no other is."
    )
    token: SecretStr | None = Field(
        None,
        description="A user's token with channels:read and channels:history (for private channels "
        "groups:read and groups:history, for names users:read).",
    )
    path: Path | None = Field(
        None, description="An export instead: its archive, or the folder it was unpacked to."
    )
    workspace: str = Field(
        "",
        pattern=f"{ADDRESS}|^$",
        description="Where an export's workspace is, such as https://acme.slack.com.",
    )
    names: bool = Field(False, description="Keep people's names; else they are dropped.")
    shared_at_least: int = Field(1, ge=1, description="Links shared less often are left out.")
    api: str = Field(
        "https://slack.com/api", pattern=ADDRESS, description="Address of Slack's Web API."
    )

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if bool(self.path) == bool(self.token):
            raise ValueError("give either `path`, or the secret `token`")
        if self.path and not self.workspace:
            raise ValueError("an export does not say where it is from: give `workspace`")
        return self


class Slack(Connector[Settings]):
    """Discussions and shared links of Slack channels, by the API or from an export.

    A thread that asks a question and has an answer is a discussion. Each link that people share is
    an item of its own, with how often and by how many it was shared. People's names are dropped
    unless `names` keeps them; a name typed into a text stays. What a private channel says is for
    the group `slack:CHANNEL` alone. Messages between people are never read.

    An answer that is edited is read again when its thread gets another; where a plan shows the
    latest 90 days only, older ones do not count as vanished.
    Not yet tried against the real service.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """The cursor has the items' hashes, and of each thread what its replies link to."""
        ledger = Ledger(cursor, f"{VERSION} {self.config.names} {self.config.workspace}")
        yield from ledger.events(self._heard(ledger), self.config.shared_at_least)

    def _heard(self, ledger: Ledger) -> Iterator[Heard]:
        if self.config.token:
            yield from self._asked(self.config.token, ledger)
        if self.config.path:
            place = self.config.path, self.config.workspace
            yield from exported(*place, self.config.channels, keep_names=self.config.names)

    def _asked(self, token: SecretStr, ledger: Ledger) -> Iterator[Heard]:
        workspace = Workspace(self.config.api, token, self.http)
        address = workspace.address()
        names = workspace.names() if self.config.names else None
        for channel in workspace.channels(self.config.channels):
            yield from workspace.heard(Place(address, channel, names), ledger)

    def normalise(self, payload: Payload) -> Draft:
        return draft(payload)
