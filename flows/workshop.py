"""Where a process keeps what its steps work with, each opened on first use and closed once."""

import difflib
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from catalogue.errors import NotFound
from catalogue.store import Catalogue
from config.settings import Settings
from config.sources import SourceSpec, load_sources
from config.taxonomy import Taxonomy, load_taxonomy
from connectors.base import Connector
from connectors.http import Http, Limits, polite
from connectors.http.pacing import Pacing
from connectors.registry import open_connector
from enrichment.encoder import Encoder, TextEncoder, exported, load_encoder
from enrichment.enrich import RULES, Enricher
from enrichment.linker import Linker
from enrichment.query_encoder import load_query_encoder
from enrichment.tagger import Tagger
from index.depots import Depot, open_depot
from index.identity import Identity
from index.live import LiveIndex


class Workshop:
    """One home folder's sources, catalogue, models and index. Use as a context manager."""

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
    def encoder(self) -> TextEncoder:
        """Loads the model: half a second, or some twenty once to prepare it."""
        return load_encoder(self.settings.encoder, self.settings.cache_path)

    @cached_property
    def query_encoder(self) -> Encoder:
        """The same model for single short texts, in half the time and memory."""
        return load_query_encoder(self.settings.encoder, self.settings.cache_path)

    @cached_property
    def enricher(self) -> Enricher:
        linker = Linker(self.taxonomy, self.encoder, self.settings.cache_path)
        return Enricher(self.encoder, linker, Tagger(self.taxonomy, linker.id))

    @cached_property
    def depot(self) -> Depot:
        settings = self.settings
        return open_depot(settings.index_path, settings.qdrant_url, settings.qdrant_api_key)

    @cached_property
    def identity(self) -> Identity:
        """What an index of this workshop is made with."""
        made_by = exported(self.settings.encoder, self.settings.cache_path)
        return Identity(made_by.id, made_by.dimensions, str(RULES))

    def open_index(self, url: str | None = None) -> LiveIndex:
        """The index, taken as its one publisher. Raises Busy, WrongIndex."""
        stored = self.catalogue
        return LiveIndex.open(self.depot, self.identity, stored.changes, stored.embeddings, url)

    def spec(self, name: str) -> SourceSpec:
        """Raises NotFound with the nearest names."""
        if name in self.specs:
            return self.specs[name]
        near = difflib.get_close_matches(name, self.specs, n=3) or sorted(self.specs)
        raise NotFound(
            f"no source {name!r} in {self.settings.sources}; there is {', '.join(near) or 'none'}"
        )

    def connector(self, spec: SourceSpec) -> Connector[Any]:
        """The source's connector behind a polite door of its own. Raises BadConfig."""
        return open_connector(spec, self.door(allow_private=spec.allow_private))

    def door(self, *, allow_private: bool = False, pacing: Pacing | None = None) -> Http:
        s = self.settings
        limits = Limits(s.http_timeout_s, s.http_max_bytes, s.http_spacing_s)
        return polite(s.contact, limits, allow_private=allow_private, pacing=pacing)
