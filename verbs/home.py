"""The home folder a verb works in, and making a new one."""

import getpass
import logging
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from catalogue.errors import BadConfig
from config.settings import FILE, Settings, load_settings
from verbs.output import out

SAMPLE = Path(__file__).resolve().parent.parent / "config" / "sample"

SAMPLE_FOLDERS = ("handbook", "tables")
SAMPLE_MARK = ".sample"

SOURCES = """\
# What Skillshelf reads. `skillshelf sources describe` lists the connectors and their settings;
# `skillshelf sources preview NAME` shows what a source would bring, before anything is stored.
sources:
  # handbook:
  #   connector: folder
  #   owner: you@example.org
  #   schedule:
  #     every: 6h
  #   settings:
  #     path: /srv/handbook
"""

SAMPLE_SETTINGS = """\
# The sample's web site runs on this machine and for us alone: nobody there to be polite to.
http_spacing_s = 0
"""


@dataclass
class State:
    """What the options before the verb said."""

    home: Path | None

    def settings(self) -> Settings:
        settings = load_settings(self.home)
        logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(message)s")
        return settings

    def workshop(self) -> Any:
        from flows.workshop import Workshop

        return Workshop(self.settings())


def make_home(home: Path, *, sample: bool) -> bool:
    """Put a first sources.yaml into `home`; false where one lies there already."""
    if (home / "sources.yaml").exists():
        return False
    home.mkdir(parents=True, exist_ok=True)
    if sample:
        for name in SAMPLE_FOLDERS:
            shutil.copytree(SAMPLE / name, home / name, dirs_exist_ok=True)
        shutil.copy(SAMPLE / "sources.yaml", home)
        (home / FILE).write_text(SAMPLE_SETTINGS)
        (home / SAMPLE_MARK).touch()
    else:
        (home / "sources.yaml").write_text(SOURCES)
    return True


def is_sample(home: Path) -> bool:
    return (home / SAMPLE_MARK).exists()


def init(
    context: typer.Context,
    sample: bool = typer.Option(False, help="With the sample organisation's sources."),
) -> None:
    """Make a home folder with a first sources.yaml in it."""
    home = context.obj.settings().home
    if not make_home(home, sample=sample):
        raise BadConfig(f"{home / 'sources.yaml'} exists already; nothing was changed")
    out.print(f"made {home}; next: edit {home / 'sources.yaml'}, then `skillshelf sources check`")


def known(shop: Any, source: str | None) -> None:
    """Raises NotFound for a source that neither sources.yaml nor the catalogue knows."""
    if source is not None and source not in {s.name for s in shop.catalogue.sources.all()}:
        shop.spec(source)


def person() -> str:
    """Who sits at the terminal, for the record of their decisions."""
    return getpass.getuser()
