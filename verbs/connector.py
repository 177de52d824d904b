"""Writing a connector of one's own."""

from pathlib import Path

import typer

from verbs.output import out

app = typer.Typer(help="Write a connector for another kind of source.", no_args_is_help=True)


@app.command()
def new(name: str) -> None:
    """Make a connector that passes the conformance suite before you change a line."""
    from connectors.template import render

    for path in render(name, Path.cwd()):
        out.print(f"made {path}", markup=False)
    out.print(f"next: `pytest tests/connectors/test_{name}.py`", markup=False)
