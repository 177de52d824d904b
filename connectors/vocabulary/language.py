"""Which language a word, a name or a code stands for, as a BCP 47 tag.

Names and aliases are those of CLDR, as Babel brings them.
"""

import re
from functools import cache

from babel import Locale
from babel.core import get_global
from babel.localedata import locale_identifiers

_TAG = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?(?:-[a-z0-9]+)*", re.I)
_NAMED = re.compile(r"([^()\[\]]+?)\s*[(\[]([^()\[\]]+)[)\]]")
_SCRIPTS = {"simplified": "Hans", "traditional": "Hant", "latin": "Latn", "cyrillic": "Cyrl"}
_TERRITORIES = {"uk": "GB", "usa": "US"}
NONE = frozenset({"und", "mul", "zxx", "mis", "xx", "unknown", "none", "n/a", "other"})
_ENGLISH = Locale("en")
NAMED_IN = ("en", "de", "fr", "es", "it", "nl", "pl", "pt")


def language(text: str) -> str | None:
    """ "en_US", "eng", "Deutsch" or "Portuguese (Brazil)" as a tag; None if it names none we know.

    Of several ("English, German") the first counts. A region that does not exist is left out.
    """
    whole = text.strip().partition(".")[0]
    candidates = (whole, *re.split(r"\s*[,;/|]\s*", whole))
    return next((tag for one in candidates if (tag := _one(one))), None)


def _one(text: str) -> str | None:
    return _tag(text.replace("_", "-").partition("@")[0]) or _name(text)


def _tag(text: str) -> str | None:
    match = _TAG.fullmatch(text)
    if match is None:
        return None
    code = match[1].lower()
    primary = str(get_global("language_aliases").get(code, code)).partition("_")[0]
    if primary not in _codes():
        return None
    pieces = (primary, (match[2] or "").title(), _territory(match[3] or ""))
    return "-".join(filter(None, pieces))


def _territory(text: str) -> str:
    code = _TERRITORIES.get(text.casefold()) or text.upper()
    aliased = get_global("territory_aliases").get(code)
    code = aliased[0] if aliased else code
    return code if code in _ENGLISH.territories else ""


def _name(text: str) -> str | None:
    known = _names().get(text.casefold()) or _autonyms().get(text.casefold())
    if known:
        return known
    match = _NAMED.fullmatch(text)
    base = _one(match[1]) if match else None
    if match is None or base is None:
        return None
    detail = match[2].casefold()
    narrower = _SCRIPTS.get(detail) or _territory(detail) or _territory_names().get(detail)
    return f"{base}-{narrower}" if narrower and "-" not in base else base


@cache
def _codes() -> frozenset[str]:
    return frozenset(str(code).partition("_")[0] for code in _ENGLISH.languages) - NONE


@cache
def _names() -> dict[str, str]:
    """What the languages are called in those that catalogues are mostly kept in."""
    found: dict[str, str] = {}
    for place in NAMED_IN:
        for code, name in Locale(place).languages.items():
            if code not in NONE:
                found.setdefault(name.casefold(), code.replace("_", "-"))
    return found


@cache
def _autonyms() -> dict[str, str]:
    """What each language calls itself. Reading them all takes 0.5 s, so this comes last."""
    codes = sorted(code for code in locale_identifiers() if "_" not in code)
    own = ((Locale.parse(code).languages.get(code, ""), code) for code in codes)
    return {name.casefold(): code for name, code in own if name}


@cache
def _territory_names() -> dict[str, str]:
    return {name.casefold(): code for code, name in _ENGLISH.territories.items()}
