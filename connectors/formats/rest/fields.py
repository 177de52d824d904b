"""What the fields of a JSON object mean, said in JMESPath, and an object read by that."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from pydantic import Field

from catalogue.errors import BadItem
from catalogue.model import Draft, Kind, Part, Payload
from connectors.base import Config
from connectors.extract import plain
from connectors.extract.document import tidy
from connectors.formats.rest.expressions import Expression, find, reads
from connectors.vocabulary import Vocabulary


def _of(what: str) -> Expression:
    field: Expression = Field("", description=f"JMESPath of the {what}.")
    return field


class Fields(Config):
    """Where in an item each field stands."""

    title: Expression = Field(min_length=1, description="JMESPath of the title.")
    url: Expression = Field(min_length=1, description="JMESPath of the address.")
    kind: Expression = _of("kind of resource")
    summary: Expression = _of("summary")
    text: Expression = _of("item's own text; several are a part each")
    language: Expression = _of("language")
    provider: Expression = _of("provider")
    authors: Expression = _of("names of authors or teachers")
    published: Expression = _of("date of publication")
    updated: Expression = _of("date of the last change")
    duration: Expression = _of("duration")
    level: Expression = _of("level")
    delivery: Expression = _of("delivery mode")
    licence: Expression = _of("licence")
    cost: Expression = _of("cost")
    currency: Expression = _of("currency")
    image: Expression = _of("address of a picture")
    subjects: Expression = _of("subjects or keywords")
    skills: Expression = _of("skills")
    prerequisites: Expression = _of("prerequisites")
    audience: Expression = _of("audience")
    visibility: Expression = _of("groups that may see the item")

    def read(self) -> frozenset[str]:
        """The top-level fields of an item that any of the expressions looks at."""
        expressions = (getattr(self, name) for name in type(self).model_fields)
        return frozenset().union(*map(reads, expressions))


class Meaning(Config):
    """What an item's fields mean."""

    fields: Fields = Field(description="JMESPath of each field, within an item.")
    kind: Kind = Field(Kind.COURSE, description="What the items are, unless a field says it.")
    values: Mapping[str, Mapping[str, str]] = Field(
        {}, description="By field: what the service's own words mean in plainer ones."
    )
    html: bool = Field(True, description="Whether texts hold HTML, which is turned into text.")
    duration_unit: float = Field(1, gt=0, description="Seconds in one unit of a bare number.")
    site: str = Field("", description="What relative addresses are relative to; else `url`.")

    def draft(self, payload: Payload, base: str) -> Draft:
        """Raises BadItem for an item without a title or a complete address."""
        item, said = _Item(self, payload), Vocabulary()
        cost, currency = said.money(item.raw("cost"), item.raw("currency"))
        return Draft(
            title=item.required("title"),
            url=item.address("url", base),
            kind=said.kind(item.word("kind"), self.kind),
            summary=item.text("summary"),
            language=said.language(item.first("language")),
            provider=item.text("provider"),
            authors=item.many("authors"),
            published=said.moment(item.raw("published"), "published"),
            updated=said.moment(item.raw("updated"), "updated"),
            duration=said.seconds(item.raw("duration"), self.duration_unit),
            level=said.level(item.word("level")),
            delivery=said.delivery(item.word("delivery")),
            licence=said.licence(item.word("licence")),
            cost=cost,
            currency=currency,
            image=item.picture(base),
            subjects=item.many("subjects"),
            skills=item.many("skills"),
            prerequisites=item.many("prerequisites"),
            audience=", ".join(item.many("audience")),
            visibility=item.many("visibility"),
            parts=tuple(Part(text) for text in item.texts("text")),
            unmapped=said.unmapped,
        )


class _Item:
    def __init__(self, meaning: Meaning, payload: Payload) -> None:
        self.meaning, self.payload = meaning, payload
        self.clean: Callable[[str], str] = plain if meaning.html else tidy

    def raw(self, field: str) -> Any:
        expression = getattr(self.meaning.fields, field)
        try:
            return find(expression, self.payload) if expression else None
        except ValueError as error:
            raise BadItem(f"fields.{field}: {error}") from None

    def texts(self, field: str) -> list[str]:
        cleaned = (self.clean(text) for text in _texts(self.raw(field), field))
        return [text for text in cleaned if text]

    def text(self, field: str) -> str:
        return "\n\n".join(self.texts(field))

    def many(self, field: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(" ".join(text.split()) for text in self.texts(field)))

    def first(self, field: str) -> str:
        return next(iter(self.word(field)), "")

    def word(self, field: str) -> list[str]:
        """The service's own words, by the settings' mapping where that has them."""
        mapping = self.meaning.values.get(field, {})
        return [mapping.get(word, word) for word in self.many(field)]

    def required(self, field: str) -> str:
        text = " ".join(self.text(field).split())
        if not text:
            raise BadItem(f"no {field} at `{getattr(self.meaning.fields, field)}`")
        return text

    def address(self, field: str, base: str) -> str:
        text = next(_texts(self.raw(field), field), "").strip()
        if not text:
            raise BadItem(f"no {field} at `{getattr(self.meaning.fields, field)}`")
        try:
            url = urljoin(self.meaning.site or base, text)
            parts = urlsplit(url)
        except ValueError:
            raise BadItem(f"{field}: {text[:100]!r} is no address") from None
        if parts.scheme not in ("http", "https") or not parts.hostname or " " in url:
            raise BadItem(f"{field}: {text[:100]!r} is no web address")
        return url

    def picture(self, base: str) -> str:
        """An item without a usable picture is worth having all the same."""
        try:
            return self.address("image", base)
        except BadItem:
            return ""


def _texts(value: Any, field: str) -> Iterator[str]:
    """Raises BadItem for an object, which has no one text."""
    if isinstance(value, Mapping):
        names = ", ".join(list(value)[:8])
        raise BadItem(f"fields.{field} leads to an object; name one of its fields: {names}")
    if isinstance(value, list):
        for inner in value:
            yield from _texts(inner, field)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
