"""Which depot the settings ask for."""

from pathlib import Path

from pydantic import SecretStr

from index.generations import Depot, EdgeDepot, ServerDepot


def open_depot(root: Path, url: str | None = None, api_key: SecretStr | None = None) -> Depot:
    """Generations in the folder `root`, or on the Qdrant server at `url`."""
    if url is None:
        return EdgeDepot(root)
    from qdrant_client import QdrantClient

    key = api_key.get_secret_value() if api_key else None
    return ServerDepot(QdrantClient(url=url, api_key=key), root)
