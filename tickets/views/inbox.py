from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import Customer, Team, TeamKind
from supportsuccess.lists import query
from supportsuccess.lists.cells import duration
from supportsuccess.lists.empty import Empty, all_done, nothing_matches, nothing_yet
from supportsuccess.lists.keyset import BadCursor
from tickets.forms.inbox import InboxForm
from tickets.lists.inbox import inbox_table
from tickets.models import Ticket, TicketKind
from tickets.queries.inbox import (
    COUNTED,
    UNMATCHED,
    InboxFilters,
    InboxPage,
    answered_since,
    count_due,
    due_tickets,
    has_tickets,
    inbox_page,
)
from tickets.views.labels import PANEL, panel_context
from tickets.views.places import Place

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse, QueryDict

    from accounts.requests import AuthedRequest
    from tickets.models.tickets import TicketQuerySet

LIST = "inbox"


@require_GET
@permission_required("tickets.view_ticket", raise_exception=True)
def inbox(request: AuthedRequest) -> HttpResponse:
    panel = _panel(request)
    if panel and request.htmx.target == PANEL:
        return render(request, "tickets/label.html#panel", panel)
    part = "#list" if request.htmx.target == LIST else ""
    return render(request, f"tickets/inbox.html{part}", _list(request) | panel)


def _panel(request: AuthedRequest) -> dict[str, Any]:
    asked = request.GET.get("peek", "")
    if not asked.isdecimal() or not request.user.has_perm("tickets.label_ticket"):
        return {}
    tickets = Ticket.objects.visible_to(request.user).for_panel()
    ticket = get_object_or_404(tickets, pk=asked[:18])
    return panel_context(request, ticket, place=Place("tickets:inbox", request.GET))


def _list(request: AuthedRequest) -> dict[str, Any]:
    now = timezone.now()
    form = InboxForm(request.GET)
    is_known = form.is_valid()
    filters = form.filters() if is_known else InboxFilters()
    tickets = due_tickets(request.user, filters=filters, at=now)
    page = _page(request, tickets if is_known else tickets.none())
    empty = nothing_matches("No due ticket matches", clear_url=reverse("tickets:inbox"))
    if not page.rows and is_known and not filters:
        empty = _nothing_due(request, now=now)
    table = inbox_table(request.user, now=now, today=timezone.localdate(now))
    return {
        "table": table.over(page.rows, params=request.GET, empty=empty),
        "due": count_due(tickets) if page.rows else 0,
        "counted": COUNTED,
        "filters": filters,
        "is_filtered": bool(filters) or not is_known,
        "teams": list(Team.objects.visible_to(request.user).of_kind(TeamKind.SUPPORT).for_choice()),
        "kinds": TicketKind.choices,
        "chips": _chips(request, filters),
        "next_url": _beside(request.GET, after=page.after),
        "previous_url": _beside(request.GET, before=page.before),
    }


def _page(request: AuthedRequest, tickets: TicketQuerySet) -> InboxPage:
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    try:
        return inbox_page(tickets, user=request.user, after=after, before=before)
    except BadCursor:  # an old link: begin at the newest
        return inbox_page(tickets, user=request.user, after="", before="")


def _beside(params: QueryDict, **cursor: str) -> str:
    """Where the page after or before this one is; empty where there is none."""
    return query.fresh_link(params, changes=cursor) if any(cursor.values()) else ""


def _chips(request: AuthedRequest, filters: InboxFilters) -> list[dict[str, Any]]:
    """What the inbox is narrowed to apart from its fields; a press takes it away."""
    chips = [
        ("overdue", "Overdue", filters.is_overdue),
        ("customer", "Unmatched", filters.customer == UNMATCHED),
    ]
    found = [
        {
            "label": label,
            "is_current": is_on,
            "url": query.fresh_link(
                request.GET,
                changes={name: None if is_on else {"overdue": 1, "customer": UNMATCHED}[name]},
            ),
        }
        for name, label, is_on in chips
    ]
    if filters.customer not in {"", UNMATCHED}:
        clear = query.fresh_link(request.GET, changes={"customer": None})
        name = _customer_name(request, int(filters.customer))
        found.append({"label": f"{name} ×", "is_current": True, "url": clear})
    return found


def _customer_name(request: AuthedRequest, pk: int) -> str:
    found = Customer.objects.visible_to(request.user).filter(pk=pk).first()
    return found.name if found else "Unknown customer"


def _nothing_due(request: AuthedRequest, *, now: datetime) -> Empty:
    """Why there is nothing to label: no ticket is here yet, or all are done."""
    if not has_tickets(request.user):
        return nothing_yet(
            "No tickets yet",
            text="Import the log of your helpdesk: its tickets stand here until they are labelled.",
            action_label="Import tickets",
            action_url=_import_url(request),
        )
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = answered_since(midnight, by=request.user)
    text = "New tickets come here as they arrive."
    if mine.last_at is not None:
        noun = "ticket" if mine.tickets == 1 else "tickets"
        last = duration(now - mine.last_at)
        text = f"You labelled {mine.tickets} {noun} today, the last {last} ago."
    return all_done("All labelled", text=text)


def _import_url(request: AuthedRequest) -> str:
    if not request.user.has_perm("imports.run_import"):
        return ""
    return reverse("imports:list")
