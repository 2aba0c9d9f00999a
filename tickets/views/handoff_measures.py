from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from supportsuccess.lists.periods import Period
from supportsuccess.lists.toolbar import Chip
from tickets.lists.handoff_measures import (
    DEFINITIONS,
    OFFERING,
    RECEIVING,
    side_of,
)
from tickets.queries.handoff_measures import measures_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import AuthedRequest

PERIODS = {"30": 30, "90": 90, "365": 365}
USUAL = "90"


@require_GET
@permission_required("tickets.view_handoff", raise_exception=True)
def handoff_measures(request: AuthedRequest) -> HttpResponse:
    now = timezone.now()
    asked = request.GET.get("days", USUAL)
    asked = asked if asked in PERIODS else USUAL
    period = Period(now - timedelta(days=PERIODS[asked]), now)
    sides = zip(
        (RECEIVING, OFFERING), measures_of(request.user, period=period, at=now), strict=True
    )
    context = {
        "chips": [
            Chip(label=f"{days} days", url=f"?days={days}", is_current=days == asked)
            for days in PERIODS
        ],
        "sides": [side_of(side, figures, period=period) for side, figures in sides if figures],
        "definitions": DEFINITIONS,
    }
    return render(request, "tickets/handoff_measures.html", context)
