"""A source of each connector, to copy from."""

from pathlib import Path
from textwrap import dedent

EXAMPLES = Path(__file__).resolve().parent / "sample" / "connectors.yaml"


def example(connector: str) -> str:
    """The lines of sources.yaml that describe a source of this connector; "" for one without."""
    _, _, sources = EXAMPLES.read_text(encoding="utf-8").partition("\nsources:\n")
    stanzas = (f"{stanza.strip()}\n" for stanza in dedent(sources).split("\n\n"))
    return next((s for s in stanzas if f"\n  connector: {connector}\n" in s), "")
