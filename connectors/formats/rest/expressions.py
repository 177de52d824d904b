"""JMESPath: where in an answer something stands, checked when the settings are read."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import AfterValidator

_STEPS = frozenset(  # of these only the first part is applied to the value itself
    {
        "subexpression",
        "index_expression",
        "pipe",
        "projection",
        "value_projection",
        "filter_projection",
        "flatten",
    }
)


def _checked(expression: str) -> str:
    try:
        jmespath.compile(expression or "@")
    except JMESPathError as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"is no JMESPath expression: {reason}") from None
    return expression


Expression = Annotated[str, AfterValidator(_checked)]


def find(expression: str, value: Any) -> Any:
    """What stands there, or None. Raises ValueError where a function does not fit its values."""
    try:
        return jmespath.compile(expression).search(value)
    except JMESPathError as error:
        reason = " ".join(str(error).split())[:200]
        raise ValueError(f"`{expression}` does not fit: {reason}") from None


def reads(expression: str) -> frozenset[str]:
    """The top-level fields that an expression looks at; `@` stands for all of them."""
    return frozenset(_read(jmespath.compile(expression).parsed)) if expression else frozenset()


def _read(node: Mapping[str, Any]) -> Iterator[str]:
    kind, children = node["type"], node["children"]
    if kind == "field":
        yield str(node["value"])
    elif kind in ("current", "identity"):
        yield "@"
    for child in children[:1] if kind in _STEPS else children:
        yield from _read(child)
