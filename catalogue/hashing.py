"""Content hashes that survive restarts, key order and new empty fields.

The model hash covers what the encoder and the tagger read: when it changes, an item is enriched
again. The rest hash covers everything else: when only that changes, the row and the index's payload
are rewritten without a model call.
"""

import dataclasses
import hashlib
import json
from datetime import datetime
from typing import Any

from catalogue.model import Draft

VERSION = 1
_MODEL_FIELDS = ("title", "summary", "language", "subjects", "skills", "parts", "level", "duration")


def model_hash(draft: Draft) -> str:
    return content_hash({name: getattr(draft, name) for name in _MODEL_FIELDS})


def rest_hash(draft: Draft) -> str:
    names = (f.name for f in dataclasses.fields(draft) if f.name not in _MODEL_FIELDS)
    return content_hash({name: getattr(draft, name) for name in names})


def text_hash(text: str) -> str:
    """Key of the embedding cache: 32 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def content_hash(value: Any) -> str:
    text = json.dumps(_filled(value), default=_plain, sort_keys=True, ensure_ascii=True)
    return f"{VERSION}:{hashlib.sha256(text.encode()).hexdigest()}"


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: v for name, v in value.items() if v not in (None, "", (), [])}
    return value


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _filled({f.name: getattr(value, f.name) for f in dataclasses.fields(value)})
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"cannot hash a {type(value).__name__}")
