"""Every verb of the product for a person at a terminal. `skillshelf --help` lists them.

Exit codes: 0 done; 1 done, but something in it failed, differs or is held; 2 the command line is
wrong; 3 a person must put something right first; 4 try again later; 5 no such thing; 70 a defect
of this product.
"""

import errno
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from catalogue.errors import NotFound, SkillshelfError, TryLater
from verbs import (
    care,
    connector,
    duplicates,
    failures,
    ingest,
    items,
    keys,
    links,
    measure,
    review,
    search,
    serve,
    sources,
)
from verbs.home import State
from verbs.output import Exit, say

app = typer.Typer(
    name="skillshelf",
    help="Pull learning content together, see which skills it teaches, find it by skill.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def main_options(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(help="Folder of settings, sources and data.", envvar="SKILLSHELF_HOME"),
    ] = None,
) -> None:
    context.obj = State(home)


for group in (ingest, search, serve, review, care, measure):
    group.register(app)
app.add_typer(sources.app, name="sources")
app.add_typer(items.app, name="items")
app.add_typer(duplicates.app, name="duplicates")
app.add_typer(failures.app, name="failures")
app.add_typer(links.app, name="links")
app.add_typer(keys.app, name="keys")
app.add_typer(connector.app, name="connector")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one verb, by default that of the command line, and exit.

    An expected error becomes one clear line and an exit code.
    """
    try:
        app(arguments)
    except SkillshelfError as error:
        say(str(error))
        sys.exit(exit_code(error))
    except Exception as error:
        if isinstance(error, OSError) and (words := in_words(error)):
            say(words)
            sys.exit(Exit.NEEDS_PERSON)
        traceback.print_exc()
        say("This is a defect of Skillshelf: please report it, with the lines above.")
        sys.exit(Exit.DEFECT)


def in_words(error: OSError) -> str:
    """What a person can put right about a file or the disk; empty where it is something else."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"{error.filename or 'the disk'}: no space left; free some and run again"
    return f"{error.filename}: {error.strerror}" if error.filename else ""


def exit_code(error: SkillshelfError) -> Exit:
    match error:
        case NotFound():
            return Exit.NOT_FOUND
        case TryLater():
            return Exit.TRY_LATER
    return Exit.NEEDS_PERSON


if __name__ == "__main__":
    main()
