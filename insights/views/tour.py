from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import login
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.queries.organisation import our_organisation
from insights.queries.tour import stops, walkers
from supportsuccess.lists import toasts

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import AuthedRequest


@require_GET
def tour(request: AuthedRequest) -> HttpResponse:
    _require_demo()
    try:
        found = stops()
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    people = walkers()
    by_address = {person.email.partition("@")[0]: person for person in people}
    context = {
        "stops": [(stop, by_address.get(stop.walker)) for stop in found],
        "walkers": people,
    }
    return render(request, "insights/tour.html", context)


@require_POST
def walk_as(request: AuthedRequest, pk: int) -> HttpResponse:
    """Take the place of one of the demo's people; of nobody, and nowhere, else."""
    _require_demo()
    person = get_object_or_404(User, pk__in=[walker.pk for walker in walkers()], pk=pk)
    login(request, person, backend="accounts.backends.RoleBackend")
    toasts.done(request, f"You are {person.name} now, {person.get_role_display().lower()}")
    return redirect(_stop_url(request))


def _require_demo() -> None:
    if not our_organisation().is_demo:
        raise Http404


def _stop_url(request: AuthedRequest) -> str:
    """The stop that was chosen, when it is one; else the tour."""
    asked = request.POST.get("next", "")
    try:
        return asked if asked in {stop.url for stop in stops()} else "insights:tour"
    except ObjectDoesNotExist:
        return "insights:tour"
