"""What a source would bring, before anything is stored."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from itertools import islice

from catalogue.check import checked
from catalogue.errors import SkillshelfError
from catalogue.filtering import judge
from catalogue.model import Draft
from config.sources import SourceSpec
from connectors.base import Failed, Found, SaysWhatIsLeft
from flows.sync import with_defaults
from flows.workshop import Workshop

MOST_SHOWN = 200  # characters of one field
MOST_TRIED = 10  # items before a check gives up


@dataclass(frozen=True, slots=True)
class Shown:
    """One item with its filled fields as text, or the one field "error"."""

    key: str
    fields: tuple[tuple[str, str], ...]


def preview(shop: Workshop, spec: SourceSpec) -> Iterator[Shown]:
    """Items from the beginning of the source, read one by one as they are asked for."""
    connector = shop.connector(spec)
    verdict = judge(spec.allow, spec.deny, datetime.now(UTC))
    for event in connector.pull({}):
        if isinstance(event, Failed):
            yield Shown(event.key, (("error", str(event.error)),))
        elif isinstance(event, Found):
            try:
                draft = checked(with_defaults(connector.normalise(event.payload), spec))
            except Exception as error:  # an item may be broken in any way; the rest is shown
                yield Shown(event.key, (("error", f"{type(error).__name__}: {error}"),))
            else:
                out = verdict(draft)
                filtered = (("filtered", f"left out by {out}"),) if out else ()
                yield Shown(event.key, (*filtered, *filled(draft), *_left(connector, event)))


def _left(connector: object, found: Found) -> tuple[tuple[str, str], ...]:
    names = connector.left(found.payload) if isinstance(connector, SaysWhatIsLeft) else ()
    return (("not read", ", ".join(names)[:MOST_SHOWN]),) if names else ()


@dataclass(frozen=True, slots=True)
class Checked:
    ok: bool
    says: str


def check(shop: Workshop, spec: SourceSpec) -> Checked:
    """Whether description, credentials and reach are right: can an item be read?

    One that cannot may be that item's own fault, so some more are tried.
    """
    says = "it answers, and shows no items"
    errors = list[str]()
    try:
        for shown in islice(preview(shop, spec), MOST_TRIED):
            found = dict(shown.fields)
            if "error" not in found:
                return Checked(True, f"reads {found['title']!r}")
            errors.append(found["error"])
    except SkillshelfError as error:
        return Checked(False, str(error))
    return Checked(not errors, errors[0] if errors else says)


def filled(draft: Draft) -> tuple[tuple[str, str], ...]:
    """A draft's fields that say something; of its parts, where they lie and how they begin."""
    shown = [
        (f.name, str(value))
        for f in fields(draft)
        if f.name not in ("parts", "unmapped")
        and (value := getattr(draft, f.name)) not in (None, "", ())
    ]
    if draft.unmapped:
        shown.append(("unmapped", "; ".join(f"{f}: {word}" for f, word in draft.unmapped)))
    shown += [
        (f"part {number}", f"[{part.locator or 'whole'}] {part.heading} {part.text}")
        for number, part in enumerate(draft.parts[:5], 1)
    ]
    return tuple((name, " ".join(text.split())[:MOST_SHOWN]) for name, text in shown)
