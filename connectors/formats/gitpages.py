"""Addresses, languages and drafts of what a repository holds."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

from catalogue.model import Draft, Kind
from connectors.extract import drafted, format_of, from_json
from connectors.formats.linklist import Link
from connectors.vocabulary import Vocabulary

_INDEX = re.compile(r"(^|/)(index|_index|readme)$", re.IGNORECASE)
_CODE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
_SUFFIXES = re.compile(r"(?:[-_.]([a-z]{2,3}(?:[-_][A-Z][A-Za-z]{1,3})?))(?=[-_.]|$)")


def page_url(template: str, root: str, path: str) -> str:
    """The address of a page. `template` may hold {path}, or {page}: the path without its suffix.

    The page of `guide/index.md` is `guide`. Paths count from the folder `root` if below it.
    """
    inner = path.removeprefix(f"{root.strip('/')}/") if root else path
    page = _INDEX.sub("", inner.removesuffix(PurePosixPath(inner).suffix))
    if "{" not in template:
        template = f"{template.rstrip('/')}/{{path}}"
    filled = template.replace("{page}", quote(page)).replace("{path}", quote(inner))
    return re.sub(r"(?<=[^:/])//+", "/", filled)


def forge_view(url: str, branch: str) -> str:
    """Where the forge at `url` shows a file, as a template of `page_url`."""
    host = (urlsplit(url).hostname or "").lower()
    middle = "src" if "bitbucket" in host else "-/blob" if "gitlab" in host else "blob"
    middle = "src/branch" if re.search("gitea|forgejo|codeberg", host) else middle
    return f"{url.rstrip('/').removesuffix('.git')}/{middle}/{quote(branch)}/{{path}}"


def list_language(path: str) -> str | None:
    """The language that a list's name ends with, as in `books-pt_BR.md` or `books-cs-notes.md`."""
    stem = PurePosixPath(path).stem
    codes = (m[1] for m in reversed([*_SUFFIXES.finditer(stem)]))
    return next((tag for code in codes if (tag := Vocabulary().language(code))), None)


def page_language(path: str) -> str | None:
    """The language between two dots (`page.de.md`): nothing else in a page's name means one."""
    code = PurePosixPath(PurePosixPath(path).stem).suffix[1:]
    return Vocabulary().language(code) if _CODE.fullmatch(code) else None


def kind_by_path(path: str, default: Kind) -> Kind:
    """The first kind of resource that a word of the path names, such as `books/…`."""
    words = re.split(r"[\W_]+", PurePosixPath(path).with_suffix("").as_posix())
    kinds = (Vocabulary().kind(word, default) for word in words if len(word) > 3)
    return next((kind for kind in kinds if kind is not default), default)


def link_payload(path: str, link: Link) -> dict[str, Any]:
    return {
        "path": path,
        "link": {
            "title": link.title,
            "url": link.url,
            "headings": list(link.headings),
            "authors": list(link.authors),
            "summary": link.summary,
        },
    }


def link_draft(payload: Mapping[str, Any], kind: Kind | None) -> Draft:
    link, path = payload["link"], payload["path"]
    return Draft(
        title=link["title"],
        url=link["url"],
        kind=kind or kind_by_path(path, Kind.ARTICLE),
        summary=link["summary"],
        language=list_language(path),
        authors=tuple(link["authors"]),
        subjects=tuple(link["headings"]),
    )


def page_draft(payload: Mapping[str, Any], kind: Kind | None) -> Draft:
    path = PurePosixPath(payload["path"])
    form = format_of(path.name)
    named = path.parent.name if _INDEX.search(path.stem) and path.parent.name else path.name
    title = re.sub(r"[_\s-]+", " ", named.split(".")[0]).strip() or path.name
    said = Vocabulary()
    draft = drafted(
        from_json(payload["document"]),
        title,
        payload["url"],
        kind or (form.kind if form else Kind.DOCUMENT),
    )
    language = said.language(draft.language or "") or page_language(payload["path"])
    return replace(draft, language=language, unmapped=said.unmapped)
