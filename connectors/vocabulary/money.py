"""What something costs, and in which currency."""

import re

from babel.core import get_global

_FREE = re.compile(
    r"free(?: of charge)?|no (?:cost|charge|fee)|complimentary|gratis|kostenlos|kostenfrei"
    r"|gebührenfrei|gratuite?|gratuito|none",
    re.IGNORECASE,
)
_SIGNS = {
    "us$": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD", "r$": "BRL",
    "hk$": "HKD", "s$": "SGD", "$": "USD", "€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP",
    "¥": "JPY", "₹": "INR", "₩": "KRW", "zł": "PLN", "₽": "RUB", "₺": "TRY", "₴": "UAH",
    "sfr": "CHF", "fr": "CHF", "kč": "CZK", "ft": "HUF", "dollar": "USD", "dollars": "USD",
    "us-dollar": "USD",
}  # fmt: skip
_PRICE = re.compile(
    r"(?:(?:from|ab|starting at|price:?|preis:?)\s+)?(?P<before>[^\d\s.,'’-]*|us-dollar)\.?\s*"
    r"(?P<number>\d[\d.,'’\s\u00a0\u202f]*?)(?:[.,]?\s?[-–—]{1,2})?\s*(?P<after>[^\d\s.,]*)\.?",
    re.IGNORECASE,
)


def money(text: str) -> tuple[float | None, str]:
    """Cost and ISO 4217 currency; (None, "") where `text` is no single price.

    0 where it says free. A bare number has no currency. A price per month is none for the item.
    """
    text = text.strip()
    if _FREE.fullmatch(text):
        return 0.0, ""
    match = _PRICE.fullmatch(text)
    amount = _amount(match["number"]) if match else None
    if match is None or amount is None:
        return None, ""
    said = [word for word in (match["before"], match["after"]) if word]
    known = {currency(word) for word in said}
    if None in known or len(known) > 1:
        return None, ""
    return amount, next(iter(known), None) or ""


def currency(text: str) -> str | None:
    """The code that a sign, a name or a code stands for. "$" alone is read as the US dollar."""
    word = text.strip().rstrip(".")
    known = _SIGNS.get(word.lower())
    return known or (word.upper() if word.upper() in get_global("all_currencies") else None)


def _amount(text: str) -> float | None:
    """The number; a last sign with one or two digits after it is the decimal one."""
    text = re.sub(r"[\s\u00a0\u202f'’]", "", text)
    whole, sign, rest = re.fullmatch(r"(.*?)(?:([.,])(\d{1,2}))?", text).groups()  # type: ignore[union-attr]
    other = {".": ",", ",": "."}.get(sign or "", ".,")
    if not re.fullmatch(rf"\d{{1,3}}(?:[{other}]\d{{3}})+|\d{{1,12}}", whole):
        return None
    return float(re.sub(r"[.,]", "", whole) + "." + (rest or "0"))
