from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Team
from supportsuccess.errors import Refused
from supportsuccess.lists import toasts
from supportsuccess.lists.pages import list_page
from tickets.actions.label_reviews import declare_labelling_time, give_second_answers
from tickets.forms.label_quality import LabellingTimeForm, SecondLabelForm
from tickets.lists.label_pairs import LabelPairs
from tickets.lists.label_quality import agreed_lines, tax_lines, usual_lines
from tickets.models import MOST_SECONDS, Ticket
from tickets.queries.agreement import FEWEST_PAIRS
from tickets.queries.label_coverage import COVERED_DAYS
from tickets.queries.label_quality import FEWEST_MEMBERS, WEEKS, agreement_by_dimension
from tickets.queries.label_reviews import SAMPLED, waiting_for
from tickets.queries.labels import last_words, taxonomy_for

if TYPE_CHECKING:
    from accounts.requests import AuthedRequest

VIEW = "tickets.view_label_coverage"
LABEL = "tickets.label_ticket"
AGREEMENT_COLUMNS = ("dimension", "pairs", "alike", "raw", "ac1", "kappa", "prevalence")


@require_GET
@permission_required(VIEW, raise_exception=True)
def label_quality(request: AuthedRequest) -> HttpResponse:
    now, user = timezone.now(), request.user
    context = {
        "usual": list(usual_lines(user, at=now)),
        "agreed": list(agreed_lines(user, at=now)),
        "tax": list(tax_lines(user, at=now)),
        "days": COVERED_DAYS,
        "weeks": WEEKS,
        "sampled": SAMPLED,
        "fewest": FEWEST_PAIRS,
        "fewest_members": FEWEST_MEMBERS,
        "most_seconds": MOST_SECONDS,
    }
    return render(request, "tickets/label_quality.html", context)


@require_GET
@permission_required(VIEW, raise_exception=True)
def label_pairs(request: AuthedRequest) -> HttpResponse:
    listing = LabelPairs(request.user, request.GET, now=timezone.now())
    return list_page(request, listing, "tickets/label_pairs.html")


@require_GET
@permission_required(VIEW, raise_exception=True)
def agreement_file(request: AuthedRequest) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="label-agreement.csv"'}
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.DictWriter(response, AGREEMENT_COLUMNS, extrasaction="ignore")
    writer.writeheader()
    for agreed in agreement_by_dimension(request.user, at=timezone.now()):
        figures = agreed.figures._asdict() if agreed.figures else {}
        writer.writerow({"dimension": agreed.dimension.value, "pairs": agreed.pairs} | figures)
    return response


@require_POST
@permission_required("tickets.set_label_rules", raise_exception=True)
def labelling_time(request: AuthedRequest, pk: int) -> HttpResponse:
    team = get_object_or_404(Team.objects.visible_to(request.user), pk=pk)
    form = LabellingTimeForm(request.POST)
    if form.is_valid():
        declare_labelling_time(team, seconds=form.cleaned_data["seconds"], by=request.user)
        toasts.done(request, f"{team}: time saved.")
    else:
        toasts.refused(request, f"Write whole seconds, up to {MOST_SECONDS}.")
    return redirect("tickets:label_quality")


@require_GET
@permission_required(LABEL, raise_exception=True)
def second(request: AuthedRequest) -> HttpResponse:
    """The next ticket whose answers are asked for twice."""
    following = waiting_for(request.user, at=timezone.now()).first()
    if following is None:
        return render(request, "tickets/label_second_done.html", {"sampled": SAMPLED})
    return redirect("tickets:label_second_of", pk=following.pk)


@require_http_methods(["GET", "POST"])
@permission_required(LABEL, raise_exception=True)
def second_of(request: AuthedRequest, pk: int) -> HttpResponse:
    waiting = waiting_for(request.user, at=timezone.now())
    ticket = get_object_or_404(waiting.for_panel(), pk=pk)
    taxonomy = taxonomy_for(ticket, user=request.user)
    form = SecondLabelForm(
        request.POST if request.method == "POST" else None,
        taxonomy=type(taxonomy)(taxonomy.values, {}),
    )
    if request.method == "GET" or not form.is_valid():
        return _render_second(request, ticket, form, status=422 if form.errors else 200)
    try:
        answers = form.answers()
        give_second_answers(ticket, answers=answers, by=request.user, at=timezone.now())
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render_second(request, ticket, form, status=409)
    toasts.done(request, f"{ticket.number} answered a second time.")
    return redirect(reverse("tickets:label_second"))


def _render_second(
    request: AuthedRequest, ticket: Ticket, form: SecondLabelForm, *, status: int
) -> HttpResponse:
    context = {
        "ticket": ticket,
        "form": form,
        "messages_shown": last_words(ticket, user=request.user),
        "now": timezone.now(),
    }
    return render(request, "tickets/label_second.html", context, status=status)
