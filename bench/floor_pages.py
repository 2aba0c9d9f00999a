from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import permission_required
from django.db import connection
from django.http import HttpResponse

from bench import floor_sql
from bench.floor_customer import CUSTOMER
from bench.frames import filled

if TYPE_CHECKING:
    from accounts.requests import AuthedRequest


@permission_required("tickets.view_ticket", raise_exception=True)
def inbox(request: AuthedRequest) -> HttpResponse:
    return _answer(request, floor_sql.INBOX)


@permission_required("accounts.view_renewal", raise_exception=True)
def renewals(request: AuthedRequest) -> HttpResponse:
    return _answer(request, floor_sql.RENEWALS)


@permission_required("accounts.view_customer", raise_exception=True)
def customer(request: AuthedRequest, pk: int) -> HttpResponse:
    return _answer(request, CUSTOMER, pk=pk)


@permission_required("tickets.view_ticket", raise_exception=True)
def tickets(request: AuthedRequest) -> HttpResponse:
    [[text]] = rows_of(floor_sql.TICKETS, user=request.user.pk)
    return HttpResponse(text, content_type="application/json")


def _answer(request: AuthedRequest, statement: str, **parameters: Any) -> HttpResponse:
    rows = rows_of(statement, user=request.user.pk, **parameters)
    return HttpResponse(filled(request.path, rows))


def rows_of(statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """What a floor's statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
