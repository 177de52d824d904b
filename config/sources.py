"""The file that describes where learning content comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from config.errors import BadConfig
from config.schedule import Schedule

Publish = Literal["at once", "after review"]


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One source as its file describes it.

    Paths among `settings` are relative to `base`, the folder of the file. `lines` maps the fields,
    e.g. "settings.url", to the lines they stand on. `fingerprint` is a hash over connector and
    settings: an approval holds only as long as it stays the same.
    """

    name: str
    connector: str
    owner: str
    schedule: Schedule | None = None
    publish: Publish = "at once"
    threshold: float | None = None
    visibility: tuple[str, ...] = ("public",)
    allow_private: bool = False
    language: str | None = None
    provider: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    file: Path = Path("sources.yaml")
    line: int = 1
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def base(self) -> Path:
        return self.file.parent


def load_sources(path: Path) -> dict[str, SourceSpec]:
    """The sources that the file describes, by name. Raises BadConfig."""
    raise NotImplementedError


def complain(spec: SourceSpec, error: ValidationError, known: Iterable[str] = ()) -> BadConfig:
    """What is wrong with a source's connector settings, with file, line and field.

    `known` are the names of the connector's fields: an unknown one is answered with the nearest.
    """
    raise NotImplementedError
