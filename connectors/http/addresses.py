"""What may be said about a URL, and which network addresses the public internet is."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

_SECRET_NAME = re.compile(
    r"token|key|secret|passw|pwd|sig|auth|session|\bsid\b|credential|ticket|code|verif",
    re.IGNORECASE,
)
HIDDEN = "***"
# RFC 6052: an IPv4 address behind a NAT64 gateway.
_NAT64 = IPv6Address("64:ff9b::")


def shown(url: str) -> str:
    """The URL as it may stand in a message: no user, no password, no value that looks secret."""
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return "(an address that cannot be read)"
    named = ((quote(n), HIDDEN if _SECRET_NAME.search(n) else quote(v)) for n, v in query)
    masked = "&".join(f"{name}={value}" for name, value in named)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, masked, ""))


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port. Raises ValueError for a port that is no number."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme.lower(), (parts.hostname or "").lower(), port


def may_share_credentials(one: str, other: str) -> bool:
    """Whether what was sent to `one` may be sent to `other`: the same host, and never less safe."""
    if origin(one) == origin(other):
        return True
    upgrade = (origin(one)[0], origin(other)[0]) == ("http", "https")
    return upgrade and origin(one)[1:] == (origin(other)[1], 80) and origin(other)[2] == 443


def public(address: str) -> bool:
    """Whether an IP address lies on the public internet.

    Loopback, private, link-local (cloud metadata lives at 169.254.169.254), multicast, reserved
    and unspecified ones do not, nor do they when wrapped into IPv6.
    """
    ip = ip_address(address.partition("%")[0])
    inner = _wrapped(ip) if isinstance(ip, IPv6Address) else None
    if inner is not None:
        return public(str(inner))
    return ip.is_global and not ip.is_multicast


def _wrapped(ip: IPv6Address) -> IPv4Address | None:
    if int(ip) >> 32 == int(_NAT64) >> 32:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
