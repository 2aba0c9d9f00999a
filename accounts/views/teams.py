from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.lists.teams import Teams
from accounts.models import Membership, Team
from supportsuccess.lists import query
from supportsuccess.lists.pages import list_page

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from accounts.requests import AuthedRequest

PANEL = "panel"


@require_GET
@permission_required("accounts.view_person", raise_exception=True)
def teams(request: AuthedRequest) -> HttpResponse:
    now = timezone.now()
    panel = _panel(request, now=now)
    if panel and request.htmx.target == PANEL:
        return render(request, "accounts/teams.html#panel", panel)
    listing = Teams(request.user, request.GET, now=now)
    return list_page(request, listing, "accounts/teams.html", around=panel)


def _panel(request: AuthedRequest, *, now: datetime) -> dict[str, Any]:
    """The people of the team that the URL has open."""
    asked = query.number_in(request.GET, "peek")
    if asked is None:
        return {}
    team = get_object_or_404(Team.objects.visible_to(request.user), pk=asked)
    members = Membership.objects.visible_to(request.user).at(now).of_team(team)
    return {
        "team": team,
        "members": members,
        "sets_chat": Team.objects.chat_set_by(request.user).filter(pk=team.pk).exists(),
        "close_url": query.link(request.GET, changes={"peek": None}),
    }
