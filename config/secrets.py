"""Secrets: from the environment, or from a file that the environment names; never from YAML.

No error here repeats a value, not even that of a variable which should name a file: people put the
secret itself there.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from config.errors import BadConfig

PREFIX = "SKILLSHELF_"
SOURCE_PREFIX = "SKILLSHELF_SOURCE_"
_LARGEST = 64 * 1024
_SECRET_NAME = re.compile(
    r"secret|passw(or)?d|passphrase|authorization"
    r"|(token|api_?key|private_?key|access_?key|credentials?)$"
)
_PASSWORD_IN_URL = re.compile(r"://[^/?#\s]*:[^/?#\s]+@")


def secret(source: str, field: str, environ: Mapping[str, str] = os.environ) -> SecretStr | None:
    """A source's secret, or None where none is set. Raises BadConfig."""
    return read_secret(variable(source, field), environ)


def variable(source: str, field: str) -> str:
    """The environment variable of a source's secret field."""
    return re.sub(r"[^A-Z0-9]", "_", f"{SOURCE_PREFIX}{source}_{field}".upper())


def read_secret(name: str, environ: Mapping[str, str]) -> SecretStr | None:
    """What the variable holds, or the file named by the variable with _FILE at its end."""
    value, file = environ.get(name, ""), environ.get(f"{name}_FILE", "")
    if value and file:
        raise BadConfig(f"{name} and {name}_FILE are both set; unset one of them")
    if file:
        value = _content(Path(file).expanduser(), f"{name}_FILE")
    return SecretStr(value) if value else None


def says_secret(field: str) -> bool:
    """Whether a field's name says that it holds a secret: "token", "clientSecret", "X-Api-Key"."""
    return _SECRET_NAME.search(field.casefold().replace("-", "_")) is not None


def holds_password(text: str) -> bool:
    """Whether a URL with a password stands in the text."""
    return _PASSWORD_IN_URL.search(text) is not None


def _content(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1).decode()
    except (OSError, ValueError):
        # The cause is dropped on purpose: it repeats the path.
        raise BadConfig(f"{name} does not name a text file that can be read") from None
    if len(content) > _LARGEST:
        raise BadConfig(f"{name} names a file over {_LARGEST >> 10} KiB; that is no secret")
    if not content.strip():
        raise BadConfig(f"{name} names an empty file")
    return content.rstrip("\r\n")
