"""Modules of the sample's Moodle courses, and the files behind them.

Shapes are those of Moodle 4.5's `page_export_contents`, `book_export_contents`,
`url_export_contents` and `resource_export_contents`.
"""

import json
import re
from html import escape
from pathlib import Path
from typing import Any

from markdown import markdown

from config.sample.texts import Section, sections

CHANGED = 1_788_000_000  # 2026-08-29
_PLURALS = {
    "page": "Pages",
    "book": "Books",
    "url": "URLs",
    "resource": "Files",
    "label": "Text and media areas",
}
_HEADING = re.compile(r"(\w+): ([^<]*)(?:<(.*)>)?")


def module(number: int, part: Section, files: Path, root: str) -> dict[str, Any]:
    """One module as `core_course_get_contents` shows it; its files are written below `files`."""
    match = _HEADING.fullmatch(part.heading)
    assert match, part.heading
    kind, name, target = match[1], match[2].strip(), match[3]
    context = 1000 + number
    place = _Place(context, files, f"{root}/webservice/pluginfile.php")
    makers = {"page": _page, "book": _book, "url": _url, "resource": _resource}
    made: dict[str, Any] = {
        "id": number,
        "name": name,
        "instance": number - 50,
        "contextid": context,
        "visible": 1,
        "uservisible": True,
        "visibleoncoursepage": 1,
        "modicon": f"{root}/theme/image.php/boost/{kind}/{CHANGED}/monologo",
        "modname": kind,
        "modplural": _PLURALS[kind],
        "availability": None,
        "indent": 0,
        "onclick": "",
        "afterlink": None,
        "customdata": '""',
        "noviewlink": kind == "label",
        "completion": 1,
        "dates": [],
    }
    if kind not in {"page", "book"}:
        made["description"] = f'<div class="no-overflow">{markdown(part.body)}</div>'
    if kind != "label":
        made["url"] = f"{root}/mod/{kind}/view.php?id={number}"
        target = target and target.replace("SITE", root.removesuffix("/moodle"))
        made["contents"] = makers[kind](part, target or name, place)
    return made


class _Place:
    """Where a module's files lie, here and on the site."""

    def __init__(self, context: int, files: Path, url: str) -> None:
        self.context = context
        self.folder = files / str(context)
        self.url = f"{url}/{context}"

    def write(self, name: str, title: str, body: str) -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"<!DOCTYPE html>\n<html>\n<head>\n<title>{escape(title)}</title>\n"
            '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\n</head>\n'
            f"<body>\n{markdown(body)}\n</body>\n</html>\n",
            encoding="utf-8",
        )
        return f"{self.url}/{name}"


def _file(kind: str, name: str, url: str | None, **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "filename": name,
        "filepath": "/",
        "filesize": 0,
        "fileurl": url,
        "timecreated": None,
        "timemodified": CHANGED,
        "sortorder": 1,
        "userid": None,
        "author": None,
        "license": None,
    } | more


def _page(part: Section, name: str, place: _Place) -> list[dict[str, Any]]:
    url = place.write("mod_page/content/index.html", name, part.body)
    return [_file("file", "index.html", f"{url}?forcedownload=1")]


def _book(part: Section, name: str, place: _Place) -> list[dict[str, Any]]:
    structure, files = [], []
    for number, chapter in enumerate(sections(part.body, "#### "), place.context * 10):
        path = f"mod_book/chapter/{number}/index.html"
        url = place.write(path, chapter.heading, chapter.body)
        entry = {"title": chapter.heading, "href": f"{number}/index.html", "level": 0}
        structure.append(entry | {"hidden": "0", "subitems": []})
        more = {"filepath": f"/{number}/", "content": chapter.heading, "tags": []}
        files.append(_file("file", "index.html", url, **more))
    contents = json.dumps(structure).replace("/", "\\/")
    return [_file("content", "structure", None, content=contents, sortorder=0), *files]


def _url(part: Section, target: str, place: _Place) -> list[dict[str, Any]]:
    return [_file("url", part.heading.partition(" <")[0][5:], target, filepath=None)]


def _resource(part: Section, target: str, place: _Place) -> list[dict[str, Any]]:
    path = f"mod_resource/content/1/{target}"
    more = {
        "filesize": (place.folder / path).stat().st_size,
        "timecreated": CHANGED,
        "mimetype": "application/pdf",
        "isexternalfile": False,
        "userid": 5,
        "author": "Petra Lindqvold",
        "license": "allrightsreserved",
    }
    return [_file("file", target, f"{place.url}/{path}?forcedownload=1", **more)]
