from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from supportsuccess.lists import query
from supportsuccess.lists.pages import list_page
from tickets.lists.inbox import Inbox
from tickets.lists.tickets import TicketList
from tickets.models import Ticket
from tickets.views.labels import PANEL, panel_context
from tickets.views.places import Place

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import AuthedRequest


@require_GET
@permission_required("tickets.view_ticket", raise_exception=True)
def inbox(request: AuthedRequest) -> HttpResponse:
    return _tickets(request, Inbox)


@require_GET
@permission_required("tickets.view_ticket", raise_exception=True)
def tickets(request: AuthedRequest) -> HttpResponse:
    return _tickets(request, TicketList)


def _tickets(request: AuthedRequest, declared: type[TicketList]) -> HttpResponse:
    listing = declared(request.user, request.GET, now=timezone.now())
    panel = _panel(request, listing)
    if panel and request.htmx.target == PANEL:
        return render(request, "tickets/label.html#panel", panel)
    return list_page(request, listing, "tickets/tickets.html", around=panel)


def _panel(request: AuthedRequest, listing: TicketList) -> dict[str, Any]:
    """The label panel of the ticket that the URL has open."""
    asked = query.number_in(request.GET, "peek")
    if asked is None or not request.user.has_perm("tickets.label_ticket"):
        return {}
    visible = Ticket.objects.visible_to(request.user).for_panel()
    ticket = get_object_or_404(visible, pk=asked)
    return panel_context(request, ticket, place=Place(listing.url, request.GET))
