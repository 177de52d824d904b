"""What can be set, in `skillshelf.toml` and in the environment."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class Settings(BaseModel):
    """Every setting of the product.

    Each is read from the environment (`SKILLSHELF_` and its name in capitals), else from
    `skillshelf.toml` in the home folder, else it has its default.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False
    )

    home: Path = Field(
        default_factory=lambda: Path.home() / ".skillshelf",
        description="Folder of everything this installation keeps: catalogue, index, cache.",
    )
    sources: Path = Field(
        default_factory=lambda values: values["home"] / "sources.yaml",
        description="The file that describes where learning content comes from.",
    )
    database_url: str = Field(
        default_factory=lambda values: f"sqlite:///{values['home'] / 'catalogue.db'}",
        repr=False,
        description="The catalogue's database, as an SQLAlchemy URL: SQLite or PostgreSQL.",
    )
    qdrant_url: str | None = Field(
        None, description="A Qdrant server or cluster. Without one the index is embedded."
    )
    qdrant_api_key: SecretStr | None = Field(None, description="The Qdrant server's API key.")
    encoder: str = Field(
        "all-MiniLM-L6-v2", description="The sentence encoder: a name, or the path of a model."
    )
    taxonomy: str = Field(
        "esco", description="The skills taxonomy: `esco`, or the path of a taxonomy file."
    )
    tag_threshold: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Probability from which a tag takes effect by itself; below it waits for the "
        "owner. A source may set its own.",
    )
    host: str = Field(
        "127.0.0.1",
        description="Address to serve on. Any but loopback needs an API key in the catalogue.",
    )
    port: int = Field(8800, ge=1, le=65535, description="Port of the API and the search page.")
    prefect_port: int = Field(4200, ge=1, le=65535, description="Port of Prefect's server and UI.")
    public_url: str | None = Field(
        None,
        pattern="^https?://",
        description="Address under which people reach the API, where it differs from host and "
        "port: behind a proxy, say.",
    )
    contact: str = Field(
        "",
        description="Mail address or page put into the user agent, so that sites we read can "
        "reach you.",
    )
    http_timeout_s: float = Field(
        30, gt=0, le=600, description="Seconds without an answer after which a request ends."
    )
    http_max_bytes: int = Field(
        64 * 1024 * 1024,
        ge=1024,
        description="Largest answer read from a source, in bytes, after unpacking.",
    )
    http_spacing_s: float = Field(
        1.0, ge=0, le=3600, description="Seconds between two requests to the same host."
    )
    retention_days: int = Field(
        30, ge=0, description="Days that items which left their source are kept."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="How much is logged."
    )

    @property
    def index_path(self) -> Path:
        return self.home / "index"

    @property
    def cache_path(self) -> Path:
        return self.home / "cache"


def load_settings(home: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force. `home` goes before SKILLSHELF_HOME. Raises BadConfig."""
    values: dict[str, Any] = {} if home is None else {"home": home}
    return Settings(**values)
