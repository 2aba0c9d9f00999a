from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from supportsuccess.errors import Refused
from supportsuccess.lists import toasts
from tickets.jobs.suggestions import start_training
from tickets.lists.suggestions import references_told, told
from tickets.queries.suggestions import known_of_models
from tickets.suggestions.figures import FEWEST_LABELS, PRECISION
from tickets.suggestions.reference import TAKEN_ON

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import AuthedRequest

TRAIN_SUGGESTIONS = "tickets.train_suggestions"


@require_GET
@permission_required(TRAIN_SUGGESTIONS, raise_exception=True)
def suggestions(request: AuthedRequest) -> HttpResponse:
    context = {
        "dimensions": told(known_of_models(user=request.user)),
        "references": references_told(),
        "taken_on": TAKEN_ON,
        "fewest": FEWEST_LABELS,
        "precision": PRECISION,
        "now": timezone.now(),
    }
    return render(request, "tickets/suggestions.html", context)


@require_POST
@permission_required(TRAIN_SUGGESTIONS, raise_exception=True)
def train(request: AuthedRequest) -> HttpResponse:
    try:
        job = start_training(by=request.user)
    except Refused as refusal:
        toasts.refused(request, refusal.message)
        return redirect("tickets:suggestions")
    return redirect(job)
