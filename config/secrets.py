"""Secrets: from the environment, or from a file that the environment names; never from YAML."""

import os
from collections.abc import Mapping

from pydantic import SecretStr


def variable(source: str, field: str) -> str:
    """The environment variable of a source's secret field."""
    name = f"SKILLSHELF_SOURCE_{source}_{field}".upper()
    return "".join(letter if letter.isalnum() else "_" for letter in name)


def secret(source: str, field: str, environ: Mapping[str, str] = os.environ) -> SecretStr | None:
    """A source's secret, or None where none is set."""
    raise NotImplementedError
