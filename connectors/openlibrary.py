"""Books of Open Library: reading lists, shelves, subjects and searches."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from catalogue.errors import BadItem, NeedsPerson
from catalogue.model import Cursor, Draft, Json, Payload
from connectors.base import Config, Connector, Event, Failed, Found
from connectors.formats.marks import Marks
from connectors.formats.openlibrary import Library, draft, work_key

VERSION = 1  # of what a payload holds; a new one reads every book again
STEP = 20  # books read between two checkpoints; each may take a request
Subject = Annotated[str, StringConstraints(pattern=r'^[^"\\]+$')]
List = Annotated[str, StringConstraints(pattern=r"^/?(people/[\w.-]+/)?lists/OL\d+L$")]
_SHELF = r"^/?people/[\w.-]+/books/(want-to-read|currently-reading|already-read)$"
Shelf = Annotated[str, StringConstraints(pattern=_SHELF)]


class Settings(Config):
    url: str = Field(
        "https://openlibrary.org", pattern=r"^https?://[^\s/?#]+\S*$", description="The library."
    )
    lists: tuple[List, ...] = Field((), description="Reading lists: people/NAME/lists/OL1L.")
    shelves: tuple[Shelf, ...] = Field((), description="As people/NAME/books/already-read.")
    subjects: tuple[Subject, ...] = Field((), description="Subjects, as the library names them.")
    queries: tuple[str, ...] = Field((), description="Searches, such as title:welding.")
    most: int = Field(500, gt=0, description="Books taken from each of these at most.")
    language: str = Field("", description="Preferred where a book is there in several, as en.")
    descriptions: bool = Field(True, description="Read what each book is about, a request each.")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not (self.lists or self.shelves or self.subjects or self.queries):
            raise ValueError("give lists, shelves, subjects or queries")
        return self


class OpenLibrary(Connector[Settings]):
    """Books of Open Library's reading lists, public shelves, subjects and searches.

    Where one of these has more books than `most`, what is missing is never taken to have vanished.
    Of the real service only its search was recorded.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """The cursor has hashes of what the search says; a book is read where that changed."""
        config = self.config
        library = Library(self.http, config.url, config.most)
        marks = Marks(cursor, f"{VERSION} {config.url} {config.descriptions}")
        errors = list[BadItem]()
        for name, docs in self._places(library):
            try:
                for doc in docs:
                    yield from self._events(library, doc, marks)
            except BadItem as error:
                errors.append(error)
                yield marks.fault(error, name)
        if errors and not marks.new:
            raise NeedsPerson(str(errors[0]))
        yield from marks.ending({}, complete=not library.cut)

    def _places(self, library: Library) -> Iterator[tuple[str, Iterator[Json]]]:
        config = self.config
        queries = [f'subject:"{name}"' for name in config.subjects]
        yield from ((path, library.listed(path)) for path in config.lists)
        yield from ((path, library.shelf(path)) for path in config.shelves)
        yield from ((query, library.searched(query)) for query in (*queries, *config.queries))

    def _events(self, library: Library, doc: Json, marks: Marks) -> Iterator[Event]:
        key = work_key(doc)
        if not key or key in marks.new:
            return
        event: Event = marks.told(key, doc)
        if isinstance(event, Found) and self.config.descriptions:
            try:
                event = Found(key, {**doc, "description": library.description(key)})
            except BadItem as error:
                marks.forget(key)
                event = Failed(key, error)
        yield event
        if len(marks.new) % STEP == 0:
            yield marks.midway()

    def normalise(self, payload: Payload) -> Draft:
        return draft(payload, self.config.url, self.config.language)
