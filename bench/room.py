"""Where a measurement works: a folder of its own, with the model prepared beforehand."""

import itertools
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from config.environment import child_environment
from config.settings import FILE, Settings, load_settings
from config.taxonomy import load_taxonomy
from enrichment.encoder import load_encoder
from enrichment.query_encoder import load_query_encoder
from enrichment.skill_vectors import skill_vectors

Stanzas = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Room:
    """`cache` holds the prepared model; `quick` asks for sizes that show only that it works."""

    folder: Path
    cache: Path
    quick: bool = False
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def size(self, full: int, quick: int) -> int:
        return quick if self.quick else full

    def home(self, stanzas: Stanzas, **settings: int) -> Settings:
        """A fresh home with these sources, sharing the prepared model and nothing else."""
        home = self.folder / f"home-{next(self._numbers)}"
        home.mkdir()
        (home / "cache").symlink_to(self.cache)
        (home / "sources.yaml").write_text(yaml.safe_dump({"sources": dict(stanzas)}))
        (home / FILE).write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
        return load_settings(home, {})


def prepare(cache: Path) -> None:
    """Export the model and encode the taxonomy, once: what a first start does, not an ingest."""
    settings = Settings()
    encoder = load_encoder(settings.encoder, cache)
    load_query_encoder(settings.encoder, cache)
    skill_vectors(load_taxonomy(settings.taxonomy), encoder, cache)


def environment(settings: Settings) -> dict[str, str]:
    return child_environment(settings)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
