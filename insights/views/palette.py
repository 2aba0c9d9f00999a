from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from insights.queries.palette import groups_for, read_text

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import AuthedRequest

OPTIONS = "palette-options"


@require_GET
def palette(request: AuthedRequest) -> HttpResponse:
    text = read_text(request.GET.get("q", ""))
    context = {"text": text, "groups": groups_for(request.user, text=text)}
    part = "#options" if request.htmx.target == OPTIONS else ""
    return render(request, f"insights/palette.html{part}", context)
