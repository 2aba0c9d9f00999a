import re
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string

from supportsuccess.audit import operations
from supportsuccess.audit.context import Request, current_request, in_request
from supportsuccess.audit.errors import OperationConflict, OperationInProgress, OperationRepeated

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class OperationMiddleware:
    """Notes request and operation id for the audit groups, and answers forms sent twice.

    Stands after the authentication, login and CSRF middleware: a repeat is the same person's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        noted = _note(request)
        with (
            in_request(noted),
            structlog.contextvars.bound_contextvars(request_id=noted.request_id),
        ):
            response = self.get_response(request)
            if noted.group_id and response.status_code < 400:
                operations.store_result(noted, response)
        response.headers["X-Request-ID"] = noted.request_id
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *arguments: Any
    ) -> HttpResponse | None:
        if operations.HEADER in request.headers:
            return None  # the API looks itself, once it knows whose token this is
        return _answer_form(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationRepeated):
            return _answer_form(request)
        if isinstance(error, OperationInProgress):
            return _refusal(request, error, status=409, headers={"Retry-After": "2"})
        return None


def _note(request: HttpRequest) -> Request:
    given = request.headers.get("X-Request-ID", "")
    noted = Request(request_id=given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex)
    if request.method in CHANGING:
        noted.operation_id = operations.read_operation_id(request)
    if noted.operation_id:
        noted.body_hash = operations.body_hash(request)
    return noted


def _refusal(request: HttpRequest, error: Exception, **answer: Any) -> HttpResponse:
    """Why a form is not taken: on a page, or where a script puts it."""
    if "HX-Request" in request.headers:
        notice = {"tone": "bad", "icon_name": "circle-alert", "text": error}
        page = render_to_string("components/notice.html", notice)
    else:
        page = render_to_string(f"{answer['status']}.html", {"message": error}, request)
    return HttpResponse(page, **answer)


def _answer_form(request: HttpRequest) -> HttpResponse | None:
    if current_request().operation_id is None:
        return None
    try:
        group = operations.repeated_group(request)
    except OperationConflict as conflict:
        return _refusal(request, conflict, status=422)
    if group is None:
        return None
    location = operations.page_location(request, group)
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": location})
    return HttpResponseRedirect(location)
