"""Ingest of real content: cold, again with nothing changed, with one item changed, ten times."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.figures import Figure
from bench.processes import Measured, run
from bench.real_sources import (
    ABSENT,
    MANUALS,
    TABLE,
    present,
    read_rows,
    stanzas,
    table_at,
)
from bench.room import Room, environment
from bench.tables import write_rows
from catalogue.model import ItemKey
from catalogue.store import Catalogue
from config.settings import Settings

NAME = "ingest"
MOST_OVERHEAD = 25  # percent of the wall time that may go into anything but encoding
MOST_MIB = 1536
LEAST_RATIO = 50
COPIES = 10
QUICK_ROWS = 20
QUICK_MANUAL = "debian-faq"
CHANGED = 3  # the row that is changed


def measure(room: Room) -> Iterator[Figure]:
    if not present():
        yield Figure(NAME, "left out", 0, "", note=ABSENT)
        return
    table = room.folder / "table.csv"
    rows = read_rows(QUICK_ROWS if room.quick else None)
    write_rows(table, rows)
    settings = room.home({MANUALS: manuals(quick=room.quick), TABLE: table_at(table)})
    cold = ingest(settings)
    yield from cold_figures(cold)
    again = ingest(settings)
    yield from again_figures(cold, again)
    yield from changed_figures(settings, table, rows)
    yield from many_figures(room, rows, cold)


def ingest(settings: Settings) -> Measured:
    return run(["-m", "bench.ingesting"], environment(settings))


def manuals(*, quick: bool) -> dict[str, Any]:
    stanza = stanzas()[MANUALS]
    if quick:
        stanza["settings"]["path"] += f"/{QUICK_MANUAL}"
    return dict(stanza)


def cold_figures(cold: Measured) -> Iterator[Figure]:
    said = cold.answer
    added = sum(one["added"] for one in said["runs"].values())
    failed = sum(one["failed"] for one in said["runs"].values())
    note = f"{added:,} items, {failed} failed, {said['texts']:,} texts encoded"
    yield Figure(NAME, "cold: wall time", cold.wall_s, "s", note=note)
    yield Figure(NAME, "cold: of it encoding", said["encoding_s"], "s")
    share = 100 * (1 - said["encoding_s"] / cold.wall_s)
    yield Figure(
        NAME, "cold: all but encoding", share, "% of wall", MOST_OVERHEAD, note=spent(cold)
    )
    memory = "process and its children, shared pages counted in each"
    yield Figure(NAME, "cold: peak memory", cold.peak_mib, "MiB", MOST_MIB, note=memory)


def spent(measured: Measured) -> str:
    """Where the time beside the encoder went."""
    steps = dict(measured.answer["steps"])
    steps["enrich without encoding"] = steps.pop("enrich") - measured.answer["encoding_s"]
    inside = sum(steps.values()) + measured.answer["encoding_s"]
    steps["start and end of the process"] = measured.wall_s - inside
    return ", ".join(f"{name} {seconds:.1f} s" for name, seconds in steps.items())


def again_figures(cold: Measured, again: Measured) -> Iterator[Figure]:
    yield Figure(NAME, "again unchanged: model calls", again.answer["calls"], "", 0)
    yield Figure(NAME, "again unchanged: wall time", again.wall_s, "s", note=spent(again))
    ratio = cold.wall_s / again.wall_s
    yield Figure(NAME, "again unchanged: times faster", ratio, "×", least=LEAST_RATIO)


def changed_figures(
    settings: Settings, table: Path, rows: list[dict[str, str]]
) -> Iterator[Figure]:
    row = rows[CHANGED]
    added = {**row, "TEACHER_OVERVIEW": f"{row['TEACHER_OVERVIEW']} One sentence was added here."}
    write_rows(table, [*rows[:CHANGED], added, *rows[CHANGED + 1 :]])
    measured = ingest(settings)
    with Catalogue.open(settings.database_url) as catalogue:
        parts = len(catalogue.items.passages(ItemKey(TABLE, row["URL"])))
    note = f"of the {parts} parts of the item; {measured.wall_s:.1f} s"
    encoded = measured.answer["texts"]
    yield Figure(NAME, "one item changed: texts encoded", encoded, "", parts, 1, note)


def many_figures(room: Room, rows: list[dict[str, str]], cold: Measured) -> Iterator[Figure]:
    """Ten times the rows, their texts alike, so that the model reads each once."""
    many = [{**row, "URL": f"{row['URL']}?copy={n}"} for n in range(COPIES) for row in rows]
    write_rows(room.folder / "many.csv", many)
    measured = ingest(room.home({TABLE: table_at(room.folder / "many.csv")}))
    [counted] = measured.answer["runs"].values()
    note = f"{counted['added']:,} items in {measured.wall_s:.0f} s; cold: {cold.peak_mib:,.0f} MiB"
    yield Figure(NAME, "10 × the table: peak memory", measured.peak_mib, "MiB", MOST_MIB, note=note)
