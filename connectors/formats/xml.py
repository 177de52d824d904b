"""XML from outside: no entities, no network, no surprise in size."""

from typing import Any

from catalogue.errors import BadItem

MAX_BYTES = 64 * 2**20


def parse(data: bytes, limit: int = MAX_BYTES, *, recover: bool = False) -> Any:
    """The root element, without comments and processing instructions.

    Raises BadItem, whose text goes after the file's name, for more than `limit` bytes, for what is
    not well-formed, naming the line, and for a document that declares entities. `recover` reads
    what is not well-formed as far as libxml2 can follow it.
    """
    from lxml import etree

    if len(data) > limit:
        raise BadItem(f"is XML of more than {limit:,} bytes")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )
    start = data.lstrip(b" \t\r\n")  # blanks before the declaration are a frequent slip
    try:
        root = etree.fromstring(start, parser)
    except etree.XMLSyntaxError as error:
        skipped = data.count(b"\n", 0, len(data) - len(start))
        line = (error.lineno or 1) + skipped
        raise BadItem(f"is no well-formed XML: line {line}: {_reason(error)}") from error
    if root is None:  # nothing to recover
        raise BadItem("is no XML")
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and next(declared.iterentities(), None) is not None:
        raise BadItem("declares XML entities; refused")
    return root


def _reason(error: Exception) -> str:
    return str(getattr(error, "msg", error)).split(", line ")[0][:200]
