"""The environment of the processes we start."""

import os
from collections.abc import Mapping

from config.settings import Settings


def child_environment(
    settings: Settings, environ: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """For a process that works on the same home folder."""
    return {**environ, "SKILLSHELF_HOME": str(settings.home)}


def prefect_environment(
    settings: Settings, environ: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """For Prefect's server, our scheduler and its runs: all state in the home folder, no telemetry.

    Whatever of Prefect's own settings is set already stays: a server elsewhere, say.
    """
    ours = {
        "PREFECT_HOME": str(settings.home / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{settings.prefect_port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "DO_NOT_TRACK": "1",
    }
    return {**ours, **child_environment(settings, environ)}


def adopt(variables: Mapping[str, str]) -> None:
    """Set variables for this process and those it starts; what is set already stays."""
    for name, value in variables.items():
        os.environ.setdefault(name, value)
