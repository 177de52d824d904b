"""Pages and lists of links in a git repository."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, StringConstraints, model_validator

from catalogue.hashing import content_hash
from catalogue.model import Cursor, Draft, Kind, Payload
from connectors.base import Config, Connector, Event
from connectors.extract import Reader
from connectors.formats.gitpages import forge_view, link_draft, page_draft
from connectors.formats.gitplace import AtAddress, InFolder, Repository
from connectors.formats.gitwalk import Walk

VERSION = 1  # of what is read out of a file; a new one reads every file again
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#@]+/[^\s?#]+$")]
Template = Annotated[str, StringConstraints(pattern=r"^(https?://[^\s/?#@]+[^\s?#]*)?$")]
PAGES = tuple(f"**/*.{suffix}" for suffix in ("md", "markdown", "rst", "adoc", "asciidoc"))


class Settings(Config):
    url: Address | None = Field(None, description="The repository's address, as one clones it.")
    path: Path | None = Field(None, description="A repository on this machine instead.")
    token: SecretStr | None = Field(None, description="Access token that may read the repository.")
    user: str = Field("git", description="Name that goes with the token; most forges take any.")
    branch: str = Field("", description="Else the repository's own default.")
    read: Literal["pages", "links"] = Field(
        "pages", description="`pages`: a file is an item. `links`: each link in lists is one."
    )
    include: tuple[str, ...] = Field(PAGES, description="Globs of the files to read.")
    exclude: tuple[str, ...] = Field((), description="Globs of files to leave out.")
    root: str = Field("", description="Folder that the rendered site is made from, such as docs.")
    base_url: Template = Field(
        "", description="Address of a rendered page with {page} or {path}; else the forge's view."
    )
    kind: Kind | None = Field(None, description="What the items are; else by format or path.")
    max_bytes: int = Field(20 * 2**20, gt=0, description="Larger files are reported, not read.")

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if bool(self.path) == bool(self.url):
            raise ValueError("give either `url` or `path`")
        return self


class Git(Connector[Settings]):
    """Markdown, AsciiDoc and reStructuredText pages of a git repository, or lists of links in it.

    Reads over https or from a folder, without a clone: of the history, only what has changed since
    the last commit seen. A page that moves stays the same item. Pages marked as drafts are left
    out. AsciiDoc is read lightly: includes and conditions are not followed.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """The cursor is the commit, with the first path of every page that has moved since."""
        settings = self.config.model_dump(mode="json", exclude={"token", "user", "max_bytes"})
        place = self._place()
        try:
            branch, tip = place.tip(self.config.branch)
            base = self.config.base_url or (
                forge_view(self.config.url, branch)
                if self.config.url
                else self.config.path.absolute().as_uri()  # type: ignore[union-attr]
            )
            with Reader() as reader:
                walk = Walk(place, self.config, base, reader, content_hash([VERSION, settings]))
                yield from walk.events(cursor, tip)
        finally:
            place.close()

    def _place(self) -> Repository:
        config = self.config
        if config.path:
            return InFolder(config.path, config.max_bytes)
        assert config.url
        return AtAddress(config.url, self.http, config.user, config.token, config.max_bytes)

    def normalise(self, payload: Payload) -> Draft:
        read = link_draft if "link" in payload else page_draft
        return read(payload, self.config.kind)
