"""The fields that describe a source."""

import re
from datetime import timedelta
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    model_validator,
)

from config.cron import parse_cron
from config.schedule import Schedule, Window, parse_age, parse_every, parse_window

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
Publish = Literal["at once", "after review"]
KindName = Literal[
    "course",
    "path",
    "video",
    "podcast",
    "article",
    "manual",
    "book",
    "session",
    "discussion",
    "document",
]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # ill-formed, a folder, unknown
        raise ValueError(
            'no such time zone; allowed are IANA names, e.g. "Europe/Berlin" or "UTC"'
        ) from None
    return name


def _text(parse: Any) -> BeforeValidator:
    """A parser for text, which says what is allowed when it meets anything else."""
    return BeforeValidator(lambda value: parse(value if isinstance(value, str) else ""))


def _language(tag: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag):
        raise ValueError('allowed are BCP 47 tags, e.g. "en" or "de-AT"')
    return tag


def _connector(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(
            "allowed is the name of a connector; `skillshelf sources describe` lists them"
        )
    return name


Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class _Fields(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ScheduleStanza(_Fields):
    """How often and when; either `cron` or `every`."""

    cron: Annotated[str, _text(parse_cron)] | None = Field(
        default=None,
        description="Five fields: minute, hour, day of the month, month, day of the week.",
        examples=["0 6 * * *"],
    )
    every: Annotated[timedelta, _text(parse_every)] | None = Field(
        default=None, description="An interval in minutes, hours or days.", examples=["6h"]
    )
    timezone: Annotated[str, AfterValidator(_zone)] = Field(
        default="UTC",
        description="The IANA time zone that `cron` and `window` are in.",
        examples=["Europe/Berlin"],
    )
    window: Annotated[Window, _text(parse_window)] | None = Field(
        default=None,
        description="The only hours of the day in which the source is read; may go over midnight.",
        examples=["22:00-06:00"],
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.cron is None) == (self.every is None):
            raise ValueError("allowed is either `cron` or `every`")
        return self

    def schedule(self) -> Schedule:
        return Schedule(self.cron, self.every, self.timezone, self.window)


def _one_or_several(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


Words = Annotated[
    tuple[Filled, ...], BeforeValidator(_one_or_several), Field(min_length=1, max_length=1000)
]
Kinds = Annotated[tuple[KindName, ...], BeforeValidator(_one_or_several), Field(min_length=1)]
Languages = Annotated[
    tuple[Annotated[str, AfterValidator(_language)], ...],
    BeforeValidator(_one_or_several),
    Field(min_length=1),
]
Age = Annotated[timedelta, _text(parse_age)]


class Filter(_Fields):
    """What items are like. One matches a field if it is like any of the field's values."""

    kind: Kinds | None = Field(
        default=None, description="Kinds of resource.", examples=["[course, video]"]
    )
    language: Languages | None = Field(
        default=None,
        description="Languages (BCP 47); `en` is also `en-US`, and not the other way round.",
        examples=["[en, de]"],
    )
    provider: Words | None = Field(
        default=None, description="Providers, by their whole names.", examples=["Campus"]
    )
    url: Words | None = Field(
        default=None,
        description="Patterns of whole addresses, where `*` is any text.",
        examples=['["*/public/*"]'],
    )
    newer_than: Age | None = Field(
        default=None,
        description="Changed, published or taking place within this time.",
        examples=["730d"],
    )
    older_than: Age | None = Field(
        default=None, description="Not so for this time.", examples=["5y"]
    )


class Defaults(_Fields):
    """What holds for every source that does not say otherwise."""

    owner: Filled | None = Field(
        default=None,
        description="Who answers for the content: a mail address or a name.",
        examples=["ana@example.org"],
    )
    schedule: ScheduleStanza | None = Field(
        default=None, description="How often and when it is read. Without one: only when asked to."
    )
    publish: Publish = Field(
        default="at once",
        description="Whether new items are found by search `at once`, or only `after review`.",
    )
    threshold: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Probability from which a tag takes effect by itself. Without one: the "
        "setting `tag_threshold`.",
    )
    visibility: Annotated[tuple[Filled, ...], Field(min_length=1)] = Field(
        default=("public",), description="Groups that may see the items; `public` is everyone."
    )
    language: Annotated[str, AfterValidator(_language)] | None = Field(
        default=None, description="Language (BCP 47) of items that do not say.", examples=["en"]
    )
    provider: str = Field(default="", description="Who offers the content, as searchers see it.")
    allow: Filter = Field(
        default=Filter(),
        description="Only items that match every field of this filter are found by search.",
        examples=["{kind: [course, video], newer_than: 730d}"],
    )
    deny: Filter = Field(
        default=Filter(),
        description="Items that match any field of this filter are not found by search.",
        examples=['{url: "*/drafts/*"}'],
    )


class Stanza(Defaults):
    """One source."""

    connector: Annotated[str, AfterValidator(_connector)] = Field(
        description="What kind of source it is: `skillshelf sources describe` lists them.",
        examples=["feed"],
    )
    owner: Filled = Field(
        description="Who answers for the content: a mail address or a name. May come from the "
        "defaults.",
        examples=["ana@example.org"],
    )
    allow_private: StrictBool = Field(
        default=False,
        description="Whether the source may lie at a private or loopback address. Not among the "
        "defaults, so that it is a decision about one source.",
    )
    settings: dict[str, Any] = Field(
        default_factory=dict,
        description="The connector's own settings. Paths are relative to the folder of the file.",
    )
