from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tickets.lists.label_coverage import coverage_chart, tickets_url
from tickets.queries.label_coverage import COVERED_DAYS, coverage_for

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import AuthedRequest


@require_GET
@permission_required("tickets.view_label_coverage", raise_exception=True)
def label_coverage(request: AuthedRequest) -> HttpResponse:
    coverage = coverage_for(request.user, at=timezone.now())
    context = {
        "coverage": coverage,
        "chart": coverage_chart(coverage),
        "days": COVERED_DAYS,
        "due_url": tickets_url(coverage, learning="due"),
        "all_url": tickets_url(coverage),
    }
    return render(request, "tickets/label_coverage.html", context)
