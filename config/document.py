"""Writes the tables of `docs/settings.md` and `docs/sources.md` from the fields themselves.

`python -m config.document`, after changing a field.
"""

import re
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from config.secrets import PREFIX, says_secret
from config.settings import SECRET, Settings
from config.stanza import Defaults, Filter, ScheduleStanza, Stanza

DOCS = Path(__file__).parent.parent / "docs"
_DERIVED = {
    "home": "`~/.skillshelf`",
    "sources": "`sources.yaml` in `home`",
    "database_url": "SQLite file `catalogue.db` in `home`",
    "settings": "none",
    "allow": "none",
    "deny": "none",
}


def pages() -> dict[str, dict[str, str]]:
    """The generated tables: page, then name of the table, then Markdown."""
    return {
        "settings.md": {"settings": settings_table()},
        "sources.md": {
            "source": stanza_table(Stanza),
            "schedule": stanza_table(ScheduleStanza),
            "filter": stanza_table(Filter),
        },
    }


def settings_table() -> str:
    rows = ["| setting | environment | default | what it is |", "|---|---|---|---|"]
    for name, field in Settings.model_fields.items():
        variable = f"`{PREFIX}{name.upper()}`"
        if name in SECRET:
            variable += f", `{PREFIX}{name.upper()}_FILE`"
        setting = f"{name} (environment only)" if says_secret(name) or name == "home" else name
        rows.append(f"| {setting} | {variable} | {_default(name, field)} | {field.description} |")
    return "\n".join(rows)


def stanza_table(model: type[BaseModel]) -> str:
    rows = ["| field | default | what it is |", "|---|---|---|"]
    for name, field in model.model_fields.items():
        example = f" Example: `{field.examples[0]}`." if field.examples else ""
        shared = ", may stand in `defaults`" if model is Stanza and _shared(name) else ""
        rows.append(f"| {name} | {_default(name, field)}{shared} | {field.description}{example} |")
    return "\n".join(rows)


def filled(text: str, tables: dict[str, str]) -> str:
    """A page with its tables put between their marks."""
    for name, table in tables.items():
        start, end = f"<!-- table: {name} -->", "<!-- end -->"
        pattern = re.escape(start) + ".*?" + re.escape(end)
        text = re.sub(pattern, lambda _: f"{start}\n{table}\n{end}", text, flags=re.DOTALL)  # noqa: B023
    return text


def _shared(name: str) -> bool:
    return name in Defaults.model_fields


def _default(name: str, field: FieldInfo) -> str:
    if name in _DERIVED:
        return _DERIVED[name]
    if field.is_required():
        return "needed"
    value = field.default
    if isinstance(value, bool):
        return f"`{value}`".lower()
    if isinstance(value, tuple):
        return f"`[{', '.join(value)}]`"
    return "none" if value in (None, "") else f"`{value}`"


def main() -> None:
    for page, tables in pages().items():
        path = DOCS / page
        path.write_text(filled(path.read_text("utf-8"), tables), "utf-8")


if __name__ == "__main__":
    main()
