"""Addresses as names of works: without what changes from link to link or by language."""

import re
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

_ARCHIVE = re.compile(r"^https?://web\.archive\.org/web/\d+[a-z_]*/", re.I)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$")
_TRACKING = re.compile(r"^(?:utm_.*|fbclid|gclid|mc_[ce]id|ref|source)$")
_LANGUAGES = frozenset(
    re.findall(
        r"\w+",
        "ar az bg bn ca cs da de el en es et fa fi fr he hi hu hy id it ja kk km ko lt lv ml ms my "
        "nb ne nl no pa pl pt ro ru si sk sl sq sr sv ta te th tr uk ur uz vi zh",
    )
)
_LANGUAGE_PARAMETERS = frozenset({"lang", "language", "locale", "hl", "l"})
# A language by itself between separators, with or without its region: /de/, .en., -pt_BR
_CODE = re.compile(r"(?:^|(?<=[/._-]))([a-z]{2})(?:[-_]([a-z]{2}|[a-z]{4}))?(?=[/._-]|$)")


def plain_address(url: str) -> str:
    """The address without scheme, `www.`, tracking, archive and final slash; "" where none is."""
    parts = _split(url)
    if parts is None:
        return ""
    pairs = [p for p in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(p[0])]
    return _joined(parts, parts.path, pairs)


def address_in_any_language(url: str) -> str:
    """The plain address without the names of languages in host, path and query."""
    parts = _split(url)
    if parts is None:
        return ""
    pairs = [p for p in parse_qsl(parts.query) if p[0].lower() not in _LANGUAGE_PARAMETERS]
    address = _joined(parts, parts.path, pairs)
    return re.sub(r"[/._-]+", "/", _CODE.sub(_without_language, address)).strip("/")


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(_ARCHIVE.sub("", url.strip()))
    except ValueError:
        return None
    return parts if parts.netloc or parts.path else None


def _joined(parts: SplitResult, path: str, pairs: list[tuple[str, str]]) -> str:
    host = parts.netloc.lower().removeprefix("www.")
    # Only a fragment that is a route or a picked unit names another thing than its page.
    fragment = f"#{parts.fragment}" if parts.fragment.startswith(("!", "/")) else ""
    query = f"?{urlencode(sorted(pairs))}" if pairs else ""
    return f"{host}{_INDEX.sub('', path).rstrip('/')}{query}{fragment}".lower()


def _without_language(match: re.Match[str]) -> str:
    return "" if match[1] in _LANGUAGES else match[0]
