"""Which channel or playlist an address of YouTube means, and where its feed is."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, urlencode, urlsplit

from catalogue.errors import NeedsPerson
from connectors.http.addresses import shown

Kind = Literal["channel", "playlist", "user", "handle"]
SITE = "https://www.youtube.com"
_FEED: dict[Kind, str] = {"channel": "channel_id", "playlist": "playlist_id", "user": "user"}
_BARE: tuple[tuple[Kind, str], ...] = (
    ("channel", r"UC[\w-]{22}"),
    ("playlist", r"(?:PL|UU|FL|OL)[\w-]{10,}"),
    ("handle", r"@[\w.·-]+"),
)
_PAGE = r"(/feeds)?/[^/]*$"  # of a site that may itself lie below a path


@dataclass(frozen=True, slots=True)
class Channel:
    """A place where videos are listed. `name` is its id, user name or handle at `site`."""

    kind: Kind
    name: str
    site: str = SITE

    def feed(self) -> str:
        """Raises NeedsPerson for a place that has no feed of its own."""
        if self.kind not in _FEED:
            remedy = "give the channel by its id (UC…, in the source of its page), or set a key"
            raise NeedsPerson(f"{self.name}: YouTube has no feeds by handle; {remedy}")
        return f"{self.site}/feeds/videos.xml?{urlencode({_FEED[self.kind]: self.name})}"


def channel(address: str) -> Channel:
    """Raises NeedsPerson for what names neither a channel nor a playlist."""
    for kind, form in _BARE:
        if re.fullmatch(form, address):
            return Channel(kind, address)
    parts = urlsplit(address)
    site, query = f"{parts.scheme}://{parts.netloc}", parse_qs(parts.query)
    above = f"{site}{re.sub(_PAGE, '', parts.path)}"
    for kind, field in (("playlist", "list"), *_FEED.items()):
        if name := query.get(field):
            return Channel(kind, name[0], above)
    if match := re.fullmatch(r"(.*?)/(channel|user)/([\w-]+)(?:/.*)?", parts.path):
        return Channel("channel" if match[2] == "channel" else "user", match[3], site + match[1])
    if match := re.fullmatch(r"(.*?)/(@[\w.·-]+)(?:/.*)?", parts.path):
        return Channel("handle", match[2], site + match[1])
    remedy = "give a /channel/, /user/, /@handle or /playlist address"
    raise NeedsPerson(f"{shown(address)} names neither a channel nor a playlist; {remedy}")
