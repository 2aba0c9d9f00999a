"""The label panel of the ticket that the helpdesk shows, opened from there by a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tickets.forms.links import LinkForm
from tickets.queries.links import linked_tickets, source_keys, source_named
from tickets.views.labels import panel_context, render_panel, save_answers
from tickets.views.places import Place, link_to

if TYPE_CHECKING:
    from accounts.requests import AuthedRequest

HELPDESK = Place("tickets:label_linked", QueryDict())


@require_http_methods(["GET", "POST"])
@permission_required("tickets.label_ticket", raise_exception=True)
def label_linked(request: AuthedRequest) -> HttpResponse:
    link = LinkForm(request.GET)
    if not link.is_valid():
        return render(request, "tickets/label_link_wrong.html", {"link": link}, status=400)
    source, name = link.cleaned_data["source"], link.cleaned_data["id"]
    found = linked_tickets(source=source, name=name, user=request.user)
    if not found:
        return _missing(request, source=source, name=name)
    if len(found) > 1:
        choices = [(link_to(ticket), ticket) for ticket in found]
        return render(request, "tickets/label_link_choice.html", {"name": name, "choices": choices})
    if request.method == "POST":
        return save_answers(request, found[0], place=HELPDESK)
    return render_panel(request, panel_context(request, found[0], place=HELPDESK))


def _missing(request: AuthedRequest, *, source: str, name: str) -> HttpResponse:
    """One answer to what has not come yet and to what is not this person's to see."""
    told_by = source_named(source)
    context = {
        "source": source,
        "name": name,
        "told_by": told_by,
        "keys": [] if told_by else source_keys(),
        "now": timezone.now(),
    }
    return render(request, "tickets/label_link_missing.html", context, status=404)
