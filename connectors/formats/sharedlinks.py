"""Links that people share, as candidates for the catalogue."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from catalogue.model import Draft, Kind, Part, Payload
from connectors.extract.document import line, tidy
from connectors.http.addresses import HIDDEN, shown

WORDS = 5  # messages with a link that are kept as what it is about
_LONGEST = 1000  # characters of an address
_TRACKING = re.compile(r"(utm_\w+|fbclid|gclid|msclkid|mc_[ce]id|igshid|_hs\w+|ref_src)$")
_WRAPPED = ".safelinks.protection.outlook.com"  # Microsoft Defender puts links into its own
_VIDEO = re.compile(r"(www\.|m\.)?(youtube\.com|youtu\.be|vimeo\.com)$")


@dataclass(frozen=True, slots=True)
class Link:
    """`url` as `shareable` gives it. `title` and `about` are the service's preview of the page."""

    url: str
    title: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """One message's link: `who` shared it, `at` a time in ISO 8601, with which `words`, where."""

    link: Link
    who: str
    at: str
    words: str
    channel: str
    group: str


@dataclass(slots=True)
class _Counted:
    shares: list[Share] = field(default_factory=list)

    def payload(self) -> Payload:
        shares = sorted(self.shares, key=lambda share: (share.at, share.link.url, share.words))
        links = [share.link for share in shares]
        return {
            "link": links[0].url,
            "title": next((one.title for one in links if one.title), ""),
            "about": next((one.about for one in links if one.about), ""),
            "times": len(shares),
            "people": len({share.who for share in shares if share.who}),
            "last": shares[-1].at,
            "channels": sorted({share.channel for share in shares}),
            "group": shares[0].group,
            "words": list(dict.fromkeys(s.words for s in shares if _says(s.words)))[:WORDS],
        }


def shareable(url: str) -> str | None:
    """The address without what tracks its reader; None for one that opens for its sharer only."""
    try:
        url = _unwrapped(url.strip())
        parts = urlsplit(url)
        secret = "@" in parts.netloc or HIDDEN in shown(url)
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname or secret:
            return None
    except ValueError:
        return None
    query = parse_qsl(parts.query, keep_blank_values=True)
    kept = urlencode([(name, value) for name, value in query if not _TRACKING.match(name)])
    route = parts.fragment if parts.fragment.startswith(("/", "!")) else ""  # of a page's own app
    clean = urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, kept, route))
    return clean if len(clean) <= _LONGEST else None


def _unwrapped(url: str) -> str:
    parts = urlsplit(url)
    if not (parts.hostname or "").endswith(_WRAPPED):
        return url
    return next((value for name, value in parse_qsl(parts.query) if name == "url"), "")


def counted(shares: Iterable[Share], at_least: int) -> Iterator[tuple[str, Payload]]:
    """Each link that was shared at least so often, by key, in the order of the keys.

    What a closed channel shares is counted apart, for its own members.
    """
    found: dict[str, _Counted] = {}
    for share in shares:
        found.setdefault(_key(share), _Counted()).shares.append(share)
    for key in sorted(found):
        if len(found[key].shares) >= at_least:
            yield key, found[key].payload()


def _key(share: Share) -> str:
    """One for http and https, with and without www. and a last slash."""
    parts = urlsplit(share.link.url)
    place = parts.netloc.removeprefix("www.") + parts.path.rstrip("/")
    query = f"?{parts.query}" if parts.query else ""
    route = f"#{parts.fragment}" if parts.fragment else ""
    return " ".join(filter(None, (share.group, f"https://{place}{query}{route}")))


def _says(words: str) -> bool:
    """Whether there is more than the address itself."""
    return any("://" not in word for word in words.split())


def link_draft(payload: Payload) -> Draft:
    url = payload["link"]
    parts = urlsplit(url)
    about = tidy(payload["about"])
    return Draft(
        title=line(payload["title"]) or parts.netloc.removeprefix("www.") + parts.path.rstrip("/"),
        url=url,
        kind=Kind.VIDEO if _VIDEO.match(parts.netloc) else Kind.ARTICLE,
        summary="\n".join(filter(None, (about, told(payload)))),
        subjects=tuple(payload["channels"]),
        visibility=(payload["group"],) if payload.get("group") else (),
        parts=tuple(Part(tidy(words)) for words in payload["words"]),
    )


def told(payload: Payload) -> str:
    """Such as "Shared 5 times by 3 people in data, help; last on 2026-03-04."."""
    times, people = payload["times"], payload["people"]
    often = "once" if times == 1 else f"{times} times"
    by = f" by {people} people" if people > 1 else ""
    where = ", ".join(payload["channels"])
    return f"Shared {often}{by} in {where}; last on {payload['last'][:10]}."
