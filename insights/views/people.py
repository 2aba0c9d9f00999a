from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.queries.organisation import our_organisation
from insights.queries.person import colleague_for

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import AuthedRequest


@require_GET
@permission_required("accounts.view_person", raise_exception=True)
def person(request: AuthedRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    context = {
        "colleague": colleague_for(request.user, found, at=timezone.now()),
        "currency": our_organisation().currency,
    }
    return render(request, "insights/person.html", context)
