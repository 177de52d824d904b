"""A product record's payload read: ONIX's codes into words of the catalogue."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from catalogue.errors import BadItem
from catalogue.model import Draft, Kind, Locator, Part, Payload, Place
from connectors.extract import plain
from connectors.formats.headings import bisac, thema
from connectors.vocabulary import Vocabulary

_BISAC, _KEYWORDS, _THEMA = "10", "20", "93"  # list 27
_SUBJECTS = frozenset({_BISAC, "11", "12", _KEYWORDS, "23", "24", "26", "29", _THEMA, "B2"})
_AUDIENCES = {  # list 28
    "01": "General",
    "02": "Children",
    "03": "Young adults",
    "04": "School",
    "05": "Higher education",
    "06": "Professionals and scholars",
    "07": "Learners of English",
    "08": "Adult education",
    "09": "Language learners",
    "10": "Adults of few letters",
}
_SUMMARIES = ("03", "2.1:03", "2.1:01", "02", "2.1:02", "01")  # list 153, long before short
_CONTENTS = ("04", "2.1:04")
_UNITS = {"04": 3600, "05": 60, "06": 1}  # list 24, in seconds
_PAGE_OF_PRODUCT = ("02", "29", "36")  # list 73: the publisher's, full content, a supplier's
_ADDRESS = re.compile(r"https?://[^\s/]+\S*")
_MONTH = re.compile(r"(\d{4})(\d\d)")


def draft(payload: Payload, link: str) -> Draft:
    """`link` is for records without an address, with {isbn} or {reference}. Raises BadItem."""
    said, reference = Vocabulary(), payload["reference"]
    title = " ".join(plain(payload.get("title", "")).split())
    if not title:
        raise BadItem(
            f"record {reference} has no title; where it is a partial update, ask for whole records"
        )
    cost, currency = said.money(*payload.get("prices", [["", ""]])[0])
    return Draft(
        title=title,
        url=_url(payload, link),
        kind=Kind.VIDEO if payload.get("form", "").startswith("V") else Kind.BOOK,
        summary=_text(payload, _SUMMARIES),
        language=said.language(payload.get("language")),
        provider=payload.get("publisher", ""),
        authors=tuple(dict.fromkeys(payload.get("authors", ()))),
        published=said.moment(_MONTH.sub(_month, payload.get("published", "")), "published"),
        duration=_duration(payload),
        licence=said.licence(payload.get("licence")),
        cost=cost,
        currency=currency,
        image=payload.get("cover", "") if _ADDRESS.fullmatch(payload.get("cover", "")) else "",
        subjects=tuple(dict.fromkeys(_subjects(payload))),
        audience=", ".join(dict.fromkeys(_audiences(payload))),
        parts=tuple(_parts(payload)),
        unmapped=said.unmapped,
    )


def worded(payload: Payload, headings: Mapping[str, str]) -> Payload:
    """The record with words for the subjects that come as bare codes."""
    if not headings or "subjects" not in payload:
        return payload
    subjects = [[s, c, words or headings.get(c, "")] for s, c, words in payload["subjects"]]
    return {**payload, "subjects": subjects}


def _url(payload: Payload, link: str) -> str:
    isbn = re.sub(r"[^0-9Xx]", "", payload.get("isbn", ""))
    pages = dict(reversed(payload.get("pages", ())))
    page = next((pages[role] for role in _PAGE_OF_PRODUCT if role in pages), "")
    if _ADDRESS.fullmatch(page):
        return str(page)
    if not isbn and "{reference}" not in link:
        raise BadItem(
            f"record {payload['reference']} has neither an ISBN nor an address;"
            " set `link` to one with {reference} in it"
        )
    reference = quote(payload["reference"], safe="")
    return link.replace("{isbn}", isbn).replace("{reference}", reference)


def _month(match: re.Match[str]) -> str:
    whole = match.string == match[0]
    return f"{match[1]}-{match[2]}" if whole else match[0]


def _text(payload: Payload, types: tuple[str, ...]) -> str:
    known = dict(reversed(payload.get("texts", ())))
    return next((plain(known[kind]) for kind in types if known.get(kind)), "")


def _duration(payload: Payload) -> int | None:
    """Running time (list 23: 09) in seconds."""
    for kind, value, unit in payload.get("extents", ()):
        if kind == "09" and value.isascii():
            if unit in _UNITS and re.fullmatch(r"\d{1,7}(\.\d+)?", value):
                return round(float(value) * _UNITS[unit]) or None
            if unit in ("15", "16") and re.fullmatch(r"\d{5}|\d{7}", value):  # HHHMM, HHHMMSS
                hours, minutes, seconds = value[:3], value[3:5], value[5:] or "0"
                return (int(hours) * 3600 + int(minutes) * 60 + int(seconds)) or None
    return None


def _subjects(payload: Payload) -> Iterator[str]:
    for scheme, code, words in payload.get("subjects", ()):
        if scheme == _KEYWORDS:
            yield from filter(None, (w.strip() for w in re.split("[;,]", words or code)))
        elif scheme in _SUBJECTS:
            broad = bisac(code) if scheme == _BISAC else thema(code) if scheme == _THEMA else ""
            yield from filter(None, [words or broad or code])


def _audiences(payload: Payload) -> Iterator[str]:
    for code, words in payload.get("audiences", ()):
        if words or code in _AUDIENCES:
            yield words or _AUDIENCES[code]


def _parts(payload: Payload) -> Iterator[Part]:
    if contents := _text(payload, _CONTENTS):
        yield Part(contents, None, "Contents")
    for title, page, said in payload.get("contents", ()):
        heading = " ".join(plain(title).split())
        text = plain(said) or heading
        if text:
            yield Part(text, Locator(Place.PAGE, page) if page.isdigit() else None, heading)
