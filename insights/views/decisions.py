from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import (
    HttpResponseClientRedirect,
    reswap,
    retarget,
    trigger_client_event,
)

from accounts.actions import renewals as actions
from accounts.models import Call, Renewal, RenewalDecision
from insights.actions.queue import refresh_queue
from insights.forms.renewals import (
    DecisionForm,
    NextStepForm,
    RenewalForm,
    SnoozeForm,
    what_it_says,
)
from insights.lists.conflicts import who_was_faster
from insights.lists.queue import Queue
from insights.models import QueuedRenewal
from insights.queries.queue import QueueRow
from insights.views.clock import Clock, clock
from supportsuccess.errors import Refused
from supportsuccess.lists import query, toasts
from supportsuccess.lists.cells import day_text
from supportsuccess.lists.table import rows_of
from supportsuccess.referrer import referring_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from accounts.requests import AuthedRequest

IN_ROW = ("", "row")


@dataclass(frozen=True, kw_only=True)
class Change:
    """One way of changing a renewal: what its form says, and what a valid one does."""

    title: str
    submit: str
    form: type[RenewalForm]
    # does it, and says what was done and where that can be undone
    act: Callable[[AuthedRequest, Renewal, dict[str, Any]], tuple[str, str]]
    # raises Refused for a renewal that it is no use filling the form in for
    refuse: Callable[[Renewal, date], None] = lambda _renewal, _day: None


@require_http_methods(["GET", "POST"])
@permission_required("accounts.decide_renewal", raise_exception=True)
def decide(request: AuthedRequest, pk: int, *, call: Call) -> HttpResponse:
    change = Change(
        title=f"{call.label}: what happens next?",
        submit=call.label,
        form=DecisionForm if call == Call.ON_TRACK else NextStepForm,
        act=lambda request, renewal, said: _decide(request, renewal, said, call=call),
        refuse=lambda renewal, day: actions.refuse_late_monitor(renewal, call=call, day=day),
    )
    return _answer(request, pk, change)


@require_http_methods(["GET", "POST"])
@permission_required("accounts.decide_renewal", raise_exception=True)
def next_step(request: AuthedRequest, pk: int) -> HttpResponse:
    change = Change(
        title="What happens next?", submit="Set next step", form=NextStepForm, act=_set_next_step
    )
    return _answer(request, pk, change)


@require_http_methods(["GET", "POST"])
@permission_required("accounts.decide_renewal", raise_exception=True)
def snooze(request: AuthedRequest, pk: int) -> HttpResponse:
    change = Change(title="Snooze until when?", submit="Snooze", form=SnoozeForm, act=_snooze)
    return _answer(request, pk, change)


@require_POST
@permission_required("accounts.decide_renewal", raise_exception=True)
def undo(request: AuthedRequest, pk: int) -> HttpResponse:
    seen = RenewalDecision.objects.visible_to(request.user).select_related("renewal__customer")
    decision = get_object_or_404(seen, pk=pk)
    time = clock()
    try:
        actions.undo_decision(decision, by=request.user, at=time.now)
    except Refused as refusal:
        toasts.refused(request, refusal.message)
    else:
        refresh_queue([decision.renewal.customer_id], at=time.now)
        toasts.done(request, f"{decision.renewal.customer}: taken back")
    return redirect(referring_page(request) or decision.renewal)


@require_POST
@permission_required("accounts.decide_renewal", raise_exception=True)
def wake(request: AuthedRequest, pk: int) -> HttpResponse:
    renewal = get_object_or_404(Renewal.objects.visible_to(request.user), pk=pk)
    time = clock()
    try:
        actions.wake_renewal(renewal, version=renewal.version, by=request.user)
    except Refused as refusal:
        toasts.refused(request, refusal.message)
    else:
        refresh_queue([renewal.customer_id], at=time.now)
        toasts.done(request, "Back on the queue")
    return redirect(referring_page(request) or renewal)


def changed(request: AuthedRequest, renewal: Renewal, *, place: str, time: Clock) -> HttpResponse:
    """After a change: the row where one stands in the list, else the page again."""
    if not request.htmx:
        return redirect(renewal)
    if place not in IN_ROW:
        return HttpResponseClientRedirect(
            request.htmx.current_url_abs_path or renewal.get_absolute_url()
        )
    queued = QueuedRenewal.objects.visible_to(request.user).filter(renewal=renewal)
    state = query.of_page(request)
    queue = Queue(request.user, state, now=time.now)
    rows = rows_of(QueueRow, queue.with_columns(queued))
    response = HttpResponse(queue.arranged.standing().over(rows, params=state).rows)
    retarget(response, f"tr[data-row='{renewal.pk}']")
    trigger_client_event(response, "dialog:close", {})
    trigger_client_event(response, "renewals-changed", {})
    return reswap(response, "outerHTML")


def _answer(request: AuthedRequest, pk: int, change: Change) -> HttpResponse:
    seen = Renewal.objects.visible_to(request.user).select_related("customer")
    renewal = get_object_or_404(seen, pk=pk)
    time = clock()
    if request.method == "GET":
        return _ask(request, renewal, change=change, time=time)
    form = change.form(request.POST)
    if not form.is_valid():
        return _show(request, renewal, change=change, form=form, status=422)
    try:
        words, undo_url = change.act(request, renewal, form.cleaned_data)
    except actions.ChangedMeanwhile:
        renewal.refresh_from_db(from_queryset=seen)
        form = form.on_top_of(renewal)
        form.add_error(None, who_was_faster(renewal, user=request.user, now=time.now))
        return _show(request, renewal, change=change, form=form, status=409)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _show(request, renewal, change=change, form=form, status=409)
    refresh_queue([renewal.customer_id], at=time.now)
    toasts.done(request, f"{renewal.customer}: {words}", undo_url=undo_url)
    return changed(request, renewal, place=form.cleaned_data["place"], time=time)


def _ask(request: AuthedRequest, renewal: Renewal, *, change: Change, time: Clock) -> HttpResponse:
    try:
        change.refuse(renewal, time.now.date())
    except Refused as refusal:
        toasts.refused(request, refusal.message)
        return HttpResponse(status=204) if request.htmx else redirect(renewal)
    place = request.GET.get("place", "")
    form = change.form(initial=what_it_says(renewal, place=place, day=time.today))
    return _show(request, renewal, change=change, form=form)


def _show(
    request: AuthedRequest,
    renewal: Renewal,
    *,
    change: Change,
    form: RenewalForm,
    status: int = 200,
) -> HttpResponse:
    context = {
        "renewal": renewal,
        "form": form,
        "title": change.title,
        "submit": change.submit,
        "action": request.path,
        "today": clock().today,
    }
    part = "#form" if request.htmx else ""
    return render(request, f"insights/renewal_form.html{part}", context, status=status)


def _decide(
    request: AuthedRequest, renewal: Renewal, said: dict[str, Any], *, call: Call
) -> tuple[str, str]:
    decision = actions.decide_renewals(
        {renewal.pk: said["version"]},
        call=call,
        next_step=said["next_step"],
        next_step_on=said["next_step_on"],
        by=request.user,
        at=timezone.now(),
    )[0]
    return call.label.lower(), reverse("insights:decision_undo", args=[decision.pk])


def _set_next_step(
    request: AuthedRequest, renewal: Renewal, said: dict[str, Any]
) -> tuple[str, str]:
    actions.set_next_step(
        renewal,
        version=said["version"],
        next_step=said["next_step"],
        next_step_on=said["next_step_on"],
        by=request.user,
        at=timezone.now(),
    )
    return "next step noted", ""


def _snooze(request: AuthedRequest, renewal: Renewal, said: dict[str, Any]) -> tuple[str, str]:
    actions.snooze_renewal(
        renewal,
        version=said["version"],
        until=said["until"],
        by=request.user,
        at=timezone.now(),
    )
    words = f"snoozed until {day_text(said['until'])}"
    return words, reverse("insights:renewal_wake", args=[renewal.pk])
