"""Descriptions of well-known services, shipped beside the code: connectors/presets/NAME.yaml."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from config.nearest import nearest

FOLDER = Path(__file__).parents[2] / "presets"


def preset_names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def with_preset(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings over those of the preset they name. Raises ValueError for an unknown name."""
    name = settings.get("preset") or ""
    if not name:
        return dict(settings)
    if name not in preset_names():
        raise ValueError(f"preset: there is no {name!r}; {nearest(str(name), preset_names())}")
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return merged(yaml.safe_load(text), settings)


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Both, block by block; where both say something, `over` holds."""
    result = dict(under)
    for name, value in over.items():
        below = result.get(name)
        both = isinstance(below, Mapping) and isinstance(value, Mapping)
        result[name] = merged(below, value) if both and below else value
    return result
