from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import permission_required
from django.db import connection, transaction
from django.http import HttpResponse
from django_htmx.http import HttpResponseClientRedirect

from accounts.models.names import changed_over
from bench import floor_sql, floor_tickets
from bench.floor_customer import CUSTOMER
from bench.floor_label import ANSWER
from bench.floor_palette import PALETTE
from bench.frames import filled
from supportsuccess.audit.context import current_request
from supportsuccess.lists import toasts
from tickets.models import ASKED_DIMENSIONS

if TYPE_CHECKING:
    from accounts.requests import AuthedRequest


@permission_required("tickets.view_ticket", raise_exception=True)
def inbox(request: AuthedRequest) -> HttpResponse:
    return _answer(request, floor_tickets.INBOX)


@permission_required("tickets.view_ticket", raise_exception=True)
def chosen_tickets(request: AuthedRequest) -> HttpResponse:
    return _answer(request, floor_tickets.FILTERED)


@permission_required("tickets.view_ticket", raise_exception=True)
def common_word(request: AuthedRequest, text: str) -> HttpResponse:
    return _answer(request, floor_tickets.COMMON, **text_parameters(text))


@permission_required("tickets.view_ticket", raise_exception=True)
def rare_word(request: AuthedRequest, text: str) -> HttpResponse:
    return _answer(request, floor_tickets.RARE, **text_parameters(text))


@permission_required("tickets.view_ticket", raise_exception=True)
def ticket(request: AuthedRequest, pk: int) -> HttpResponse:
    return _answer(request, floor_tickets.DETAIL, pk=pk)


@permission_required("tickets.label_ticket", raise_exception=True)
def label(request: AuthedRequest, pk: int) -> HttpResponse:
    noted = current_request()
    answers = [int(request.POST[name]) for name in ASKED_DIMENSIONS]
    with transaction.atomic():
        [[noted.group_id]] = rows_of(
            ANSWER,
            pk=pk,
            user=request.user.pk,
            name=str(request.user),
            request=noted.request_id,
            body=noted.body_hash,
            operation=noted.operation_id,
            values=answers,
        )
        rows_of("SELECT set_config('supportsuccess.audit_group', '', true)")
    toasts.done(request, "Labelled", undo_url=f"/tickets/{pk}/label/undo/{noted.group_id}/")
    return HttpResponseClientRedirect(f"/tickets/{pk}/")


@permission_required("accounts.view_customer", raise_exception=True)
def customers(request: AuthedRequest) -> HttpResponse:
    return _answer(request, floor_sql.CUSTOMERS)


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
    return _answer(request, PALETTE, **text_parameters(text))


def text_parameters(text: str) -> dict[str, Any]:
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
