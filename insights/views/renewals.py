from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.models import OPEN_RENEWAL_STATES, Band, RenewalState, Segment
from insights.lists.renewals import call_badge, decision_cell, listed_health, queue_table
from insights.lists.timeline import tell
from insights.models import Section
from insights.queries import queue as queries
from insights.queries.queue import (
    BY_PRIORITY,
    CLEARED,
    DUE,
    EVERYONE,
    MINE,
    NOBODY,
    TO_DO,
    QueueFilters,
    QueueRow,
    Summary,
)
from insights.queries.renewals import renewal_sheet, renewals_for_sheet
from insights.queries.timeline import timeline_of
from insights.views.clock import Clock, clock
from supportsuccess.lists import empty, query
from supportsuccess.lists.keyset import BadCursor
from supportsuccess.lists.table import page_of

if TYPE_CHECKING:
    from django.http import HttpResponse, QueryDict

    from accounts.models import Renewal, User
    from accounts.requests import AuthedRequest
    from supportsuccess.lists.empty import Empty

VIEW_LABELS = {
    TO_DO: "To do",
    DUE: "Due",
    Section.NOTICE: "Notice received",
    Section.DECIDE: "Decide now",
    Section.LATER: "Later",
    CLEARED: "Cleared",
    Section.LOCKED: "Locked",
}
OWNER_LABELS = {MINE: "Mine", EVERYONE: "Everyone's", NOBODY: "Nobody's"}


@require_GET
@permission_required("accounts.view_renewal", raise_exception=True)
def renewals(request: AuthedRequest) -> HttpResponse:
    time = clock()
    if request.htmx.target == "panel" and request.GET.get("peek"):
        return render(request, "insights/renewals.html#panel", _peeked(request, time=time))
    filters = queries.read_filters(request.GET, user=request.user)
    rows = queries.queue(filters, user=request.user, at=time.now, day=time.today)
    summary = queries.summary(rows)
    context = _head(filters, summary=summary, params=request.GET, time=time)
    if request.htmx.target == "queue-summary":
        return render(request, "insights/renewals.html#summary", context)
    try:
        page = page_of(
            QueueRow,
            queries.for_list(queries.in_view(rows, filters)),
            keyset=BY_PRIORITY,
            cursor=request.GET.get("cursor", ""),
        )
    except BadCursor:
        return redirect(request.path + query.link(request.GET, changes={"cursor": None}))
    table = queue_table(
        request.user, currency=time.ours.currency, now=time.now, today=time.today
    ).over(page.rows, params=request.GET, empty=_empty(filters, summary, params=request.GET))
    next_url = query.link(request.GET, changes={"cursor": page.next_cursor, "peek": None})
    context |= {"table": table, "next_url": next_url if page.next_cursor else ""}
    if request.htmx.target == "queue-list":
        return render(request, "insights/renewals.html#list", context)
    return render(request, "insights/renewals.html", context | _peeked(request, time=time))


@require_GET
@permission_required("accounts.view_renewal", raise_exception=True)
def renewal(request: AuthedRequest, pk: int) -> HttpResponse:
    time = clock()
    found = _visible_renewal(pk, user=request.user)
    timeline = timeline_of(
        found.customer_id, user=request.user, kinds=(), cursor="", zone=time.ours.timezone
    )
    context = _sheet(found, user=request.user, time=time)
    context["told"] = tell(timeline.events, now=time.now)
    return render(request, "insights/renewal.html", context)


def _head(
    filters: QueueFilters, *, summary: Summary, params: QueryDict, time: Clock
) -> dict[str, object]:
    return {
        "filters": filters,
        "summary": summary,
        "shown": summary.of(filters.view),
        "shown_label": VIEW_LABELS[filters.view],
        "currency": time.ours.currency,
        "now": time.now,
        "today": time.today,
        "views": [
            {
                "label": label,
                "url": query.fresh_link(params, changes={"view": view or None}),
                "is_current": filters.view == view,
                "count": summary.of(view).count,
            }
            for view, label in VIEW_LABELS.items()
        ],
        "owners": [
            {
                "label": label,
                "url": query.fresh_link(params, changes={"owner": owner}),
                "is_current": filters.owner == owner,
                "count": None,
            }
            for owner, label in OWNER_LABELS.items()
        ],
        "segments": Segment.choices,
        "bands": Band.choices,
        "states": [(state, RenewalState(state).label) for state in OPEN_RENEWAL_STATES],
        "not_at_stake_url": query.fresh_link(params, changes={"at_stake": None}),
        "cleared_url": query.fresh_link(params, changes={"view": CLEARED}),
    }


def _peeked(request: AuthedRequest, *, time: Clock) -> dict[str, object]:
    peek = request.GET.get("peek", "")
    if not (peek.isascii() and peek.isdigit()):
        return {}
    close_url = query.link(request.GET, changes={"peek": None})
    found = _visible_renewal(int(peek[:18]), user=request.user)
    return {"close_url": close_url, **_sheet(found, user=request.user, time=time)}


def _visible_renewal(pk: int, *, user: User) -> Renewal:
    return get_object_or_404(renewals_for_sheet().visible_to(user), pk=pk)


def _sheet(found: Renewal, *, user: User, time: Clock) -> dict[str, object]:
    queued, listed = getattr(found, "queued", None), getattr(found.customer, "listed", None)
    return {
        "sheet": renewal_sheet(found, user=user),
        "decision": decision_cell(queued, today=time.today) if queued else "",
        "call": call_badge(found.state),
        "health": listed_health(listed),
        "why": listed.change_sentence if listed else "",
        "currency": time.ours.currency,
        "now": time.now,
        "today": time.today,
    }


def _empty(filters: QueueFilters, summary: Summary, *, params: QueryDict) -> Empty:
    if filters.view == TO_DO and summary.cleared_of_due:
        return empty.all_done(
            "Nothing left to decide",
            text=f"{summary.cleared_of_due} of {summary.due} are cleared; they come back on the day"
            " of their next step.",
        )
    if filters.are_set:
        return empty.nothing_matches("No renewal matches", clear_url=f"?owner={filters.owner}")
    if filters.owner != EVERYONE:
        return empty.nothing_yet(
            "No renewal here is decided within 180 days",
            text="Those of the others may be.",
            action_label="Show everyone's",
            action_url=query.fresh_link(params, changes={"owner": EVERYONE}),
        )
    return empty.nothing_yet(
        "No renewal is decided within 180 days",
        text="Renewals come from contracts: bring them as a file of customers and contracts.",
        action_label="Import customers",
        action_url=f"{reverse('imports:new')}?format=customers",
    )
