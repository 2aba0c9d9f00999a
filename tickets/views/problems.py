from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from supportsuccess.errors import Refused
from supportsuccess.lists import toasts
from tickets.actions import problems as actions
from tickets.actions.problems import ProblemContent
from tickets.forms.problems import LinkedForm
from tickets.models import Problem, Ticket

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import AuthedRequest

OFFERED = 7
PARTS = {"dialog": "#form", "problem-choices": "#choices"}


@require_http_methods(["GET", "POST"])
@permission_required("tickets.label_ticket", raise_exception=True)
def link(request: AuthedRequest, pk: int) -> HttpResponse:
    seen = Ticket.objects.visible_to(request.user).select_related("problem")
    ticket = get_object_or_404(seen, pk=pk)
    if request.method == "GET":
        return _offer(request, ticket)
    form = LinkedForm(request.POST)
    if not form.is_valid():
        return _offer(request, ticket, wrong="Choose one of those shown.", status=422)
    try:
        problem = _link(request, ticket, form)
    except Refused as refusal:
        return _offer(request, ticket, wrong=refusal.message, status=409)
    undo_url = "" if ticket.problem else reverse("tickets:problem_unlink", args=[pk])
    toasts.done(request, f"{ticket.number} linked to “{problem}”", undo_url=undo_url)
    url = ticket.get_absolute_url()
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


@require_POST
@permission_required("tickets.label_ticket", raise_exception=True)
def unlink(request: AuthedRequest, pk: int) -> HttpResponse:
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=pk)
    try:
        actions.unlink_tickets([ticket], by=request.user, at=timezone.now())
        toasts.done(request, f"{ticket.number} is linked to no problem now.")
    except Refused as refusal:
        toasts.refused(request, refusal.message)
    return redirect(ticket)


@transaction.atomic
def _link(request: AuthedRequest, ticket: Ticket, form: LinkedForm) -> Problem:
    """Link it to the problem chosen, or to a new one of this title. Raises Refused."""
    problem = _chosen(request, form)
    actions.link_tickets([ticket], problem=problem, by=request.user, at=timezone.now())
    return problem


def _chosen(request: AuthedRequest, form: LinkedForm) -> Problem:
    if chosen := form.cleaned_data["problem"]:
        return get_object_or_404(Problem.objects.visible_to(request.user), pk=chosen)
    title = form.cleaned_data["title"]
    if not title:
        raise Refused("Choose a problem, or type what to call a new one.")
    if not request.user.has_perm("tickets.edit_problem"):
        raise PermissionDenied
    return actions.add_problem(ProblemContent(title), by=request.user)


def _offer(
    request: AuthedRequest, ticket: Ticket, *, wrong: str = "", status: int = 200
) -> HttpResponse:
    text = request.GET.get("title", request.POST.get("title", "")).strip()
    problems = Problem.objects.visible_to(request.user)
    found = problems.matching(text) if text else problems
    context = {
        "ticket": ticket,
        "text": text,
        "problems": list(found.likely_for(ticket)[:OFFERED]),
        "can_add": request.user.has_perm("tickets.edit_problem"),
        "wrong": wrong,
    }
    part = PARTS.get(request.htmx.target or "", "")
    return render(request, f"tickets/problem_link.html{part}", context, status=status)
