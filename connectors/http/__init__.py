"""The one polite door to the network."""

from connectors.http.door import Http, Limits, polite
from connectors.http.reply import Reply, Validators

__all__ = ["Http", "Limits", "Reply", "Validators", "polite"]
