"""Pages that exist for the tests of operation ids: urls, views, and a sign-in by header."""

import time
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path

from supportsuccess import audit
from supportsuccess.audit import operations
from supportsuccess.audit.errors import OperationRepeated


class Person:
    def __init__(self, pk: int | None) -> None:
        self.pk = pk

    def __str__(self) -> str:
        return f"person {self.pk}"


class SignInByHeader:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = Person(int(request.headers.get("X-Person", "0")) or None)
        return self.get_response(request)


@transaction.atomic
def make_note(*, by: Any) -> int:
    with audit.group("make_note", by=by) as group:
        return group


@transaction.atomic
def read_note(*, by: Any) -> int:
    with audit.group("read_note", by=by) as group:
        return group


def note_make(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(f"/notes/{make_note(by=request.user)}/")


def note_make_slowly(request: HttpRequest) -> HttpResponse:
    """Its answer comes a while after its commit, as that of a job that is waited for."""
    answer = note_make(request)
    time.sleep(0.3)
    return answer


def note_make_and_read(request: HttpRequest) -> HttpResponse:
    note = make_note(by=request.user)
    read_note(by=request.user)
    return HttpResponseRedirect(f"/notes/{note}/")


def note_refuse(request: HttpRequest) -> HttpResponse:
    return HttpResponse("no", status=409)


def note_break(request: HttpRequest) -> HttpResponse:
    make_note(by=request.user)
    raise RuntimeError


def note_api(request: HttpRequest) -> HttpResponse:
    """What the API does: ask after authentication, and again when the race was lost."""
    if group := operations.repeated_group(request):
        return operations.stored_response(group) or JsonResponse({"again": group.pk})
    try:
        return JsonResponse({"note": make_note(by=request.user)}, status=201)
    except OperationRepeated:
        return note_api(request)


def secret_api(request: HttpRequest) -> HttpResponse:
    response = JsonResponse({"secret": make_note(by=request.user)})
    response.headers["Cache-Control"] = "no-store"
    return response


urlpatterns = [
    path("make/", note_make),
    path("slow/", note_make_slowly),
    path("both/", note_make_and_read),
    path("refuse/", note_refuse),
    path("break/", note_break),
    path("api/", note_api),
    path("secret/", secret_api),
]
