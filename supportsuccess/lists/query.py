"""The query string is the state of a page: what a link changes in it, and what it keeps."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.http import QueryDict
from django.utils.http import urlencode

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST_DIGITS = 18  # of the key of any table
PLACE = frozenset(
    {"after", "before", "cursor", "news", "peek"}
)  # where one stands, not what one asked


def link(params: QueryDict, *, changes: Mapping[str, object | None]) -> str:
    """The same query with `changes` made to it; None takes a parameter away."""
    changed = {name: [str(value)] for name, value in changes.items() if value is not None}
    gone = changes.keys() - changed.keys()
    query = {**dict(params.lists()), **changed}
    return f"?{urlencode({n: values for n, values in query.items() if n not in gone}, doseq=True)}"


def fresh_link(params: QueryDict, *, changes: Mapping[str, object | None]) -> str:
    """Like `link`, from the first page and with nothing open: for filters and sorting."""
    return link(params, changes=dict.fromkeys(PLACE) | dict(changes))


def number_in(params: QueryDict, name: str) -> int | None:
    """The key of a row that a parameter names; None for anything that can be none."""
    return key_in(params.get(name, ""))


def key_in(text: str) -> int | None:
    """The same of a text by itself."""
    is_key = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    return int(text) if is_key else None


def of_page(request: "HttpRequest") -> QueryDict:
    """The query of the page that htmx sent a request from; empty for any other request."""
    htmx = getattr(request, "htmx", None)
    address = htmx.current_url_abs_path if htmx else None
    return QueryDict(urlsplit(address or "").query)
