from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from insights.lists.drill_down import health_url
from insights.lists.queue import Queue
from insights.lists.renewals import call_badge, decision_cell, listed_health
from insights.lists.timeline import tell
from insights.queries.renewals import (
    RenewalSheet,
    contracts_of,
    decisions_of,
    renewals_for_sheet,
)
from insights.queries.timeline import timeline_of
from insights.views.clock import Clock, clock
from supportsuccess.lists import query
from supportsuccess.lists.pages import list_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.models import Renewal, User
    from accounts.requests import AuthedRequest


@require_GET
@permission_required("accounts.view_renewal", raise_exception=True)
def renewals(request: AuthedRequest) -> HttpResponse:
    queue = Queue(request.user, request.GET, now=timezone.now())
    time = Clock(queue.now, queue.ours)
    if request.htmx.target == "panel" and request.GET.get("peek"):
        return render(request, "insights/renewals.html#panel", _peeked(request, time=time))
    if request.htmx.target == "queue-summary":
        return render(request, "insights/renewals.html#summary", {"listing": queue})
    return list_page(request, queue, "insights/renewals.html", around=_peeked(request, time=time))


@require_GET
@permission_required("accounts.view_renewal", raise_exception=True)
def renewal(request: AuthedRequest, pk: int) -> HttpResponse:
    time = clock()
    found = _visible_renewal(pk, user=request.user)
    timeline = timeline_of(
        found.customer_id, user=request.user, kinds=(), cursor="", zone=time.ours.timezone
    )
    context = {
        "contracts": contracts_of(found, user=request.user),
        "decisions": decisions_of(found),
        "told": tell(timeline.events, now=time.now),
    }
    return render(request, "insights/renewal.html", context | _sheet(found, time=time))


def _peeked(request: AuthedRequest, *, time: Clock) -> dict[str, object]:
    peek = query.number_in(request.GET, "peek")
    if peek is None:
        return {}
    close_url = query.link(request.GET, changes={"peek": None})
    found = _visible_renewal(peek, user=request.user)
    return {"close_url": close_url, **_sheet(found, time=time)}


def _visible_renewal(pk: int, *, user: User) -> Renewal:
    return get_object_or_404(renewals_for_sheet().visible_to(user), pk=pk)


def _sheet(found: Renewal, *, time: Clock) -> dict[str, object]:
    queued, listed = getattr(found, "queued", None), getattr(found.customer, "listed", None)
    return {
        "sheet": RenewalSheet(found),
        "decision": decision_cell(queued, today=time.today) if queued else "",
        "call": call_badge(found.state),
        "health": listed_health(listed),
        "health_url": health_url(found.customer_id),
        "why": listed.change_sentence if listed else "",
        "currency": time.ours.currency,
        "now": time.now,
        "today": time.today,
    }
