"""Errors of the API as problem details (RFC 9457): what is wrong, where, and the request's id."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.views import defaults
from rest_framework import exceptions, status
from rest_framework.response import Response

from supportsuccess.audit.context import current_request
from supportsuccess.audit.errors import OperationConflict, OperationInProgress, OperationRepeated
from supportsuccess.errors import Refused
from supportsuccess.lists.context_processors import of_browser

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTENT_TYPE = "application/problem+json"
API = "/api/"
TITLES = {
    400: "The request can't be read",
    401: "Nobody is signed in",
    403: "Not permitted",
    404: "Not found",
    405: "Not served by this method",
    406: "Not available in this form",
    409: "Refused",
    412: "Changed since it was read",
    413: "Too large",
    415: "Not a form we read",
    422: "Not valid",
    429: "Too many requests",
    500: "Something went wrong here",
    503: "Back in a moment",
}
SOON = "10"  # seconds until a server that starts or is too busy is worth another try
NEXT_MINUTE = "60"  # every rate limit of the sign-in counts by the minute


def problem(error: Exception, _context: Mapping[str, Any]) -> Response | None:
    """The answer to an exception of an endpoint; none for what is our own mistake."""
    found = _translated(error)
    if not isinstance(found, exceptions.APIException):
        return None
    code = _status(found)
    return Response(
        _body(code, found.detail), status=code, headers=_headers(found), content_type=CONTENT_TYPE
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """The answer to a request that could not even be read: a page, or a problem of the API."""
    if not request.path.startswith(API):
        return defaults.bad_request(request, exception)
    code = 413 if isinstance(exception, RequestDataTooBig) else 400
    return _json(code, "Send less at once." if code == 413 else "This can't be read.")


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to a mistake of ours, or to a database that is away or too busy."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return _unavailable(request)
    if request.path.startswith(API):
        said = "This is our mistake and was noted. Try again, or tell us the request_id."
        return _json(500, said)
    return _page(request, 500)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """The answer to a sign-in page that was used too often."""
    response = _page(request, 429)
    response.headers["Retry-After"] = NEXT_MINUTE
    return response


def _unavailable(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        response = _json(503, "The service is starting or too busy. Send the same again soon.")
    else:
        response = _page(request, 503)
    response.headers["Retry-After"] = SOON
    return response


def _page(request: HttpRequest, code: int) -> HttpResponse:
    """A page of which nothing is asked of a database: not even who looks at it."""
    page = render_to_string(f"{code}.html", {"display": of_browser(request)})
    return HttpResponse(page, status=code)


def _json(code: int, detail: str) -> HttpResponse:
    return JsonResponse(_body(code, detail), status=code, content_type=CONTENT_TYPE)


def _body(code: int, detail: Any) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": TITLES.get(code, "Error"),
        "status": code,
        "detail": _summary(detail),
        "request_id": current_request().request_id,
        "errors": list(_field_errors(detail)),
    }


def _translated(error: Exception) -> Exception:
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, OperationConflict):
        return exceptions.ValidationError(str(error))
    if isinstance(error, Refused | OperationInProgress | OperationRepeated):
        return _Conflict(_refusal_detail(error))
    return error


class _Conflict(exceptions.APIException):
    status_code = status.HTTP_409_CONFLICT


def _refusal_detail(error: Exception) -> Any:
    field = getattr(error, "field", None)
    return {field: [str(error)]} if field else str(error)


def _status(error: exceptions.APIException) -> int:
    if isinstance(error, exceptions.ValidationError):
        return status.HTTP_422_UNPROCESSABLE_ENTITY
    return error.status_code


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def _summary(detail: Any) -> str:
    messages = [item["detail"] for item in _field_errors(detail)]
    return " ".join(messages) if messages else str(detail)


def _field_errors(detail: Any, field: str = "") -> list[dict[str, str]]:
    if isinstance(detail, dict):
        parts = ((f"{field}.{key}".lstrip("."), value) for key, value in detail.items())
    elif isinstance(detail, list):
        parts = (
            (f"{field}.{index}" if isinstance(value, dict) else field, value)
            for index, value in enumerate(detail)
        )
    else:
        return [{"field": _sendable(field), "detail": _sendable(detail)}]
    return [item for name, value in parts for item in _field_errors(value, name)]


def _sendable(text: Any) -> str:
    """A message may quote what was sent, halves of characters included."""
    return str(text).encode(errors="backslashreplace").decode()
