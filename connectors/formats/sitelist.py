"""All the pages of a site, gathered from its sitemaps."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from urllib.parse import unquote, urljoin, urlsplit

from catalogue.errors import BadItem, NeedsPerson, SkillshelfError, TryLater
from connectors.formats.sitemaps import (
    MAX_BYTES,
    Listed,
    Sitemap,
    plain_address,
    read_sitemap,
)
from connectors.http import Http, Reply
from connectors.http.addresses import shown

MAX_SITEMAPS = 1_000
MAX_PAGES = 200_000
OUTAGES = 3  # sitemaps that could not be had for now, before the site counts as down
_NAMED = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
Patterns = Collection[str]
_GUESSES = ("/sitemap.xml", "/sitemap_index.xml")


@dataclass(slots=True)
class SiteList:
    """`pages` by address, in their sitemaps' order; `faults` by the sitemap they are of."""

    pages: dict[str, Listed] = field(default_factory=dict)
    faults: dict[str, SkillshelfError] = field(default_factory=dict)
    read: int = 0

    def room(self) -> bool:
        return self.read + len(self.faults) < MAX_SITEMAPS and len(self.pages) < MAX_PAGES


def site_list(http: Http, url: str) -> SiteList:
    """What the sitemap at `url`, or that of the site at `url`, lists with all below it.

    A sitemap among others that cannot be had is a fault. Raises what the door raises where none
    can be had at all.
    """
    found = SiteList()
    waiting = _first(http, url)
    known = set(waiting)
    while waiting and found.room():
        place = waiting.pop(0)
        fresh = [more for more in _read(http, place, found) if more not in known]
        known.update(fresh)
        waiting.extend(fresh)
        _raise_if_down(found)
    if waiting:
        limits = f"{MAX_SITEMAPS:,} sitemaps or {MAX_PAGES:,} pages"
        found.faults[waiting[0]] = BadItem(f"{shown(waiting[0])} is left out: more than {limits}")
    return found


def wanted(
    found: SiteList,
    url: str,
    hosts: Collection[str],
    include: Patterns,
    exclude: Patterns,
    languages: Collection[str],
) -> dict[str, Listed]:
    """The pages of the site at `url`, or of `hosts`, whose paths and languages are asked for.

    Raises NeedsPerson where pages are listed, but none is of the site.
    """
    ours = {_host(url), *(host.lower().removeprefix("www.") for host in hosts)}
    own = {place: page for place, page in found.pages.items() if _host(place) in ours}
    if found.pages and not own:
        other = ", ".join(sorted({urlsplit(p).netloc for p in found.pages})[:5])
        raise NeedsPerson(f"{shown(url)} lists pages of {other} only; add that to `hosts`")
    tags = tuple(tag.lower() for tag in languages)
    return {
        place: page
        for place, page in own.items()
        if (not include or _fits(place, include))
        and not _fits(place, exclude)
        and (not tags or not page.language or page.language.lower().startswith(tags))
    }


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _fits(url: str, patterns: Patterns) -> bool:
    """Whether the path, with what follows it, fits one of the patterns."""
    parts = urlsplit(url)
    path = unquote(parts.path) + (f"?{parts.query}" if parts.query else "")
    return any(fnmatchcase(path, pattern) for pattern in patterns)


def _read(http: Http, place: str, found: SiteList) -> tuple[str, ...]:
    """Add what one sitemap lists; the sitemaps that it names."""
    try:
        reply = http.get(place, item=True, max_bytes=MAX_BYTES)
        sitemap = _sitemap(reply)
    except (BadItem, TryLater) as error:
        found.faults[place] = error
        return ()
    found.read += 1
    if sitemap.fault:
        found.faults[place] = BadItem(f"{shown(place)} {sitemap.fault}")
    for page in sitemap.pages:
        _add(found.pages, page)
    return sitemap.more


def _sitemap(reply: Reply) -> Sitemap:
    try:
        return read_sitemap(reply.body, reply.url)
    except BadItem as error:
        raise BadItem(f"{shown(reply.url)} {error}") from None


def _raise_if_down(found: SiteList) -> None:
    """Raise where nothing could be had at all, or too much of it not for now."""
    outages = [error for error in found.faults.values() if isinstance(error, TryLater)]
    if outages and (len(outages) >= OUTAGES or not found.read):
        raise outages[-1]
    if not found.read:
        raise NeedsPerson(f"{next(iter(found.faults.values()))}; correct `url`")


def _add(pages: dict[str, Listed], page: Listed) -> None:
    """A page may be listed several times: as itself, and as another's version in its language."""
    before = pages.get(page.url)
    if before is None or (page.changed and not before.changed):
        hints = page.hints or (before.hints if before else {})
        language = page.language or (before.language if before else "")
        pages[page.url] = Listed(page.url, page.changed, language, hints)


def _first(http: Http, url: str) -> list[str]:
    """The sitemap itself; of a site's front page those that its robots.txt names, or a guess."""
    if urlsplit(url).path not in ("", "/") or urlsplit(url).query:
        return [url]
    named = list(_named(http, url))
    return named or [_guessed(http, url)]


def _named(http: Http, url: str) -> Iterator[str]:
    try:
        rules = http.get(urljoin(url, "/robots.txt"), item=True, max_bytes=2**20).text
    except BadItem:
        return
    places = (plain_address(place, url) for place in _NAMED.findall(rules))
    yield from dict.fromkeys(place for place in places if place)


def _guessed(http: Http, url: str) -> str:
    for path in _GUESSES:
        try:
            http.get(urljoin(url, path), item=True, max_bytes=MAX_BYTES)
        except BadItem:
            continue
        return urljoin(url, path)
    raise NeedsPerson(f"{shown(url)} names no sitemap in its robots.txt; set `url` to the sitemap")
