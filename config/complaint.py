"""Validation errors in words a curator can act on, never repeating the value."""

from collections.abc import Iterable

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from config.nearest import nearest

_WORDS = {
    "missing": "is missing",
    "string_type": "must be text; put it into quotes",
    "bool_type": "must be true or false",
    "dict_type": "must be a block of fields",
    "model_type": "must be a block of fields",
    "tuple_type": "must be a list, e.g. [one, two]",
    "list_type": "must be a list, e.g. [one, two]",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
}


def details(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False, include_context=False, include_input=False)


def in_words(detail: ErrorDetails, known: Iterable[str] = ()) -> str:
    """What is wrong with a field and what is allowed; `known` are the fields there are."""
    if detail["type"] == "extra_forbidden":
        names = list(known)
        hint = f"; {nearest(str(detail['loc'][-1]), names)}" if names else ""
        return f"no such field{hint}"
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return _WORDS.get(detail["type"]) or message.replace("Input should", "must", 1)
