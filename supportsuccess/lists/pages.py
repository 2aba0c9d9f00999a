"""A request for a list, answered: the page, the list alone after a filter, or the first page."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django.http import JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag

from supportsuccess.lists import export, query
from supportsuccess.lists.keyset import BadCursor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

    from supportsuccess.lists.listing import Listing

LIST = "listing"
NEWS = "news"
EMPTY: dict[str, Any] = {}
type Beginning = Callable[[Listing[Any, Any]], str]

beginnings: list[Beginning] = []
FILES: dict[str, Callable[[Listing[Any, Any]], StreamingHttpResponse]] = {
    "csv": export.csv_file,
    "excel": partial(export.csv_file, mark=export.BOM),
    "json": export.json_file,
}


def list_page(
    request: HttpRequest,
    listing: Listing[Any, Any],
    template: str,
    *,
    around: Mapping[str, Any] = EMPTY,
) -> HttpResponse:
    """Answer with the list, and on its page with what stands around it."""
    if listing.is_known and (write := FILES.get(request.GET.get("export", ""))):
        return cast("HttpResponse", write(listing))
    if not request.GET and (start := _start(listing)):
        return redirect(f"{request.path}?{start}")
    try:
        if NEWS in request.GET:
            return _news(request, listing)
        listing.page  # noqa: B018 - read now, so that a wrong cursor is met before anything else
    except BadCursor:
        url = query.link(request.GET, changes={"after": None, "before": None, NEWS: None})
        return redirect(request.path + url)
    is_list_alone = getattr(request, "htmx", None) and request.htmx.target == LIST  # type: ignore[attr-defined]  # set by middleware
    name = f"{template}#list" if is_list_alone else template
    return render(request, name, {"listing": listing, **around})


def beginning(function: Beginning) -> Beginning:
    """Register who knows where a person begins in a list; asked when the address says nothing."""
    beginnings.append(function)
    return function


def _start(listing: Listing[Any, Any]) -> str:
    """The query that the bare address leads to; empty where it is meant as it is."""
    known = next(filter(None, (begin(listing) for begin in beginnings)), "")
    own = query.link(QueryDict(), changes=listing.start()) if not known else ""
    return known or own.removeprefix("?")


def _news(request: HttpRequest, listing: Listing[Any, Any]) -> HttpResponse:
    """Which rows stand now where the person looks; nothing when it is those that were said last."""
    rows = listing.news(until=request.GET[NEWS])
    response = JsonResponse({"rows": [str(pk) for pk in rows]})
    etag = quote_etag(hashlib.sha256(response.content).hexdigest())
    patch_cache_control(response, private=True, no_cache=True)
    response["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response)
    return cast("HttpResponse", answer)
