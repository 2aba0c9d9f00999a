from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import Band, ContactRole, Customer, OutcomeStatus, Segment, Stage, TouchModel
from insights.lists.customers import Customers
from insights.lists.health import HISTORY_WEEKS, change_waterfall, score_line
from insights.lists.readings import measured
from insights.lists.renewals import call_badge, health_cell, listed_health
from insights.lists.timeline import tell
from insights.queries.customer_people import people_of
from insights.queries.customer_sheet import Sheet, sheet_of
from insights.queries.health import health_of, stored_days
from insights.queries.timeline import KINDS, timeline_of
from insights.views.clock import clock
from supportsuccess.lists import query
from supportsuccess.lists.keyset import BadCursor
from supportsuccess.lists.pages import list_page
from supportsuccess.lists.toolbar import Chip
from tickets.models import HandoffState, HandoffType

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse, QueryDict

    from accounts.queries.accountability import Accountable
    from accounts.requests import AuthedRequest

KIND_LABELS = {
    "": "All",
    "tickets": "Tickets",
    "touches": "Touches",
    "handoffs": "Handoffs and promises",
    "renewals": "Renewals",
    "health": "Health",
}


@require_GET
@permission_required("accounts.view_customer", raise_exception=True)
def customers(request: AuthedRequest) -> HttpResponse:
    listing = Customers(request.user, request.GET, now=timezone.now())
    return list_page(request, listing, "insights/customers.html")


@require_GET
@permission_required("accounts.view_customer", raise_exception=True)
def customer(request: AuthedRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found = get_object_or_404(
        Customer.objects.visible_to(request.user).select_related("listed"), pk=pk
    )
    sheet = sheet_of(pk, user=request.user, at=now)
    ours = sheet.ours
    kind = request.GET.get("kind", "")
    try:
        timeline = timeline_of(
            pk,
            user=request.user,
            kinds=[kind],
            cursor=request.GET.get("cursor", ""),
            zone=ours.timezone,
        )
    except BadCursor:
        return redirect(request.path + query.link(request.GET, changes={"cursor": None}))
    context = {
        "customer": found,
        "told": tell(timeline.events, now=now),
        "next_url": query.link(request.GET, changes={"cursor": timeline.next_cursor})
        if timeline.next_cursor
        else "",
    }
    if request.htmx.target == "timeline":
        return render(request, "insights/timeline.html#more", context)
    people = people_of(pk, handoff_ids=[row["id"] for row in sheet.handoffs], at=now)
    return render(
        request,
        "insights/customer.html",
        context
        | _in_words(found, sheet, now=now)
        | {
            "currency": ours.currency,
            "today": ours.day_of(now),
            "people": people.by_role,
            "handoffs": _matters(sheet.handoffs, answering=people.by_handoff),
            "kinds": _kinds(kind, params=request.GET),
        },
    )


@require_GET
@permission_required("insights.view_health", raise_exception=True)
def customer_health(request: AuthedRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    time = clock()
    health = health_of(pk, at=time.now)
    since = time.today - timedelta(weeks=HISTORY_WEEKS)
    stored = stored_days(pk, since=since, until=time.today)
    context = {
        "customer": found,
        "health": health,
        "mark": health_cell(health.score, health.effective_band),
        "computed_mark": health_cell(health.score, health.band),
        "history": score_line(stored, health=health, today=time.today),
        "change": change_waterfall(health),
        "measured": measured(health),
        "total": sum(share.contribution or 0 for share in health.shares),
        "now": time.now,
        "today": time.today,
    }
    return render(request, "insights/customer_health.html", context)


def _in_words(found: Customer, sheet: Sheet, *, now: datetime) -> dict[str, object]:
    """What the page shows of a customer, in words and marks."""
    listed = getattr(found, "listed", None)
    return {
        "now": now,
        "sheet": sheet,
        "listed": listed,
        "health": listed_health(listed),
        "stage": Stage(sheet.stage).label if sheet.stage else "",
        "touch_model": TouchModel(sheet.touch_model).label if sheet.touch_model else "",
        "segment": Segment(listed.segment).label if listed else "",
        "outcome_status": OutcomeStatus(sheet.outcome_status).label,
        "scores": sheet.course,
        "renewal": sheet.renewal,
        "call": call_badge(sheet.renewal["state"]) if sheet.renewal else "",
        "override": sheet.override,
        "override_band": Band(sheet.override["band"]).label if sheet.override else "",
        "contacts": [row | _contact_words(row) for row in sheet.contacts],
        "promises": sheet.promises,
        "tickets": sheet.tickets,
    }


def _matters(
    rows: list[dict[str, Any]], *, answering: dict[int, Accountable]
) -> list[dict[str, Any]]:
    """The open handoffs in words, with who answers for each."""
    return [row | _handoff_words(row) | {"answering": answering.get(row["id"])} for row in rows]


def _handoff_words(row: dict[str, Any]) -> dict[str, str]:
    return {
        "type_label": HandoffType(row["type"]).label,
        "state_label": HandoffState(row["state"]).label,
    }


def _contact_words(row: dict[str, Any]) -> dict[str, str]:
    return {"role_label": ContactRole(row["role"]).label}


def _kinds(current: str, *, params: QueryDict) -> list[Chip]:
    return [
        Chip(
            label=label,
            url=query.fresh_link(params, changes={"kind": kind or None}),
            is_current=current == kind or (not kind and current not in KINDS),
        )
        for kind, label in KIND_LABELS.items()
    ]
