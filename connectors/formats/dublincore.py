"""Dublin Core, simple and qualified, as repositories write it. Pure."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from catalogue.model import Draft, Kind, Part
from connectors.extract import plain
from connectors.extract.document import line
from connectors.vocabulary import Vocabulary

Terms = dict[str, list[str]]
_DOI = re.compile(r"(?:doi:|https?://(?:dx\.)?doi\.org/)?\s*(10\.\d{4,9}/\S+)", re.IGNORECASE)
_HANDLE = re.compile(r"(?:hdl|info:hdl)[:/]+(\d[\w.]*/\S+)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
# Vocabularies of repositories put these before their words for types and rights.
_PREFIX = re.compile(r"^(?:info:eu-repo/semantics/|doc-type:|dcmitype:|https?://\S*[/#])", re.I)
_OPEN = re.compile(r"info:eu-repo/semantics/\w+Access$|^(?:open|closed|restricted) access$", re.I)
_MEDIA = {"video": Kind.VIDEO, "audio": Kind.PODCAST}


def terms(element: Any) -> Terms:
    """The element's texts by their names in lower case, such as "title" or "issued"."""
    found: Terms = {}
    for child in element.iter("*"):
        text = "".join(child.itertext()).strip() if not len(child) else ""
        if text and child is not element:
            found.setdefault(str(child.tag).rpartition("}")[2].lower(), []).append(text)
    return found


def draft(said: Terms, url: str, words: Vocabulary) -> Draft:
    """What the terms of the thing at `url` mean. Its title is empty where it has none."""
    about = [plain(text) for text in [*_of(said, "abstract"), *_of(said, "description")]]
    about = list(dict.fromkeys(text for text in about if text))
    return Draft(
        title=line(plain(_first(said, "title", "alternative"))),
        url=url,
        kind=_kind(said, words),
        summary=about[0] if about else "",
        language=words.language(_first(said, "language")),
        provider=_line(_first(said, "publisher", "provider")),
        authors=_lines(_of(said, "creator") or _of(said, "contributor")),
        published=words.moment(_earliest(said, "issued", "created", "available", "date")),
        updated=words.moment(_first(said, "modified")),
        duration=words.seconds(_lengths(said)),
        level=words.level(_of(said, "educationlevel")),
        delivery=words.delivery(_of(said, "instructionalmethod")),
        licence=words.licence(_licence(said)),
        subjects=_lines(word for subject in _of(said, "subject") for word in subject.split(";")),
        prerequisites=_lines(t for t in _of(said, "requires") if "://" not in t),
        audience=", ".join(_lines(_of(said, "audience"))),
        parts=tuple(Part(text) for text in about[1:]),
    )


def addresses(texts: Iterable[str]) -> Iterator[str]:
    """Where the thing can be opened, by what its identifiers are: places, DOIs, handles."""
    for text in texts:
        if match := _ADDRESS.search(text):
            yield match[0].rstrip(".,;)")
        elif match := _DOI.fullmatch(text.strip()):
            yield f"https://doi.org/{match[1]}"
        elif match := _HANDLE.fullmatch(text.strip()):
            yield f"https://hdl.handle.net/{match[1]}"


def _kind(said: Terms, words: Vocabulary) -> Kind:
    """What the first type that we know says; a text may be anything, so it says nothing."""
    types = [_PREFIX.sub("", text) for text in _of(said, "type")]
    known = [kind for text in types if (kind := _known_kind(text))]
    for media in _of(said, "format"):
        known += [kind for name, kind in _MEDIA.items() if media.lower().startswith(f"{name}/")]
    specific = [kind for kind in known if kind is not Kind.DOCUMENT]
    if not known and types:
        words.kind(types[0], Kind.DOCUMENT)  # so that it is told which word is not known
    return specific[0] if specific else Kind.DOCUMENT


def _known_kind(text: str) -> Kind | None:
    words = Vocabulary()
    kind = words.kind(text, Kind.DOCUMENT)
    return None if words.unmapped else kind


def _earliest(said: Terms, *names: str) -> str:
    """Repositories list when a record was made and when it was taken in beside when it came out."""
    for name in names:
        dates = sorted(text for text in _of(said, name) if re.match(r"\d{4}(?!\d)", text))
        if dates:
            return dates[0]
    return ""


def _lengths(said: Terms) -> str:
    """`extent` may count pages or bytes as well."""
    lengths = [*_of(said, "duration"), *_of(said, "extent"), *_of(said, "typicallearningtime")]
    return next((text for text in lengths if re.match(r"P[\dT]|\d+:\d\d", text)), "")


def _licence(said: Terms) -> str:
    """The licence among statements of rights: the address of one, else the first of words."""
    rights = [*_of(said, "license"), *_of(said, "rights"), *_of(said, "accessrights")]
    usable = [text for text in rights if not _OPEN.search(text.strip())]
    addressed = [m[0] for text in usable if (m := _ADDRESS.search(text)) and "licen" in text]
    return next(iter(addressed or usable), "")


def _of(said: Terms, name: str) -> list[str]:
    return said.get(name, [])


def _first(said: Terms, *names: str) -> str:
    return next((said[name][0] for name in names if said.get(name)), "")


def _line(text: str) -> str:
    return line(plain(text))


def _lines(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(_line, texts))))
