"""The address that opens an item at a passage. Pure."""

from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from catalogue.model import Locator, Place

_IN_QUERY = ("youtube.com", "youtu.be")  # their players read ?t=; others a fragment


def open_url(url: str, locator: Locator | None) -> str:
    """`url` at the locator's place, or as it is where no address is known for such a place.

    Pages follow RFC 8118 (`#page=12`), seconds the W3C's media fragments (`#t=90`).
    """
    if locator is None:
        return url
    base = locator.url or url
    match locator.place:
        case Place.PAGE:
            return _with_fragment(base, f"page={quote(locator.value)}")
        case Place.ANCHOR:
            return _with_fragment(base, quote(locator.value, safe="!$&'()*+,;=:@/?-._~"))
        case Place.SECOND:
            return _at_second(base, locator.value)
        case Place.SLIDE | Place.SHEET | Place.UNIT:
            return base


def _at_second(url: str, value: str) -> str:
    second = str(int(float(value)))
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if host not in _IN_QUERY:
        return _with_fragment(url, f"t={second}")
    query = [(name, v) for name, v in parse_qsl(parts.query) if name != "t"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("t", f"{second}s")])))


def _with_fragment(url: str, fragment: str) -> str:
    return f"{url.partition('#')[0]}#{fragment}"
