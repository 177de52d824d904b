"""The feeds of an OPDS catalogue, from its root on, each once."""

from collections.abc import Iterator
from pathlib import Path

from catalogue.errors import BadItem, NeedsPerson
from connectors.formats.opds.feed import Feed, read_feed
from connectors.http import Http
from connectors.http.addresses import may_share_credentials, shown

LARGEST = 64 * 2**20  # bytes of one feed
SUFFIXES = (".xml", ".atom", ".opds", ".json")
_ACCEPT = "application/opds+json, application/atom+xml;profile=opds-catalog, application/xml, */*"


class Crawl:
    """Reads feeds through one door, with the reader's name and password where they are given."""

    def __init__(self, http: Http, auth: tuple[str, str] | None, max_feeds: int) -> None:
        self._http, self._auth, self._max_feeds = http, auth, max_feeds

    def feeds(self, root: str) -> Iterator[tuple[str, Feed | BadItem]]:
        """Name and feed, or why that one cannot be read. Raises where the root cannot.

        A catalogue that has a feed of everything is read from there alone.
        """
        first = self._feed(root, item=False)
        elsewhere = first.whole not in ("", root)
        listed = dict.fromkeys([first.whole] if elsewhere else first.following)
        waiting = [url for url in listed if url != root]
        seen = {root, *waiting}
        if not elsewhere:
            yield shown(root), first
        read = 1
        while waiting:
            if read >= self._max_feeds:
                left = f"{shown(root)}: more than {self._max_feeds} feeds; raise `max_feeds`"
                yield "max_feeds", BadItem(left)
                return
            url = waiting.pop(0)
            if not _near(root, url):
                continue
            read += 1
            try:
                feed = self._feed(url, item=True)
            except BadItem as error:
                yield shown(url), error
                continue
            fresh = [one for one in dict.fromkeys(feed.following) if one not in seen]
            seen.update(fresh)
            waiting += fresh
            yield shown(url), feed

    def _feed(self, url: str, *, item: bool) -> Feed:
        reply = self._http.get(
            url,
            headers={"Accept": _ACCEPT},
            auth=self._auth,
            robots=self._auth is None,
            item=item,
            max_bytes=LARGEST,
        )
        try:
            return read_feed(reply.body, reply.url)
        except BadItem as error:
            fault = BadItem if item else NeedsPerson
            raise fault(f"{shown(url)} {error}") from None


def _near(root: str, url: str) -> bool:
    """Catalogues link to other libraries' catalogues; those are sources of their own."""
    try:
        return may_share_credentials(root, url)
    except ValueError:
        return False


def files(path: Path) -> Iterator[tuple[str, Feed | BadItem]]:
    """The feeds in a folder, or the one in a file. Raises NeedsPerson where there is none."""
    if not path.exists():
        raise NeedsPerson(f"{path} does not exist; correct `path`")
    inside = path.rglob("*") if path.is_dir() else [path]
    for file in sorted(p for p in inside if p.is_file() and p.suffix.lower() in SUFFIXES):
        name = file.relative_to(path).as_posix() if path.is_dir() else file.name
        try:
            yield name, read_feed(_bytes(file), file.absolute().as_uri())
        except (BadItem, OSError) as error:
            yield name, BadItem(f"{name} {error}")


def _bytes(file: Path) -> bytes:
    with file.open("rb") as stream:
        data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise BadItem(f"is larger than {LARGEST:,} bytes")
    return data
