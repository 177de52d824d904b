"""A handbook kept in git, behind git's own server."""

import atexit
import shutil
import tempfile
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from requests import PreparedRequest

from connectors.testing import CANARY, Answer
from tests.connectors.repositories import File, http_backend, repository

SECRETS = ("token",)
BASICS = {
    "docs/index.md": b"# Ropework handbook\n\nHow we tie, splice and care for rope.\n",
    "docs/knots.md": b"""---
title: Knots to know
lang: en
tags: [rope, safety]
---
# Knots

## Bowline

A fixed loop that does not slip and can be untied after load.

## Sheet bend

Joins two ropes of different thickness.
""",
    "docs/splices.rst": b"""Splices
=======

:lang: en

An eye splice keeps more of a rope's strength than any knot.

Eye splice
----------

Unlay three strands, tuck each against the lay five times.
""",
    "docs/whipping.adoc": b"= Whipping\n:lang: en\n\nStops an end from fraying.\n\n"
    b"== Common whipping\n\nLay a bight, wind towards the end, pull it under.\n",
    "docs/seil.de.md": b"# Seilpflege\n\nNasse Seile werden lose aufgeh\xc3\xa4ngt getrocknet.\n",
}
MORE: dict[str, File] = {
    "docs/care.md": b"# Care\n\nWash in fresh water, dry in the shade, log every fall it held.\n",
    "docs/unfinished.md": b"---\ndraft: true\n---\n# Anchors\n\nNot to be shown yet.\n",
    "docs/picture.png": b"\x89PNG\r\n",
    "docs/link.md": "index.md",
    "vendor": "submodule",
}
WORLDS: dict[str, tuple[dict[str, File], ...]] = {
    "whole": (),
    "shrunk": ({"docs/care.md": None},),
    "dented": ({"docs/care.md": b"\n"},),
}


def settings(base: str) -> dict[str, object]:
    return {"url": f"{base}/docs/handbook.git"}


def files(folder: Path, world: str = "whole") -> None:
    repository(folder, dict(BASICS), MORE, *WORLDS[world])


@cache
def _root(world: str) -> Path:
    root = Path(tempfile.mkdtemp(prefix="handbook-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    files(root / "docs/handbook.git", world)
    return root


def _authorised(request: PreparedRequest) -> bool:
    expected = "Basic " + b64encode(f"git:{CANARY}".encode()).decode()
    return request.headers.get("Authorization") == expected


def answers(base: str, world: str = "whole") -> Callable[[PreparedRequest], Answer]:
    backend = http_backend(_root(world), _authorised)
    above = urlsplit(base).path

    def server(request: PreparedRequest) -> Answer:
        inner = request.copy()
        inner.url = str(request.url).replace(above, "", 1) if above else request.url
        return backend(inner)

    return server
