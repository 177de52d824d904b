"""Any catalogue that answers in JSON, described in the settings."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field, model_validator

from catalogue.errors import BadItem, NeedsPerson
from catalogue.model import Cursor, Draft, Payload
from connectors.base import Checkpoint, Connector, Event, Failed, Found, Gone
from connectors.formats.rest.access import Access
from connectors.formats.rest.expressions import find, reads
from connectors.formats.rest.paging import keepable
from connectors.formats.rest.presets import with_preset
from connectors.formats.rest.walk import Listing, Plan, walk
from connectors.http.addresses import shown

SET_IT = "set the environment variable SKILLSHELF_SOURCE_<NAME>_SECRET"


class Settings(Listing):
    preset: str = Field(
        "", description="A service known already; what it says need not be said, but may be."
    )

    @model_validator(mode="before")
    @classmethod
    def _over_preset(cls, given: Any) -> Any:
        return with_preset(given) if isinstance(given, Mapping) else given


class Rest(Connector[Settings]):
    """Any catalogue that answers in JSON: pages, access, items and fields are settings.

    Fields are found by JMESPath. Presets describe LinkedIn Learning, Udemy Business, Coursera for
    Business, Go1 and edX; each setting of your own holds over the preset's.
    Not yet tried against the real service.
    """

    Config = Settings

    def pull(self, cursor: Cursor) -> Iterator[Event]:
        """What changed, where the service can tell; else, and every so many runs, the whole list.

        The cursor holds when the last walk began by the service's clock, how many runs ago all was
        listed, and within a run the page to go on from. A walk taken up midway claims nothing.
        """
        config = self.config
        if config.auth.needs_secret and not config.secret:
            raise NeedsPerson(f"{config.url}: `auth` needs the secret; {SET_IT}")
        plan = Plan.of(cursor, config)
        began, keys, faults, total = plan.began, set[str](), 0, 0
        for page in walk(config, Access(config.auth, config.secret, self.http), plan):
            began, total = began or page.date, page.total or total
            for item in page.items:
                event = self._event(item, faults + 1)
                faults += isinstance(event, Failed)
                if event.key not in keys:  # a list that shifts while it is read repeats items
                    keys.add(event.key)
                    yield event
            if page.following and keepable(config.paging, page.following):
                yield Checkpoint(plan.midway(began, page.following))
        complete = plan.whole and not faults and len(keys) >= total
        yield Checkpoint(plan.after(began, complete), complete)

    def _event(self, item: Any, number: int) -> Found | Gone | Failed:
        config = self.config
        try:
            key = find(config.key, item) if isinstance(item, Mapping) else None
            if not isinstance(key, str | int) or not str(key).strip():
                raise ValueError(f"nothing at `{config.key}`, which names an item")
            if config.deleted and find(config.deleted, item):
                return Gone(str(key).strip())
            return Found(str(key).strip(), item)
        except ValueError as error:
            return Failed(f"nameless {number}", BadItem(f"{shown(config.url)}: {error}"))

    def normalise(self, payload: Payload) -> Draft:
        return self.config.draft(payload, self.config.url)

    def left(self, payload: Payload) -> tuple[str, ...]:
        """The fields of an item that no setting reads."""
        config = self.config
        read = config.fields.read() | reads(config.key) | reads(config.deleted)
        return () if "@" in read else tuple(name for name in payload if name not in read)
