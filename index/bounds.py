"""What a question may ask for."""

from catalogue.errors import BadRequest
from index.values import MAX_LIMIT, MAX_TEXT, WINDOW, SearchRequest


def check(request: SearchRequest) -> None:
    """Raises BadRequest, naming the field and what is allowed."""
    bounds = {
        f"limit must lie between 1 and {MAX_LIMIT}": 1 <= request.limit <= MAX_LIMIT,
        "offset must not be negative": request.offset >= 0,
        f"offset and limit together reach at most {WINDOW}; go on with the answer's next_cursor": (
            request.offset + request.limit <= WINDOW
        ),
        "a cursor already says where to go on; leave out offset": (
            not (request.cursor and request.offset)
        ),
        f"text must have at most {MAX_TEXT} characters": len(request.text) <= MAX_TEXT,
        "facet_limit must lie between 1 and 1000": 1 <= request.facet_limit <= 1000,
        "min_probability must lie between 0 and 1": 0 <= request.filters.min_probability <= 1,
    }
    for rule, kept in bounds.items():
        if not kept:
            raise BadRequest(rule)
