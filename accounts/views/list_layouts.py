from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.actions import list_layouts as actions
from accounts.forms.list_layouts import LayoutForm
from supportsuccess.lists import query, toasts
from supportsuccess.lists.layouts import ASKED, Layout
from supportsuccess.lists.listing import declared_lists

if TYPE_CHECKING:
    from accounts.requests import AuthedRequest

NOT_THESE = "The list has other columns than these: choose again."


@require_POST
def list_layout(request: AuthedRequest, list_name: str) -> HttpResponse:
    declared = declared_lists().get(list_name)
    if declared is None:
        raise Http404
    state = QueryDict(request.POST.get("state", ""))
    listing = declared(request.user, state, now=timezone.now())
    columns = listing.declared.columns
    form = LayoutForm(request.POST, columns=columns)
    layout = Layout(columns)
    if "reset" in request.POST:
        actions.forget_layout(list_name, by=request.user)
    elif form.is_valid():
        layout = Layout(columns, form.chosen)
        actions.arrange_list(
            list_name,
            columns=[] if layout.is_usual else [column.name for column in layout.shown],
            density=form.cleaned_data["density"],
            by=request.user,
        )
    else:
        toasts.refused(request, NOT_THESE)
    asked = query.link(state, changes={ASKED: layout.query})
    return redirect(listing.path + asked.removesuffix("?"))
