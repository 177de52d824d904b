"""The words that no vocabulary knows, counted from the drafts as they are stored."""

from collections import Counter

from sqlalchemy import Connection, Text, select, type_coerce

from catalogue import wire
from catalogue.decide import PRESENT
from catalogue.records import Unmapped
from catalogue.store.schema import items

_ROWS = 1000
# As the draft is written; a text that holds these letters has its quotes escaped.
_FIELD = '"unmapped":'


def count(conn: Connection, source: str | None) -> list[Unmapped]:
    """Of present items that no filter leaves out, those of the most items first."""
    told = type_coerce(items.c.draft, Text).contains(_FIELD)
    shown = items.c.state.in_(PRESENT) & (items.c.filtered == "")
    query = select(items.c.source, items.c.key, items.c.draft).where(told, shown)
    if source is not None:
        query = query.where(items.c.source == source)
    found: Counter[tuple[str, str, str]] = Counter()
    examples: dict[tuple[str, str, str], str] = {}
    for row in conn.execution_options(yield_per=_ROWS).execute(query.order_by(items.c.id)):
        for field, word in wire.read_draft(row.draft).unmapped:
            found[row.source, field, word] += 1
            examples.setdefault((row.source, field, word), row.key)
    ranked = sorted(found.items(), key=lambda entry: (-entry[1], entry[0]))
    return [Unmapped(*name, items=n, example=examples[name]) for name, n in ranked]
