"""Where a process keeps what its steps work with, each opened on first use and closed once."""

import difflib
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from catalogue.errors import NotFound
from catalogue.store import Catalogue
from config.settings import Settings
from config.sources import SourceSpec, load_sources
from config.taxonomy import Taxonomy, load_taxonomy
from connectors.base import Connector
from connectors.registry import open_connector
from enrichment.enrich import Enricher, open_enricher


class Workshop:
    """One home folder's sources, catalogue and models. Use as a context manager."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    @cached_property
    def specs(self) -> Mapping[str, SourceSpec]:
        return load_sources(self.settings.sources)

    @cached_property
    def catalogue(self) -> Catalogue:
        return self._open.enter_context(Catalogue.open(self.settings.database_url))

    @cached_property
    def taxonomy(self) -> Taxonomy:
        return load_taxonomy(self.settings.taxonomy)

    @cached_property
    def enricher(self) -> Enricher:
        """Loads the model: seconds."""
        return open_enricher(self.settings.encoder, self.taxonomy, self.settings.cache_path)

    def spec(self, name: str) -> SourceSpec:
        """Raises NotFound with the nearest names."""
        if name in self.specs:
            return self.specs[name]
        near = difflib.get_close_matches(name, self.specs, n=3) or sorted(self.specs)
        raise NotFound(
            f"no source {name!r} in {self.settings.sources}; there is {', '.join(near) or 'none'}"
        )

    def connector(self, spec: SourceSpec) -> Connector[Any]:
        return open_connector(spec)

    @property
    def home(self) -> Path:
        return self.settings.home
