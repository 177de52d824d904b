"""Pages of a site that its sitemap lists: courses, articles, videos, books, events."""

from collections.abc import Iterator

from pydantic import Field

from catalogue.errors import BadItem
from catalogue.model import Cursor, Draft, Payload
from connectors.base import Config, Connector, Event, Failed, Gone
from connectors.formats.pagememory import Memory
from connectors.formats.sitelist import site_list, wanted
from connectors.formats.sitepages import draft
from connectors.formats.sitevisits import Visits

VERSION = 1  # of what a payload holds; a new one reads every page again


class Settings(Config):
    url: str = Field(
        pattern=r"^https?://[^\s/?#]+", description="Address of the sitemap, or of its site."
    )
    include: tuple[str, ...] = Field((), description="Paths to read, such as /courses/*; else all.")
    exclude: tuple[str, ...] = Field((), description="Paths to leave out, such as */tag/*.")
    hosts: tuple[str, ...] = Field((), description="Other hosts whose pages belong to the site.")
    languages: tuple[str, ...] = Field((), description="Only these, where the sitemap names them.")
    described_only: bool = Field(False, description="Only pages that schema.org says to be items.")
    max_pages: int = Field(5_000, gt=0, description="More are reported, not read.")
    max_bytes: int = Field(20 * 2**20, gt=0, description="Larger pages are reported, not read.")


class Sitemap(Connector[Settings]):
    """Pages of a site by its sitemaps: courses, articles, videos, books, events, PDFs.

    What a page says of itself in schema.org (JSON-LD, Microdata, RDFa) is read first, then its Open
    Graph and its main text. A page that asks not to be listed, is a copy of another or a list of
    others is left out.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """Asks for the pages that their sitemap does not call unchanged, and gets what changed.

        The cursor has a mark for each page. The sitemaps list all there is, if all could be read.
        """
        config = self.config
        listing = site_list(self.http, config.url)
        chosen = (config.hosts, config.include, config.exclude, config.languages)
        pages = wanted(listing, config.url, *chosen)
        memory = Memory(cursor, f"{VERSION} {config.url} {config.described_only}", config.url)
        taken = memory.wanted(pages.values(), config.max_pages)
        faults = dict(listing.faults)
        if len(taken) < len(pages):
            over = f"lists {len(pages):,} pages, of which {len(taken):,} are read"
            faults[config.url] = BadItem(f"{over}; raise `max_pages` or narrow `include`")
        yield from (Failed(place, error) for place, error in faults.items())
        visits = Visits(self.http, memory, pages, config.described_only, config.max_bytes)
        yield from visits.events(taken)
        if not listing.faults:
            memory.only(pages)
        yield from map(Gone, [*memory.mended(faults), *memory.gone()])
        yield memory.checkpoint(complete=not listing.faults)

    def normalise(self, payload: Payload) -> Draft:
        return draft(payload)
