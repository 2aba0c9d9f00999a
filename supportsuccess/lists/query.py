"""The query string is the state of a page: what a link changes in it, and what it keeps."""

from collections.abc import Mapping

from django.http import QueryDict

PLACE = frozenset(
    {"after", "before", "cursor", "news", "peek"}
)  # where one stands, not what one asked


def link(params: QueryDict, *, changes: Mapping[str, object | None]) -> str:
    """The same query with `changes` made to it; None takes a parameter away."""
    query = params.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


def fresh_link(params: QueryDict, *, changes: Mapping[str, object | None]) -> str:
    """Like `link`, from the first page and with nothing open: for filters and sorting."""
    return link(params, changes=dict.fromkeys(PLACE) | dict(changes))
