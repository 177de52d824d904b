"""The one polite door to the network."""

from connectors.http.door import Http, Limits, polite
from connectors.http.reply import Missing, Reply, Validators

__all__ = ["Http", "Limits", "Missing", "Reply", "Validators", "polite"]
