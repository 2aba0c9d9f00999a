from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import permission_required
from django.db import connection
from django.http import HttpResponse

from accounts.models.names import changed_over
from bench import floor_sql
from bench.floor_customer import CUSTOMER
from bench.floor_palette import PALETTE
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


@permission_required("accounts.view_customer", raise_exception=True)
def palette(request: AuthedRequest, text: str) -> HttpResponse:
    return _answer(request, PALETTE, **palette_parameters(text))


def palette_parameters(text: str) -> dict[str, Any]:
    """How a typed text is asked for."""
    return {
        "text": text,
        "begin": f"{text.lower()}%",
        "have": f"%{text.upper()}%",
        "turned": [f"%{turned.upper()}%" for turned in changed_over(text)],
        "words": " & ".join(f"'{word}':*" for word in text.replace("'", " ").split()),
    }


def _answer(request: AuthedRequest, statement: str, **parameters: Any) -> HttpResponse:
    rows = rows_of(statement, user=request.user.pk, **parameters)
    return HttpResponse(filled(request.path, rows))


def rows_of(statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """What a floor's statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
