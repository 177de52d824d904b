"""A licence's short name: Creative Commons' own ("CC BY-SA 4.0"), else its SPDX identifier."""

import re

_CC_URL = re.compile(
    r"creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)(?:/(\d\.\d))?(?:/([a-z]{2}))?\b"
)
_CC_SHORT = re.compile(
    r"cc[\s_-]*((?:by|nc|nd|sa)(?:[\s_-]*(?:nc|nd|sa))*)?[\s_-]*v?(\d(?:\.\d)?)?"
    r"(?:[\s_-]*(?!by|nc|nd|sa)([a-z]{2}))?(?: (?:licen[sc]e|international|unported))?"
)
_CC_WORDS = {
    "BY": r"attribution|namensnennung|\bby\b|paternité",
    "NC": r"non-?\s?commercial|nicht[ -]?kommerziell|pas d.utilisation commerciale",
    "ND": r"no-?\s?deriv\w+|keine? bearbeitung\w*",
    "SA": r"share-?\s?alike|weitergabe unter gleichen bedingungen|partage",
}
_CC_NAME = re.compile(r"creative\s+commons|^attribution|\bcc\b|^namensnennung")
_VERSION = re.compile(r"(?<![\d.])(\d\.\d)(?![\d.])")
_PLAIN = {
    "CC BY": r"creativecommon",  # as YouTube's interface writes it
    "Public Domain": r"public[\s_-]*domain(?: mark)?(?: work| dedication)?|public|gemeinfrei|pd",
    "CC0 1.0": r"cc[\s_-]*(?:0|zero)(?:[\s_-]*1\.0)?(?: universal)?(?: licen[sc]e)?"
    r"|creative commons (?:zero|cc0)\b.*|cc0 1\.0 .*",
    "All rights reserved": r"all[\s_-]*rights[\s_-]*reserved|alle rechte vorbehalten|copyrighted"
    r"|©|in copyright|private",  # Canvas writes "private" for its "private (copyrighted)"
}
_SPDX_URL = re.compile(
    r"(?:spdx\.org/licenses|opensource\.org/licen[sc]es?|choosealicense\.com/licenses"
    r"|gnu\.org/licenses|apache\.org/licenses)/([\w.+-]+?)/?(?:\.(?:html|txt|en))*$"
)
_SPDX_NAMES = {
    r"gnu (?:affero|agpl).*": "AGPL",
    r"gnu (?:lesser|library).*": "LGPL",
    r"gnu free documentation.*|gfdl.*": "GFDL",
    r"gnu general public.*|gpl.*": "GPL",
    r"mozilla public.*": "MPL",
    r"apache.*": "Apache",
    r"mit": "MIT",
}


def licence(text: str) -> str | None:
    """None where `text` names no licence we know."""
    text = " ".join(text.strip().split())
    lower = text.lower()
    found = (_plain(lower), _creative_commons(lower), _spdx(text), _named_spdx(lower))
    return next(filter(None, found), None)


def _creative_commons(text: str) -> str | None:
    if match := _CC_URL.search(text):
        return _cc(match[1], match[2], match[3])
    if match := _CC_SHORT.fullmatch(text):
        return _cc(match[1] or "by", match[2], match[3]) if match[1] or match[2] else None
    if not _CC_NAME.search(text):
        return None
    terms = [term for term, words in _CC_WORDS.items() if re.search(words, text)]
    version = _VERSION.search(text)
    return _cc("-".join(terms), version and version[1], None) if terms else None


def _cc(terms: str, version: str | None, country: str | None) -> str | None:
    """The terms in their usual order: attribution belongs to every licence since 2004."""
    if terms in ("zero", "cc0"):
        return "CC0 1.0"
    if terms in ("mark", "publicdomain"):
        return "Public Domain"
    named = re.findall("by|nc|nd|sa", terms.lower())
    order = ["BY", *(term for term in ("NC", "ND", "SA") if term.lower() in named)]
    if not named:
        return None
    full = f"{version}.0" if version and "." not in version else version
    return " ".join(filter(None, ("CC", "-".join(order), full, (country or "").upper())))


def _plain(text: str) -> str | None:
    return next((name for name, way in _PLAIN.items() if re.fullmatch(way, text.rstrip("."))), None)


def _spdx(text: str) -> str | None:
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    match = _SPDX_URL.search(text.lower())
    name = match[1].replace("license-", "apache-") if match else text
    try:
        return str(canonicalize_license_expression(name))
    except InvalidLicenseExpression:
        return None


def _named_spdx(text: str) -> str | None:
    """ "Apache License, Version 2.0" or "GNU General Public License v3": name and version."""
    bare = re.sub(r"^the |\blicen[sc]e\b|\bversion\b|,|\bor later\b", " ", text)
    bare = " ".join(bare.split())
    name = next((spdx for way, spdx in _SPDX_NAMES.items() if re.fullmatch(way, bare)), None)
    version = re.search(r"(\d(?:\.\d)?)$", bare)
    if name is None or (version is None and name != "MIT"):
        return None
    later = "-or-later" if "or later" in text else ""
    number = version[1] if version else ""
    full = f"{number}.0" if number and "." not in number else number
    return _spdx("-".join(filter(None, (name, full))) + later)
