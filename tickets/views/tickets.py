from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from tickets.forms.labels import ExemptForm
from tickets.models import Learning, Ticket
from tickets.queries.ticket_sheet import sheet_of
from tickets.queries.tickets import owner_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import AuthedRequest


@require_GET
@permission_required("tickets.view_ticket", raise_exception=True)
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    user, now = request.user, timezone.now()
    ticket = get_object_or_404(Ticket.objects.visible_to(user).for_panel(), pk=pk)
    context = {
        "ticket": ticket,
        "owner": owner_of(ticket, user=user, at=now),
        "sheet": sheet_of(ticket, user=user),
        "exempt_form": ExemptForm() if ticket.learning == Learning.DUE else None,
        "now": now,
        "today": timezone.localdate(now),
    } | {
        f"can_{action}": user.has_perm(f"tickets.{permission}")
        for action, permission in (("label", "label_ticket"), ("hand_over", "offer_handoff"))
    }
    return render(request, "tickets/detail.html", context)


@require_GET
@permission_required("tickets.offer_handoff", raise_exception=True)
def hand_over(request: AuthedRequest, pk: int) -> HttpResponse:
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=pk)
    return redirect(f"{reverse('tickets:handoff_new')}?{urlencode({'ticket': ticket.pk})}")
