"""Writes the pages on commands and connectors from the code itself: `make docs`."""

from pathlib import Path
from typing import Any

import typer.main

from cli import app
from config.examples import example
from connectors import registry

HERE = Path(__file__).resolve().parent
CONNECTORS = """\
# Connectors

Generated from the code: `make docs`.

Unless its text says otherwise, a connector lists its source with every run, reads only what has
changed since, and notices what is gone. Where only recordings of our own were at hand, it says
"Not yet tried against the real service".

Secrets come from `SKILLSHELF_SOURCE_<NAME>_<FIELD>` or the file that
`SKILLSHELF_SOURCE_<NAME>_<FIELD>_FILE` names, never from `sources.yaml`. The examples are those of
[one file](../config/sample/connectors.yaml), with an `owner` for all.
"""


def pages() -> dict[str, str]:
    """Every generated page by its name."""
    return {"commands.md": commands(), "connectors.md": connectors()}


def commands() -> str:
    """Each verb with what it takes, in the order of `skillshelf --help`."""
    lines = ["# Commands", "", "Generated from the code: `make docs`.", ""]
    lines += ["Exit codes: 0 done; 1 done, but something in it failed, differs or is held;"]
    lines += ["2 the command line is wrong; 3 a person must put something right first;"]
    lines += ["4 try again later; 5 no such thing; 70 a defect of Skillshelf.", ""]
    for name, command in verbs(typer.main.get_command(app), "skillshelf"):
        usage = " ".join(word(p) for p in command.params if p.param_type_name == "argument")
        lines += [f"## `{f'{name} {usage}'.strip()}`", "", command.help or "", ""]
        lines += [f"* `{p.opts[0]}` {p.help or ''}".rstrip() for p in options(command)]
        lines += [""] if options(command) else []
    return "\n".join(lines).rstrip() + "\n"


def verbs(command: Any, name: str) -> list[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        return [(name, command)]
    return [found for sub in inner for found in verbs(inner[sub], f"{name} {sub}")]


def word(parameter: Any) -> str:
    shown = parameter.name.upper() + ("…" if parameter.nargs == -1 else "")
    return shown if parameter.required else f"[{shown}]"


def options(command: Any) -> list[Any]:
    return [p for p in command.params if p.param_type_name == "option" and p.name != "help"]


def connectors() -> str:
    """Each connector with its settings."""
    lines = [CONNECTORS]
    for name in registry.names():
        found = registry.describe(name)
        lines += [
            f"## {name}",
            "",
            found.doc,
            "",
            "| setting | needed | what it is |",
            "|---|---|---|",
        ]
        for setting in found.settings:
            needed = "yes" if setting.required else ""
            lines.append(f"| {setting.name} | {needed} | {setting.description} |")
        lines += ["", "```yaml", example(name).rstrip(), "```", ""]
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    for name, text in pages().items():
        (HERE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
