"""The connector contract as checks.

Subclass `Conformance`, give it a fixture `case`, and every rule runs:

    class TestMine(Conformance):
        @pytest.fixture
        def case(self) -> Case:
            settings = {"url": "https://learn.example/list", "token": CANARY}
            return Case(Mine, settings, served(whole), served(shrunk), served(dented))

A connector that reads files uses `FolderPlace` instead of `served` and its `missing` as `outage`.
"""

import copy
import json
import logging
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic import BaseModel, SecretStr, ValidationError

from catalogue.errors import SkillshelfError
from catalogue.hashing import content_hash
from catalogue.model import Cursor, Draft
from connectors.base import Checkpoint, Connector, Event, Failed, Found, Gone, Unchanged
from connectors.http import PRODUCT
from connectors.worlds import Answer, FolderPlace, Scene, World, denied, down, served

__all__ = ["CANARY", "Answer", "Case", "Conformance", "FolderPlace", "World", "served"]

CANARY = "canary-8f1c53e0"  # every secret of a case has this value


@dataclass(frozen=True)
class Case:
    """A connector, its settings, and the states of a source it must cope with.

    A world may add settings of its own (a folder's path). `window` says that the source shows its
    latest items only, as a feed does, so that absence never means anything.
    """

    connector: type[Connector[Any]]
    settings: Mapping[str, Any]
    whole: World  # three or more good items
    shrunk: World  # the same without one of them
    dented: World  # the same, one of them unreadable
    outage: World = field(default_factory=lambda: served(down))
    window: bool = False
    max_requests: int = 20


class Conformance:
    """Rules are added here; `case` is the subclass's."""

    @pytest.fixture
    def case(self) -> Case:
        raise NotImplementedError("give a Case")
