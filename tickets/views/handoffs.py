from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.actions.notifications import read_notifications_about
from accounts.models import Customer
from supportsuccess.errors import Refused
from supportsuccess.lists import toasts
from supportsuccess.lists.pages import list_page
from tickets.actions import handoffs as actions
from tickets.forms.handoffs import NewHandoffForm
from tickets.lists.handoffs import BOUNCE_LIST, Handoffs
from tickets.models import Handoff, HandoffType, Priority, Ticket
from tickets.queries.handoff_offers import Preview, preview_offer
from tickets.views.handoff_page import handoff_page

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.requests import AuthedRequest

FOUND_CUSTOMERS = 20
NEWS = "news"


# The list


@require_GET
@permission_required("tickets.view_handoff", raise_exception=True)
def handoff_list(request: AuthedRequest) -> HttpResponse:
    listing = Handoffs(request.user, request.GET, now=timezone.now())
    around = {"bounce_list_url": f"{request.path}?{BOUNCE_LIST}"}
    return list_page(request, listing, "tickets/handoff_list.html", around=around)


# A new one


@require_http_methods(["GET", "POST"])
@permission_required("tickets.offer_handoff", raise_exception=True)
def handoff_new(request: AuthedRequest) -> HttpResponse:
    customer, tickets = _subject(request)
    if customer is None:
        return _choose_customer(request, tickets)
    form = _new_form(request)
    if request.method == "POST":
        return _offer(request, form, customer=customer, tickets=tickets)
    part = "#preview" if request.htmx.target == "preview" else ""
    return _render_new(request, form, customer=customer, tickets=tickets, part=part)


def _subject(request: AuthedRequest) -> tuple[Customer | None, list[Ticket]]:
    """The customer and the tickets that the URL names, if this person may see them."""
    tickets = [
        get_object_or_404(Ticket.objects.visible_to(request.user).select_related("customer"), pk=pk)
        for pk in request.GET.getlist("ticket")
        if pk.isdecimal()
    ]
    if tickets:
        return tickets[0].customer, tickets
    asked = request.GET.get("customer", "")
    if not asked.isdecimal():
        return None, []
    return get_object_or_404(Customer.objects.visible_to(request.user), pk=asked), []


def _new_form(request: AuthedRequest) -> NewHandoffForm:
    if request.method == "POST":
        return NewHandoffForm(request.POST, user=request.user)
    return NewHandoffForm(initial=request.GET.dict(), user=request.user)


def _offer(
    request: AuthedRequest, form: NewHandoffForm, *, customer: Customer, tickets: list[Ticket]
) -> HttpResponse:
    if not form.is_valid():
        return _render_new(request, form, customer=customer, tickets=tickets, status=422)
    try:
        handoff = actions.offer_handoff(
            customer, **form.cleaned_data, tickets=tickets, by=request.user, at=timezone.now()
        )
    except Refused as refusal:
        form.add_error(_field(form, refusal), refusal.message)
        return _render_new(request, form, customer=customer, tickets=tickets, status=409)
    undo = reverse("tickets:handoff_withdraw", args=[handoff.pk])
    toasts.done(request, f"Offered to {handoff.receiver.name}.", undo_url=undo)
    return redirect(handoff)


def _field(form: NewHandoffForm, refusal: Refused) -> str | None:
    return refusal.field if refusal.field in form.fields else None


def _render_new(
    request: AuthedRequest,
    form: NewHandoffForm,
    *,
    customer: Customer,
    tickets: list[Ticket],
    status: int = 200,
    part: str = "",
) -> HttpResponse:
    now = timezone.now()
    context = {
        "form": form,
        "customer": customer,
        "tickets": tickets,
        "preview": _preview(request, customer=customer, at=now),
        "now": now,
    }
    return render(request, f"tickets/handoff_new.html{part}", context, status=status)


def _preview(request: AuthedRequest, *, customer: Customer, at: datetime) -> Preview:
    asked = NewHandoffForm(request.POST or request.GET, user=request.user)
    asked.is_valid()
    return preview_offer(
        customer,
        type_=asked.cleaned_data.get("type", HandoffType.RENEWAL_RISK),
        priority=asked.cleaned_data.get("priority", Priority.NORMAL),
        receiver=asked.cleaned_data.get("receiver"),
        at=at,
    )


def _choose_customer(request: AuthedRequest, tickets: list[Ticket]) -> HttpResponse:
    asked = request.GET.get("q", "").strip()
    customers = Customer.objects.visible_to(request.user)
    found = customers.named_like(asked).for_choice()[:FOUND_CUSTOMERS] if asked else []
    context = {"found": found, "asked": asked, "unmatched": tickets}
    return render(request, "tickets/handoff_customer.html", context)


# One of them


@require_GET
@permission_required("tickets.view_handoff", raise_exception=True)
def handoff_detail(request: AuthedRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    visible = Handoff.objects.visible_to(request.user)
    handoff = get_object_or_404(visible.for_page().with_holder(now), pk=pk)
    if request.htmx.target == NEWS:
        return _news(request, handoff)
    read_notifications_about(handoff.get_absolute_url(), user=request.user, at=now)
    return render(request, "tickets/handoff_detail.html", handoff_page(request, handoff, at=now))


def _news(request: AuthedRequest, handoff: Handoff) -> HttpResponse:
    """Whether something happened since the page was made; asked every few seconds."""
    if request.GET.get("seen") == str(handoff.version):
        return HttpResponse(status=204)
    return render(
        request, "tickets/handoff_detail.html#news", {"handoff": handoff, "has_news": True}
    )
