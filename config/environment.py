"""The environment of the processes we start."""

import os
from collections.abc import Mapping

from config.settings import Settings


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
        "PREFECT_LOGGING_LEVEL": settings.log_level.upper(),
        "DO_NOT_TRACK": "1",
        "SKILLSHELF_HOME": str(settings.home),
    }
    return {**ours, **environ, "SKILLSHELF_HOME": str(settings.home)}
