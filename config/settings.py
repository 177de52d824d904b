"""What can be set, in `skillshelf.toml` and in the environment."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)

from config.complaint import details, in_words
from config.errors import BadConfig
from config.layers import Given, from_environment, from_file

FILE = "skillshelf.toml"
SECRET = frozenset({"api_key", "database_url", "qdrant_api_key", "qdrant_url"})  # also as …_FILE
_PATHS = frozenset({"sources", "taxonomy", "encoder"})

FullPath = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]


class Settings(BaseModel):
    """Every setting of the product.

    Each is read from the environment (`SKILLSHELF_` and its name in capitals), else from
    `skillshelf.toml` in the home folder, else it has its default.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False
    )

    home: FullPath = Field(
        default_factory=lambda: Path.home() / ".skillshelf",
        description="Folder of everything this installation keeps: catalogue, index, cache.",
    )
    sources: FullPath = Field(
        default_factory=lambda values: values["home"] / "sources.yaml",
        description="The file that describes where learning content comes from.",
    )
    database_url: str = Field(
        default_factory=lambda values: f"sqlite:///{values['home'] / 'catalogue.db'}",
        repr=False,
        description="The catalogue's database, as an SQLAlchemy URL: SQLite or PostgreSQL.",
    )
    qdrant_url: str | None = Field(
        default=None,
        repr=False,
        description="A Qdrant server or cluster. Without one the index is embedded.",
    )
    qdrant_api_key: SecretStr | None = Field(
        default=None, description="The Qdrant server's API key."
    )
    encoder: str = Field(
        default="all-MiniLM-L6-v2",
        description="The sentence encoder: a name, or the path of a model.",
    )
    taxonomy: str = Field(
        default="esco", description="The skills taxonomy: `esco`, or the path of a taxonomy file."
    )
    tag_threshold: float = Field(
        default=0.25,
        ge=0,
        le=1,
        description="Probability from which a tag takes effect by itself; below it waits for the "
        "owner. A source may set its own.",
    )
    host: str = Field(
        default="127.0.0.1",
        description="Address to serve on. Any but loopback needs an API key in the catalogue.",
    )
    port: int = Field(
        default=8800, ge=1, le=65535, description="Port of the API and the search page."
    )
    prefect_port: int = Field(
        default=4200, ge=1, le=65535, description="Port of Prefect's server and UI."
    )
    public_url: str | None = Field(
        default=None,
        pattern="^https?://",
        description="Address under which people reach the API, where it differs from host and "
        "port: behind a proxy, say.",
    )
    api_key: SecretStr | None = Field(
        default=None, description="Key with which the command line asks a server that wants one."
    )
    contact: str = Field(
        default="",
        description="Mail address or page put into the user agent, so that sites we read can "
        "reach you.",
    )
    http_timeout_s: float = Field(
        default=30,
        gt=0,
        le=600,
        description="Seconds without an answer after which a request ends.",
    )
    http_max_bytes: int = Field(
        default=64 * 1024 * 1024,
        ge=1024,
        description="Largest answer read from a source, in bytes, after unpacking.",
    )
    http_spacing_s: float = Field(
        default=1.0, ge=0, le=3600, description="Seconds between two requests to the same host."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="How much is logged, on the error stream."
    )

    @property
    def index_path(self) -> Path:
        return self.home / "index"

    @property
    def cache_path(self) -> Path:
        return self.home / "cache"


def load_settings(home: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force. `home` goes before SKILLSHELF_HOME. Raises BadConfig."""
    known = frozenset(Settings.model_fields)
    given = from_environment(known, SECRET, environ)
    if home is not None:
        given["home"] = Given(home, "the home folder")
    folder = Settings(home=given["home"].value).home if "home" in given else Settings().home
    given = _from_file(known, folder) | given
    try:
        return Settings(**{name: one.value for name, one in given.items()})
    except ValidationError as error:
        raise BadConfig("\n".join(_wrong(error, given))) from None


def _from_file(known: frozenset[str], folder: Path) -> dict[str, Given]:
    """The settings in the home folder's file; paths there are relative to the folder."""
    given = from_file(known, folder / FILE)
    if "home" in given:
        raise BadConfig(
            f"{given['home'].place}: this file lies in the home folder, so it cannot name it; set "
            "the environment variable SKILLSHELF_HOME"
        )
    for name in _PATHS & given.keys():
        beside = folder / str(given[name].value)
        if name == "sources" or beside.exists():
            given[name] = replace(given[name], value=str(beside))
    return given


def _wrong(error: ValidationError, given: Mapping[str, Given]) -> Iterator[str]:
    for detail in details(error):
        name = str(detail["loc"][0])
        yield f"{given[name].place}: {in_words(detail)}"
