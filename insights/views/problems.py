from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.queries.organisation import our_organisation
from insights.lists.problems import Problems, customers_url, state_badge
from insights.queries.problems import affected_by, history_of, newest_tickets
from supportsuccess.errors import Refused
from supportsuccess.lists import toasts
from supportsuccess.lists.pages import list_page
from tickets.actions import problems as actions
from tickets.forms.problems import ProblemForm
from tickets.models import Problem

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import AuthedRequest


@require_GET
@permission_required("tickets.view_ticket", raise_exception=True)
def problems(request: AuthedRequest) -> HttpResponse:
    listing = Problems(request.user, request.GET, now=timezone.now())
    return list_page(request, listing, "insights/problems.html")


@require_GET
@permission_required("tickets.view_ticket", raise_exception=True)
def problem(request: AuthedRequest, pk: int) -> HttpResponse:
    found, user = _problem(request, pk), request.user
    context = {
        "problem": found,
        "state": state_badge(found.state),
        "labels": [(dimension.label, value) for dimension, value in found.labels().items()],
        "affected": affected_by(found, user=user),
        "tickets": newest_tickets(found, user=user),
        "history": history_of(found),
        "customers_url": customers_url(pk),
        "currency": our_organisation().currency,
        "now": timezone.now(),
    }
    return render(request, "insights/problem.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("tickets.edit_problem", raise_exception=True)
def problem_new(request: AuthedRequest) -> HttpResponse:
    form = ProblemForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "GET" or not form.is_valid():
        return _render(request, form, status=422 if form.errors else 200)
    try:
        added = actions.add_problem(form.content(), by=request.user)
    except Refused as refusal:
        return _refused(request, form, refusal)
    toasts.done(request, f"“{added}” named. Link its tickets from their pages, or from the list.")
    return redirect("insights:problem", added.pk)


@require_http_methods(["GET", "POST"])
@permission_required("tickets.edit_problem", raise_exception=True)
def problem_edit(request: AuthedRequest, pk: int) -> HttpResponse:
    found = _problem(request, pk)
    given = request.POST if request.method == "POST" else None
    form = ProblemForm(given, user=request.user, problem=found)
    if request.method == "GET" or not form.is_valid():
        return _render(request, form, problem=found, status=422 if form.errors else 200)
    try:
        seen = form.cleaned_data["seen"] or 0
        said = form.content()
        actions.change_problem(found, said, seen=seen, by=request.user, at=timezone.now())
    except Refused as refusal:
        return _refused(request, form, refusal, problem=found)
    toasts.done(request, f"“{found}” changed, and what its tickets inherit.")
    return redirect("insights:problem", pk)


def _problem(request: AuthedRequest, pk: int) -> Problem:
    return get_object_or_404(Problem.objects.visible_to(request.user).with_labels(), pk=pk)


def _refused(
    request: AuthedRequest, form: ProblemForm, refusal: Refused, *, problem: Problem | None = None
) -> HttpResponse:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    return _render(request, form, problem=problem, status=409)


def _render(
    request: AuthedRequest, form: ProblemForm, *, problem: Problem | None = None, status: int
) -> HttpResponse:
    context = {"form": form, "problem": problem}
    return render(request, "insights/problem_form.html", context, status=status)
