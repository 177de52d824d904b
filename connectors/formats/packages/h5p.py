"""H5P: `h5p.json` says what it is, `content/content.json` holds what it shows.

Each piece of content that has an id of its own becomes a unit, and each slide. Of questions only
the titles are read: their answers are for those who have tried.
"""

import json
import posixpath
import re
from collections.abc import Iterator
from typing import Any

from catalogue.errors import BadItem
from connectors.extract import plain
from connectors.formats.packages.pages import Pages
from connectors.formats.packages.tree import Package, Unit, flat

_DEEPEST = 50
_TEXTS = frozenset(
    {"text", "title", "description", "content", "question", "introduction", "intro", "label"}
    | {"taskdescription", "body", "definition", "heading", "subheading", "date", "front", "back"}
)
_NO_TEXT = frozenset(  # words of buttons, settings and credits
    {
        "l10n",
        "i10n",
        "behaviour",
        "override",
        "metadata",
        "file",
        "files",
        "image",
        "overallfeedback",
    }
)
_QUESTIONS = re.compile(
    r"H5P\.(MultiChoice|TrueFalse|Blanks|DragText|DragQuestion|SingleChoiceSet|MarkTheWords|Summary"
    r"|QuestionSet|Essay|Dictation|ArithmeticQuiz|AdvancedBlanks|ImageMultipleHotspotQuestion)\b"
)
Json = dict[str, Any]


def read(pages: Pages, name: str) -> Package:
    about = _json(pages, name)
    content = _json(pages, posixpath.join(posixpath.dirname(name), "content/content.json"))
    library = str(about.get("mainLibrary") or "")
    units = () if _QUESTIONS.match(library) else tuple(_units(content, 0))
    own = () if _QUESTIONS.match(library) else tuple(_texts(content, 0))
    intro = Unit("content", _title(about), text="\n".join(own))
    return Package(
        form=f"H5P {library.removeprefix('H5P.')}".strip(),
        title=_title(about),
        about=_about(about),
        units=(*((intro,) if own else ()), *units),
    )


def _json(pages: Pages, name: str) -> Json:
    try:
        value = json.loads(pages.archive.read(name))
    except (ValueError, RecursionError) as error:
        raise BadItem(f"has a {name} that is no JSON ({str(error)[:80]})") from None
    if not isinstance(value, dict):
        raise BadItem(f"has a {name} that is no JSON object")
    return value


def _about(about: Json) -> Json:
    language = str(about.get("language") or about.get("defaultLanguage") or "")
    licence = f"{about.get('license') or ''} {about.get('licenseVersion') or ''}".strip()
    authors = about.get("authors") if isinstance(about.get("authors"), list) else []
    said = {
        "description": _line(about.get("metaDescription")),
        "keywords": [k.strip() for k in _line(about.get("metaKeywords")).split(",") if k.strip()],
        "languages": [language] if language not in ("", "und") else [],
        "copyright": "" if licence == "U" else licence,  # undisclosed
        "authors": [_line(a.get("name")) for a in authors or () if isinstance(a, dict)],
        "duration": _line((about.get("contentType") or {}).get("duration"))
        if isinstance(about.get("contentType"), dict)
        else "",
    }
    return {field: value for field, value in said.items() if value}


def _title(thing: Json) -> str:
    return plain(_line(thing.get("title")))


def _line(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _units(value: Any, depth: int) -> Iterator[Unit]:
    """The pieces of content in a value, each with those within it."""
    if depth > _DEEPEST:
        raise BadItem(f"nests its content more than {_DEEPEST} deep")
    if isinstance(value, list):
        for each in value:
            yield from _units(each, depth + 1)
    elif isinstance(value, dict):
        library = value.get("library")
        if isinstance(library, str) and isinstance(value.get("params"), dict):
            yield from _piece(value, library, depth)
            return
        for field, inner in value.items():
            if field == "slides" and isinstance(inner, list):
                yield from _slides(inner, depth)
            elif field.lower() not in _NO_TEXT:
                yield from _units(inner, depth + 1)


def _piece(value: Json, library: str, depth: int) -> Iterator[Unit]:
    metadata = value.get("metadata")
    title = _title(metadata) if isinstance(metadata, dict) else ""
    name = str(value.get("subContentId") or "")
    texts = () if _QUESTIONS.match(library) else tuple(_texts(value["params"], depth + 1))
    inner = () if _QUESTIONS.match(library) else tuple(_units(value["params"], depth + 1))
    title = "" if title.startswith("Untitled") else title
    if texts or inner or title:
        yield Unit(name or title, title, text="\n".join(texts), units=inner)


def _slides(slides: list[Any], depth: int) -> Iterator[Unit]:
    """Slides have no ids; what is on one is read as one text."""
    for number, slide in enumerate(slides, 1):
        pieces = flat(tuple(_units(slide, depth + 1)))
        text = "\n".join(piece.text for piece in pieces if piece.text)
        title = _keyword(slide) or f"Slide {number}"
        if text or _keyword(slide):
            yield Unit(f"slide-{number}", title, text=text)


def _keyword(slide: Any) -> str:
    """The first entry of a slide in the list beside the presentation."""
    words = slide.get("keywords") if isinstance(slide, dict) else None
    first = words[0] if isinstance(words, list) and words else None
    return _title({"title": first.get("main")}) if isinstance(first, dict) else ""


def _texts(value: Any, depth: int, field: str = "") -> Iterator[str]:
    """The texts of one piece of content, without those of pieces within it."""
    if depth > _DEEPEST:
        raise BadItem(f"nests its content more than {_DEEPEST} deep")
    if isinstance(value, str) and field in _TEXTS:
        text = plain(value)
        if text:
            yield text
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, depth + 1, field)
    elif isinstance(value, dict) and not ("library" in value and "params" in value):
        for name, inner in value.items():
            if name.lower() not in _NO_TEXT and name != "slides":
                yield from _texts(inner, depth + 1, name.lower())
