from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import Band, ContactRole, Customer, OutcomeStatus, Segment, Stage, TouchModel
from accounts.queries.accountability import accountable_by_role
from insights.lists.customers import customer_table
from insights.lists.renewals import call_badge, health_cell, listed_health
from insights.lists.timeline import tell
from insights.queries import customers as queries
from insights.queries.customer_sheet import Sheet, sheet_of
from insights.queries.customers import (
    EVERYONE,
    MINE,
    NOBODY,
    ORDERS,
    CustomerFilters,
    CustomerRow,
)
from insights.queries.health import health_of
from insights.queries.timeline import KINDS, timeline_of
from insights.views.clock import clock
from supportsuccess.lists import empty, query
from supportsuccess.lists.keyset import BadCursor
from supportsuccess.lists.table import page_of
from tickets.models import HandoffState, HandoffType

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse, QueryDict

    from accounts.requests import AuthedRequest
    from supportsuccess.lists.empty import Empty

OWNER_LABELS = {EVERYONE: "Everyone's", MINE: "Mine", NOBODY: "Nobody's"}
ORDER_LABELS = {"name": "By name", "arr": "By ARR", "health": "By health"}
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
    time = clock()
    filters = queries.read_filters(request.GET)
    if filters.order == "arr" and not request.user.has_perm("accounts.view_money"):
        filters = filters._replace(order="name")
    rows = queries.customers(filters, user=request.user, at=time.now, day=time.today)
    try:
        page = page_of(
            CustomerRow,
            queries.for_list(rows),
            keyset=ORDERS[filters.order],
            cursor=request.GET.get("cursor", ""),
        )
    except BadCursor:
        return redirect(request.path + query.link(request.GET, changes={"cursor": None}))
    table = customer_table(request.user, currency=time.ours.currency, now=time.now)
    context = {
        **_filters(request, filters),
        "table": table.over(page.rows, params=request.GET, empty=_empty(filters)),
        "next_url": query.link(request.GET, changes={"cursor": page.next_cursor})
        if page.next_cursor
        else "",
    }
    part = "#list" if request.htmx.target == "customer-list" else ""
    return render(request, f"insights/customers.html{part}", context)


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
    return render(
        request,
        "insights/customer.html",
        context
        | _in_words(found, sheet, now=now)
        | {
            "currency": ours.currency,
            "today": ours.day_of(now),
            "people": accountable_by_role(pk, at=now),
            "kinds": _kinds(kind, params=request.GET),
        },
    )


@require_GET
@permission_required("insights.view_health", raise_exception=True)
def customer_health(request: AuthedRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    time = clock()
    health = health_of(pk, at=time.now)
    context = {
        "customer": found,
        "health": health,
        "mark": health_cell(health.score, health.effective_band),
        "computed_mark": health_cell(health.score, health.band),
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
        "scores": sheet.scores,
        "renewal": sheet.renewal,
        "call": call_badge(sheet.renewal["state"]) if sheet.renewal else "",
        "override": sheet.override,
        "override_band": Band(sheet.override["band"]).label if sheet.override else "",
        "handoffs": [row | _handoff_words(row) for row in sheet.handoffs],
        "contacts": [row | _contact_words(row) for row in sheet.contacts],
        "promises": sheet.promises,
        "tickets": sheet.tickets,
    }


def _handoff_words(row: dict[str, Any]) -> dict[str, str]:
    return {
        "type_label": HandoffType(row["type"]).label,
        "state_label": HandoffState(row["state"]).label,
    }


def _contact_words(row: dict[str, Any]) -> dict[str, str]:
    return {"role_label": ContactRole(row["role"]).label}


def _kinds(current: str, *, params: QueryDict) -> list[dict[str, object]]:
    return [
        {
            "label": label,
            "url": query.fresh_link(params, changes={"kind": kind or None}),
            "is_current": current == kind or (not kind and current not in KINDS),
            "count": None,
        }
        for kind, label in KIND_LABELS.items()
    ]


def _filters(request: AuthedRequest, filters: CustomerFilters) -> dict[str, object]:
    orders = [
        order
        for order in ORDER_LABELS
        if order != "arr" or request.user.has_perm("accounts.view_money")
    ]
    return {
        "filters": filters,
        "segments": Segment.choices,
        "bands": Band.choices,
        "owners": [
            {
                "label": label,
                "url": query.fresh_link(request.GET, changes={"owner": owner}),
                "is_current": filters.owner == owner,
                "count": None,
            }
            for owner, label in OWNER_LABELS.items()
        ],
        "orders": [(order, ORDER_LABELS[order]) for order in orders],
    }


def _empty(filters: CustomerFilters) -> Empty:
    if filters.are_set or filters.owner != EVERYONE:
        return empty.nothing_matches("No customer matches", clear_url=reverse("insights:customers"))
    return empty.nothing_yet(
        "No customers yet",
        text="They come with an import: a file of customers and contracts, or a ticket log.",
    )
