"""Open Library's lists, shelves and searches as they answer programs, and a book read.

Works are what lists and searches name; editions of a list stand for their works.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from catalogue.errors import BadItem
from catalogue.model import Draft, Json, Kind, Payload
from connectors.extract import plain
from connectors.http import Http
from connectors.vocabulary import Vocabulary

PAGE = 100
BATCH = 50  # keys asked for at once; each takes some 20 characters of the address
MOST_SUBJECTS = 20  # a classic has hundreds, those of all its editions
COVERS = "https://covers.openlibrary.org/b/id"
_FIELDS = (
    "key",
    "title",
    "subtitle",
    "author_name",
    "first_publish_year",
    "language",
    "subject",
    "cover_i",
    "ebook_access",
)
_WORK = re.compile(r"/works/(OL\d+W)")
_EDITION = re.compile(r"/books/(OL\d+M)")
_CATALOGUERS = re.compile(r"[a-z_]+[:=]\S")  # nyt:…, series:…, award=…: notes among subjects


class Library:
    """One Open Library. `cut` says that something had more books than were asked for."""

    def __init__(self, http: Http, url: str, most: int) -> None:
        self._http, self.url, self._most = http, url.rstrip("/"), most
        self.cut = False

    def listed(self, path: str) -> Iterator[Json]:
        """The works of a list, /people/NAME/lists/OL1L."""
        seeds = list(self._seeds(path))[: self._most]
        for start in range(0, len(seeds), BATCH):
            works = _WORK.findall(" ".join(seeds[start : start + BATCH]))
            editions = _EDITION.findall(" ".join(seeds[start : start + BATCH]))
            asked = [f'key:"/works/{w}"' for w in works]
            asked += [f"edition_key:{e}" for e in editions]
            if asked:
                yield from self.searched(" OR ".join(asked))

    def shelf(self, path: str) -> Iterator[Json]:
        """The works of a reader's public shelf, /people/NAME/books/already-read."""
        seen = 0
        for page in range(1, self._most // PAGE + 2):
            answer = self._get(f"{path}.json", page=page, limit=PAGE)
            entries = _dicts(answer.get("reading_log_entries"))
            seen += len(entries)
            works = [str(entry.get("work", {}).get("key")) for entry in entries]
            for start in range(0, len(works), BATCH):
                some = works[start : start + BATCH]
                yield from self.searched(" OR ".join(f'key:"{w}"' for w in some))
            if not entries or seen >= _number(answer.get("numFound")):
                return
        self.cut = True

    def searched(self, query: str, most: int = 0) -> Iterator[Json]:
        """What a search finds, the best first, `most` at most."""
        most, seen = most or self._most, 0
        while True:
            answer = self._get(
                "/search.json", q=query, fields=",".join(_FIELDS), offset=seen, limit=PAGE
            )
            docs = _dicts(answer.get("docs"))
            yield from docs[: most - seen]
            seen += len(docs)
            found = _number(answer.get("numFound"))
            self.cut = self.cut or found > most
            if not docs or seen >= min(found, most):
                return

    def description(self, key: str) -> str:
        """What a work is about. Raises BadItem for one that cannot be had."""
        said = self._get(f"/works/{key}.json").get("description")
        return str(said.get("value", "") if isinstance(said, dict) else said or "")

    def _seeds(self, path: str) -> Iterator[str]:
        """Keys of a list's works and editions; authors and subjects in it name no book."""
        seen = 0
        while True:
            answer = self._get(f"{path}/seeds.json", limit=PAGE, offset=seen)
            entries = _dicts(answer.get("entries"))
            yield from (str(entry.get("url")) for entry in entries)
            seen += len(entries)
            size = _number(answer.get("size"))
            self.cut = self.cut or size > self._most
            if not entries or seen >= min(size, self._most):
                return

    def _get(self, path: str, **params: str | int) -> Json:
        address = f"{self.url}/{path.lstrip('/')}"
        # Open Library publishes these addresses for programs to read, so this is no crawling.
        reply = self._http.get(address, params=params, item=True, robots=False)
        answer = reply.json()
        if not isinstance(answer, dict):
            raise BadItem(f"{address} answered something else than Open Library does")
        return answer


def work_key(doc: Json) -> str:
    """OL82563W of /works/OL82563W; nothing for anything else."""
    found = _WORK.fullmatch(str(doc.get("key", "")))
    return found[1] if found else ""


def draft(payload: Payload, url: str, language: str) -> Draft:
    """`language` (BCP 47) is taken where a work is there in it among others. Raises BadItem."""
    said, key = Vocabulary(), work_key(payload)
    title = _line(payload.get("title"))
    if not title:
        raise BadItem(f"work {key} has no title")
    subtitle = _line(payload.get("subtitle"))
    languages = [said.language(code) for code in _texts(payload.get("language"))]
    known = [code for code in dict.fromkeys(languages) if code]
    own = language in known
    return Draft(
        title=f"{title}: {subtitle}" if subtitle else title,
        url=f"{url.rstrip('/')}/works/{key}",
        kind=Kind.BOOK,
        summary=plain(str(payload.get("description", ""))),
        language=language if own else known[0] if len(known) == 1 else None,
        authors=tuple(dict.fromkeys(_texts(payload.get("author_name")))),
        published=said.moment(payload.get("first_publish_year"), "published"),
        cost=0 if payload.get("ebook_access") == "public" else None,
        image=f"{COVERS}/{payload['cover_i']}-L.jpg" if payload.get("cover_i") else "",
        subjects=tuple(_subjects(_texts(payload.get("subject"))))[:MOST_SUBJECTS],
        unmapped=said.unmapped,
    )


def _subjects(subjects: Sequence[str]) -> Iterator[str]:
    """Each once, whatever its capitals; notes of cataloguers left out."""
    seen = set[str]()
    for subject in subjects:
        if subject.casefold() not in seen and not _CATALOGUERS.match(subject):
            seen.add(subject.casefold())
            yield subject


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _line(value: Any) -> str:
    return " ".join(plain(value).split()) if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
