"""Addresses that pages and records write, which may be none at all."""

from urllib.parse import urljoin, urlsplit


def joined(base: str, place: str) -> str:
    """An address relative to another; empty where it cannot be read as one."""
    try:
        whole = urljoin(base, place.strip())
        urlsplit(whole)
    except ValueError:
        return ""
    return whole


def web_address(base: str, place: str) -> str:
    """As `joined`, but empty also for what no browser opens as a page."""
    whole = joined(base, place) if place.strip() else ""
    return whole if urlsplit(whole).scheme in ("http", "https") else ""
